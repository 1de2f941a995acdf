import { Show, createMemo } from 'solid-js';
import type { JSX } from 'solid-js';
import type { ConversationEntity, IterationEntity } from '../../protocol/tab/conversation-model.ts';
import type { ProducerKey } from '../../protocol/tab/keys.ts';
import { BodyText } from '../bodies/body-text.tsx';
import { plainText } from '../bodies/plain-text.ts';
import { countOf } from '../format/count.ts';
import { StateGlyph } from '../glyphs/state-glyph.tsx';
import { costText } from './conversation-words.ts';
import { ToolRequests } from './tool-requests.tsx';

/** One answer of a model: what it said, what it asked for, and what that cost; while it is made, what has come of it so far. */
export function AnswerCard(props: {
  iteration: IterationEntity;
  conversation: ConversationEntity | undefined;
  producer: ProducerKey;
}): JSX.Element {
  const isRunning = (): boolean => props.iteration.state === 'running';
  const isSilent = (): boolean =>
    !isRunning() && props.iteration.response === undefined && props.iteration.toolRequests.length === 0;
  return (
    <article class="card" data-role="answer" data-state={props.iteration.state}>
      <header class="card-head">
        <Show when={isRunning()}>
          <StateGlyph state="running" />
        </Show>
        <b>{props.conversation?.agentRole ?? 'model'}</b>
        <span>iteration {props.iteration.iterationIndex + 1}</span>
        <span class="card-cost">{isRunning() ? 'answering' : costText(props.iteration)}</span>
      </header>
      <Show when={isRunning()}>
        <Streaming conversation={props.conversation} />
      </Show>
      <Show when={props.iteration.response}>
        {(response) => <BodyText body={response()} producer={props.producer} />}
      </Show>
      <ToolRequests requests={props.iteration.toolRequests} producer={props.producer} />
      <Show when={isSilent()}>
        <p class="card-note">
          {props.iteration.state === 'ended' ? 'The run ended before an answer came.' : 'no text'}
        </p>
      </Show>
    </article>
  );
}

/** Text as it comes, with a caret at its end; nothing else on the page changes with it. */
function Streaming(props: { conversation: ConversationEntity | undefined }): JSX.Element {
  const text = createMemo(() => plainText(props.conversation?.streaming ?? ''));
  const skipped = (): number => props.conversation?.streamingSkippedChars ?? 0;
  return (
    <div class="body-text">
      <Show when={skipped() > 0}>
        <p class="body-note">{countOf(skipped(), 'character')} before this</p>
      </Show>
      <pre>
        {text()}
        <span class="caret" aria-hidden="true" />
      </pre>
    </div>
  );
}
