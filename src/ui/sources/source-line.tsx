import { Show, createSignal, onCleanup } from 'solid-js';
import type { JSX } from 'solid-js';
import type { SourceEntity } from '../../protocol/tab/source-model.ts';
import { countOf } from '../format/count.ts';
import { useHub } from '../hub/hub-context.tsx';
import { ClosingQuestion } from './closing-question.tsx';
import { RetryButton } from './retry-button.tsx';
import { SourceName } from './source-name.tsx';
import { SourceReason } from './source-reason.tsx';
import { SourceStatus } from './source-status.tsx';
import { isBroken, isPaused } from './source-words.ts';

const KINDS = {
  unknown: 'kind not known yet',
  embedded: 'dashboard in a process',
  hub: 'relay or hub',
  demo: 'demo in this page',
} as const;

type Closing = 'Pause' | 'Remove';

/** One source: its name, how it is and why, and what can be done about it. */
export function SourceLine(props: { source: SourceEntity; nowMs: number }): JSX.Element {
  const [isNaming, setNaming] = createSignal(false);
  const [asked, setAsked] = createSignal<Closing>();
  const close = createClosing(() => props.source);
  let acts: HTMLDivElement | undefined;

  onCleanup(() => acts?.contains(document.activeElement) === true && focusBeside(acts.closest('li')));

  function ask(closing: Closing): void {
    if (props.source.reviewsAtRisk > 0) setAsked(closing);
    else close(closing);
  }
  /** The focus goes back to where the person was. */
  function leave(act: 'Rename' | 'Resume' | Closing): void {
    setNaming(false);
    setAsked(undefined);
    queueMicrotask(() => acts?.querySelector<HTMLElement>(`[data-act='${act}']`)?.focus());
  }

  return (
    <li class="source-line" data-state={props.source.state.kind}>
      <SourceWhat source={props.source} isNaming={isNaming()} onNamed={() => leave('Rename')} />
      <SourceHow source={props.source} nowMs={props.nowMs} />
      <div class="source-acts" ref={(element) => (acts = element)}>
        <Acts source={props.source} onRename={() => setNaming(true)} onClose={ask} />
      </div>
      <Show when={asked()}>
        {(closing) => (
          <ClosingQuestion
            source={props.source}
            verb={closing()}
            onKeep={() => leave(closing())}
            onClose={() => {
              close(closing());
              leave(closing() === 'Pause' ? 'Resume' : 'Remove');
            }}
          />
        )}
      </Show>
    </li>
  );
}

/** A source that was removed leaves the focus to its neighbour, else to the field that adds one. */
function focusBeside(line: HTMLElement | null): void {
  const neighbour = line?.nextElementSibling ?? line?.previousElementSibling;
  const next =
    neighbour?.querySelector<HTMLElement>('.source-acts button') ??
    document.querySelector<HTMLElement>('.address-field input');
  queueMicrotask(() => next?.focus());
}

function SourceWhat(props: { source: SourceEntity; isNaming: boolean; onNamed: () => void }): JSX.Element {
  return (
    <div class="source-what">
      <SourceName source={props.source} isEditing={props.isNaming} onDone={() => props.onNamed()} />
      <span class="source-note" title={props.source.url}>
        <Show when={otherHost(props.source)}>{(host) => <>{host()} · </>}</Show>
        {KINDS[props.source.kind]} · {countOf(props.source.producers, 'producer')}
        <Show when={props.source.unreadable > 0}> · {countOf(props.source.unreadable, 'unreadable message')}</Show>
      </span>
    </div>
  );
}

function SourceHow(props: { source: SourceEntity; nowMs: number }): JSX.Element {
  return (
    <div class="source-how">
      <SourceStatus state={props.source.state} nowMs={props.nowMs} />
      <Show when={'reason' in props.source.state}>
        <SourceReason state={props.source.state} />
      </Show>
    </div>
  );
}

function createClosing(source: () => SourceEntity): (closing: Closing) => void {
  const hub = useHub();
  return (closing) => {
    const { id } = source();
    void hub.order((api) => (closing === 'Pause' ? api.pauseSource(id) : api.removeSource(id)));
  };
}

function Acts(props: { source: SourceEntity; onRename: () => void; onClose: (closing: Closing) => void }): JSX.Element {
  const hub = useHub();
  const resume = (): void => void hub.order((api) => api.resumeSource(props.source.id));
  return (
    <>
      <Show when={isBroken(props.source.state)}>
        <RetryButton source={props.source} />
      </Show>
      <Show when={props.source.kind !== 'demo'}>
        <Show
          when={isPaused(props.source.state)}
          fallback={<Act verb="Pause" label={props.source.label} run={() => props.onClose('Pause')} />}
        >
          <Act verb="Resume" label={props.source.label} run={resume} />
        </Show>
        <Act verb="Rename" label={props.source.label} run={() => props.onRename()} />
      </Show>
      <Act verb="Remove" label={props.source.label} run={() => props.onClose('Remove')} />
    </>
  );
}

function Act(props: { verb: string; label: string; run: () => void }): JSX.Element {
  return (
    <button
      type="button"
      class="button button-quiet"
      data-act={props.verb}
      aria-label={`${props.verb} ${props.label}`}
      onClick={() => props.run()}
    >
      {props.verb}
    </button>
  );
}

/** Without a name of its own a source is called by its host and port, which need not be said twice; the demo has none. */
function otherHost({ label, url }: SourceEntity): string | undefined {
  const host = URL.canParse(url) ? new URL(url).host : url;
  return host === label || host === '' ? undefined : host;
}
