import { A } from '@solidjs/router';
import { Show } from 'solid-js';
import type { JSX } from 'solid-js';
import type { SourceEntity } from '../../protocol/tab/source-model.ts';
import { createNow } from '../format/create-now.ts';
import { EachById } from '../lists/each-by-id.tsx';
import { SourceDot } from './source-dot.tsx';
import { byNeed, countsText, markOf, retryText, sourceReasonText } from './source-words.ts';
import './sources.css';

/** How many sources the top bar names one by one; more are counted. */
const NAMED_SOURCES = 3;

/** The state of the sources in the top bar, those first that need the person; a link to all of them, where there are any. */
export function SourceBadges(props: { sources: readonly SourceEntity[] }): JSX.Element {
  const now = createNow();
  const sorted = (): readonly SourceEntity[] => byNeed(props.sources);
  const rest = (): readonly SourceEntity[] => sorted().slice(NAMED_SOURCES);
  return (
    <Show when={props.sources.length > 0}>
      <A href="/settings" class="source-badges" data-many={props.sources.length > 1}>
        <EachById items={sorted().slice(0, NAMED_SOURCES)}>
          {(source) => <SourceBadge source={source()} nowMs={now()} />}
        </EachById>
        <Show when={rest().length > 0}>
          <span class="source-badge source-rest">+ {countsText(rest())}</span>
        </Show>
        <Show when={sorted()[0]}>
          {(first) => (
            <span class="source-badge source-sum" aria-hidden="true">
              <SourceDot mark={markOf(first().state)} />
              <span>{countsText(props.sources)}</span>
            </span>
          )}
        </Show>
      </A>
    </Show>
  );
}

function SourceBadge(props: { source: SourceEntity; nowMs: number }): JSX.Element {
  return (
    <span class="source-badge" role="status" title={sourceReasonText(props.source.state)}>
      <SourceDot mark={markOf(props.source.state)} />
      <span class="source-badge-label">{props.source.label}</span>{' '}
      <span class="source-badge-state">
        {markOf(props.source.state)}
        <span aria-hidden="true">{retryText(props.source.state, props.nowMs)}</span>
        <span class="visually-hidden"> {sourceReasonText(props.source.state)}</span>
      </span>
    </span>
  );
}
