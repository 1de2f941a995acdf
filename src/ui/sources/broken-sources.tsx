import { A } from '@solidjs/router';
import { Show } from 'solid-js';
import type { JSX } from 'solid-js';
import type { SourceEntity } from '../../protocol/tab/source-model.ts';
import { createNow } from '../format/create-now.ts';
import { EachById } from '../lists/each-by-id.tsx';
import { RetryButton } from './retry-button.tsx';
import { SourceReason } from './source-reason.tsx';
import { SourceStatus } from './source-status.tsx';
import { byNeed, isBroken } from './source-words.ts';
import './sources.css';

/** How many sources are shown in full; the roster below them is what the person came for. */
const SHOWN = 3;

/** Above the roster: the sources whose producers may be missing from it, with the reason and the next attempt. Nothing while all is well. */
export function BrokenSources(props: { sources: readonly SourceEntity[] }): JSX.Element {
  const now = createNow();
  const broken = (): readonly SourceEntity[] => byNeed(props.sources).filter(({ state }) => isBroken(state));
  const more = (): number => broken().length - SHOWN;
  return (
    <Show when={broken().length > 0}>
      <section class="broken-sources" aria-label="Not connected">
        <ul>
          <EachById items={broken().slice(0, SHOWN)}>
            {(source) => (
              <li>
                <div class="broken-row">
                  <b class="source-label">{source().label}</b>
                  <SourceStatus state={source().state} nowMs={now()} />
                </div>
                <div class="broken-row">
                  <SourceReason state={source().state} />
                  <RetryButton source={source()} />
                </div>
              </li>
            )}
          </EachById>
        </ul>
        <Show when={more() > 0}>
          <A href="/settings">{more()} more not connected</A>
        </Show>
      </section>
    </Show>
  );
}
