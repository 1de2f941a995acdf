import { A } from '@solidjs/router';
import { For, Show, createMemo, onCleanup, onMount } from 'solid-js';
import type { JSX } from 'solid-js';
import type { RosterEntity } from '../../protocol/tab/roster-model.ts';
import type { RunHead, RunSummary } from '../../protocol/tab/run-model.ts';
import { BodyText } from '../bodies/body-text.tsx';
import { countOf, groupDigits } from '../format/count.ts';
import { createNow } from '../format/create-now.ts';
import { clockDuration } from '../format/duration.ts';
import { StateGlyph } from '../glyphs/state-glyph.tsx';
import { EachById } from '../lists/each-by-id.tsx';
import { elapsedMs, exitText, runChoice, runStateView, stateText, tasksFigure } from './run-words.ts';

/** What a run is called, how it stands, and its figures. */
export function RunHeader(props: {
  head: RunHead;
  picking: Picking;
  onRun: (run: string, isNewest: boolean) => void;
}): JSX.Element {
  const producer = (): RosterEntity => props.head.producer;
  return (
    <header class="run-head">
      <div class="run-name">
        <div class="run-crumb">
          <A href="/" class="run-back">
            Producers
          </A>
          <Show when={producer().serviceName}>
            <span>{producer().serviceName}</span>
          </Show>
          <span>{producer().producerId}</span>
          <RunPicker head={props.head} picking={props.picking} onRun={props.onRun} />
        </div>
        <h1>
          <span class="run-title">{props.head.title || 'No run yet'}</span>
          <Show when={props.head.run}>{(run) => <StatePill run={run()} producer={producer()} />}</Show>
        </h1>
      </div>
      <Show when={props.head.run}>{(run) => <Figures head={props.head} run={run()} />}</Show>
      <Facts producer={producer()} head={props.head} />
      <Show when={props.head.failure}>
        {(failure) => (
          <div class="run-failure">
            <StateGlyph state="failed" />
            <BodyText body={failure()} producer={producer().id} />
          </div>
        )}
      </Show>
    </header>
  );
}

/** Whether the runs are being gone through: what is picked is drawn anew, the picker with it, and the focus has to be in it still. */
export interface Picking {
  hadFocus: boolean;
}

function RunPicker(props: {
  head: RunHead;
  picking: Picking;
  onRun: (run: string, isNewest: boolean) => void;
}): JSX.Element {
  let picker: HTMLSelectElement | undefined;
  onMount(() => props.picking.hadFocus && picker?.focus());
  onCleanup(() => (props.picking.hadFocus = picker !== undefined && document.activeElement === picker));
  /** One that was deleted is not known any more; the numbers of the others stay. */
  const total = (): number => Math.max(props.head.producer.runs, ...props.head.runs.map((run) => run.number));
  const newest = (): string | undefined => props.head.runs.at(-1)?.id;
  return (
    <Show when={props.head.run}>
      {(run) => (
        <Show
          when={props.head.runs.length > 1}
          fallback={
            <span>
              run {run().number} of {total()}
            </span>
          }
        >
          <span>
            <select
              class="run-picker"
              aria-label="Run"
              value={run().id}
              ref={(element) => (picker = element)}
              onChange={({ currentTarget: { value } }) => props.onRun(value, value === newest())}
            >
              <EachById items={[...props.head.runs].reverse()}>
                {(choice) => (
                  <option value={choice().id} selected={choice().id === run().id}>
                    {runChoice(choice(), total())}
                  </option>
                )}
              </EachById>
            </select>
          </span>
        </Show>
      )}
    </Show>
  );
}

function StatePill(props: { run: RunSummary; producer: RosterEntity }): JSX.Element {
  const now = createNow();
  const state = createMemo(() => runStateView(props.run.state));
  return (
    <span class="pill" data-state={state().glyph}>
      <StateGlyph state={state().glyph} />
      {stateText(props.run, props.producer.sinceMs, now())}
    </span>
  );
}

function Figures(props: { head: RunHead; run: RunSummary }): JSX.Element {
  const now = createNow();
  const elapsed = (): string => {
    const ms = elapsedMs(props.run, now());
    return ms === undefined ? '–' : clockDuration(ms);
  };
  return (
    <div class="run-figures">
      <Figure value={elapsed()} name="elapsed" />
      <Figure value={tasksFigure(props.run)} name="tasks" />
      <Figure value={groupDigits(props.head.tokens)} name="tokens" />
      <Figure value={groupDigits(props.head.toolCalls)} name="tool calls" />
    </div>
  );
}

function Figure(props: { value: string; name: string }): JSX.Element {
  return (
    <div class="run-figure">
      <b>{props.value}</b> <span>{props.name}</span>
    </div>
  );
}

function Facts(props: { producer: RosterEntity; head: RunHead }): JSX.Element {
  const facts = (): string[] => {
    const { instanceId, host, version } = props.producer;
    const named = [
      ['instance', instanceId],
      ['host', host],
      ['version', version],
      ['workflow', props.head.workflow?.toLowerCase()],
    ] as const;
    return named.flatMap(([name, value]) => (value === undefined || value === '' ? [] : [`${name} ${value}`]));
  };
  const exit = (): string | undefined => {
    const reason = props.head.run?.exitReason;
    return reason === undefined ? undefined : exitText(reason);
  };
  return (
    <div class="run-facts">
      <For each={facts()}>{(fact) => <span>{fact}</span>}</For>
      <For each={props.producer.tags}>
        {([name, value]) => (
          <span class="run-tag">
            {name}={value}
          </span>
        )}
      </For>
      <Show when={exit()}>
        <span>{exit()}</span>
      </Show>
      <Show when={props.head.letGo}>{(letGo) => <span>{countOf(letGo(), 'older event')} let go</span>}</Show>
      <Show when={props.producer.missing > 0}>
        <span class="run-missing">{countOf(props.producer.missing, 'event')} missing</span>
      </Show>
      <Show when={props.producer.unreadable > 0}>
        <span class="run-missing">{countOf(props.producer.unreadable, 'unreadable message')}</span>
      </Show>
    </div>
  );
}
