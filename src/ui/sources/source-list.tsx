import { For, Show } from 'solid-js';
import type { JSX } from 'solid-js';
import type { SourceEntity } from '../../protocol/tab/source-model.ts';
import { countOf } from '../format/count.ts';
import { createNow } from '../format/create-now.ts';
import { useHub } from '../hub/hub-context.tsx';
import { sourceReasonText, sourceStateText } from './source-words.ts';
import './sources.css';

const KINDS = {
  unknown: 'kind not known yet',
  embedded: 'dashboard in a process',
  hub: 'relay',
  demo: 'demo in this page',
} as const;

/** Every source with its state, the reason where it is not connected, and what can be done about it. */
export function SourceList(props: { sources: readonly SourceEntity[] }): JSX.Element {
  const now = createNow();
  return (
    <ul class="source-list" aria-label="Sources">
      <For each={props.sources}>{(source) => <SourceLine source={source} nowMs={now()} />}</For>
    </ul>
  );
}

function SourceLine(props: { source: SourceEntity; nowMs: number }): JSX.Element {
  const hub = useHub();
  const isBroken = (): boolean =>
    props.source.state.kind === 'reconnecting' || props.source.state.kind === 'disconnected';
  return (
    <li class="source-line" data-state={props.source.state.kind}>
      <div class="source-what">
        <b>{props.source.label}</b>
        <span class="source-url">{props.source.url}</span>
        <span class="source-note">
          {KINDS[props.source.kind]} · {countOf(props.source.producers, 'producer')}
          <Show when={props.source.unreadable > 0}> · {countOf(props.source.unreadable, 'unreadable message')}</Show>
        </span>
      </div>
      <div class="source-how">
        <span role="status" class="source-status">
          <SourceDot kind={props.source.state.kind} />
          {sourceStateText(props.source.state, props.nowMs)}
        </span>
        <Show when={isBroken()}>
          <p class="source-reason">{sourceReasonText(props.source.state)}</p>
        </Show>
      </div>
      <div class="source-acts">
        <Show when={isBroken()}>
          <button
            type="button"
            class="button"
            onClick={() => void hub.connection.command((api) => api.retryNow(props.source.id))}
          >
            Retry now
          </button>
        </Show>
        <button
          type="button"
          class="button button-quiet"
          aria-label={`Remove ${props.source.label}`}
          onClick={() => void hub.connection.command((api) => api.removeSource(props.source.id))}
        >
          Remove
        </button>
      </div>
    </li>
  );
}

/** The mark of a source's state; the word stands beside it. */
export function SourceDot(props: { kind: SourceEntity['state']['kind'] }): JSX.Element {
  return <i class="source-dot" data-state={props.kind} aria-hidden="true" />;
}
