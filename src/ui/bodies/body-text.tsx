import { Index, Show, createMemo, createSignal } from 'solid-js';
import type { JSX } from 'solid-js';
import type { Body } from '../../protocol/tab/body.ts';
import type { ProducerKey } from '../../protocol/tab/keys.ts';
import { groupDigits } from '../format/count.ts';
import { useHub } from '../hub/hub-context.tsx';
import { plainText } from './plain-text.ts';
import { isRightToLeft, linesOf, textBlocks } from './text-blocks.ts';
import './body-text.css';

/** The height of a line, px; see the sheet. */
const LINE_PX = 18;

/**
 * What an agent or a tool said, as text and nothing else: no markup is made of it. A long one shows its beginning, says how much there is, and is
 * fetched when somebody asks.
 */
export function BodyText(props: {
  body: Body;
  producer: ProducerKey;
  /** How the whole text is laid out, once all of it is here (JSON, say); a beginning is shown as it is. */
  layOut?: (text: string) => string;
}): JSX.Element {
  const hub = useHub();
  const [whole, setWhole] = createSignal<{ ref: string; text: string }>();
  const [isGone, setGone] = createSignal(false);
  const text = (): string => {
    const loaded = whole();
    return loaded !== undefined && loaded.ref === props.body.ref ? loaded.text : props.body.text;
  };
  const isCut = (): boolean => text().length < props.body.totalChars;
  const shown = createMemo(() => plainText(isCut() ? text() : (props.layOut?.(text()) ?? text())));

  async function showAll(ref: string): Promise<void> {
    const answer = await hub.order(async (api) => ({ text: await api.read(props.producer, ref) }));
    if (answer === undefined) return;
    if (answer.text === undefined) setGone(true);
    else setWhole({ ref, text: answer.text });
  }

  return (
    <div class="body-text">
      <Index each={textBlocks(shown())}>
        {(block) => (
          <pre
            data-bidi={isRightToLeft(block())}
            style={{ 'contain-intrinsic-height': `auto ${linesOf(block()) * LINE_PX}px` }}
          >
            {block()}
          </pre>
        )}
      </Index>
      <Show when={isCut() && props.body.ref}>
        {(ref) => (
          <Show when={!isGone()} fallback={<p class="body-note">The rest is not kept any more.</p>}>
            <button type="button" class="button button-quiet" onClick={() => void showAll(ref())}>
              Show all ({groupDigits(props.body.totalChars)} characters)
            </button>
          </Show>
        )}
      </Show>
    </div>
  );
}
