import { For, Show } from 'solid-js';
import type { JSX } from 'solid-js';
import type { ProducerKey } from '../../protocol/tab/keys.ts';
import type { TaskEntity, TaskWord } from '../../protocol/tab/run-model.ts';
import { BodyText } from '../bodies/body-text.tsx';
import { countOf } from '../format/count.ts';
import { createNow } from '../format/create-now.ts';
import { clockDuration, measuredDuration } from '../format/duration.ts';
import { wallTime } from '../format/wall-time.ts';
import { StateGlyph } from '../glyphs/state-glyph.tsx';
import type { GlyphState } from '../glyphs/state-glyph.tsx';
import { createPageKeys } from '../keys/create-page-keys.ts';
import type { TaskBlock } from '../timeline/lane.ts';
import type { Span, Tone } from '../timeline/span.ts';

const GLYPHS: Record<TaskWord, GlyphState> = {
  pending: 'idle',
  running: 'running',
  'waiting for you': 'waiting',
  completed: 'done',
  failed: 'failed',
  ended: 'gone',
};

const TONE_GLYPHS: Record<Tone, GlyphState> = {
  done: 'done',
  running: 'running',
  failed: 'failed',
  waiting: 'waiting',
  ended: 'gone',
};

/** More than this many lines of one kind are counted instead of listed. */
const MOST_LINES = 50;

/** One task in words: who does it, how it stands, how long it took, what it called, why it failed. */
export function TaskDetails(props: {
  task: TaskEntity;
  block: TaskBlock | undefined;
  producer: ProducerKey;
  startedAtMs: number | undefined;
  onClose: () => void;
}): JSX.Element {
  const now = createNow();
  createPageKeys(() => ({ escape: () => props.onClose() }));
  const took = (): string | undefined => {
    const { durationMs, startedAtMs, endedAtMs, state } = props.task;
    if (durationMs !== undefined) return measuredDuration(durationMs);
    if (startedAtMs === undefined) return undefined;
    if (endedAtMs !== undefined) return measuredDuration(endedAtMs - startedAtMs);
    return state === 'running' || state === 'waiting for you'
      ? `${clockDuration(now() - startedAtMs)} so far`
      : undefined;
  };
  const begun = (): string | undefined =>
    props.task.startedAtMs === undefined
      ? undefined
      : `${intoText(props.task.startedAtMs, props.startedAtMs)}, ${wallTime(props.task.startedAtMs, now())}`;
  return (
    <section class="task" aria-label="Selected task">
      <header class="task-head">
        <StateGlyph state={GLYPHS[props.task.state]} />
        <span class="task-state" data-state={GLYPHS[props.task.state]}>
          {props.task.state}
        </span>
        <button type="button" class="button button-quiet" aria-label="Close the task" onClick={() => props.onClose()}>
          Close
        </button>
      </header>
      <div class="task-body">
        <h2>{props.task.description}</h2>
        <dl class="task-facts">
          <Fact name="Agent" value={props.task.agentRole} />
          <Fact name="Task" value={props.task.taskIndex > 0 ? `number ${props.task.taskIndex}` : undefined} />
          <Fact name="Started" value={begun()} />
          <Fact name="Took" value={took()} />
          <Fact name="Model" value={countOrNothing(props.task.iterations, 'iteration')} />
          <Fact name="Tools" value={countOrNothing(props.task.toolCalls, 'call')} />
        </dl>
        <Show when={props.task.failure}>
          {(failure) => (
            <div class="task-failure">
              <h3>Why it failed</h3>
              <BodyText body={failure()} producer={props.producer} />
            </div>
          )}
        </Show>
        <Spans name="Tool calls" spans={props.block?.tools ?? []} />
        <Spans name="Delegated" spans={props.block?.delegations ?? []} />
      </div>
    </section>
  );
}

function Fact(props: { name: string; value: string | undefined }): JSX.Element {
  return (
    <Show when={props.value}>
      <dt>{props.name}</dt>
      <dd>{props.value}</dd>
    </Show>
  );
}

function Spans(props: { name: string; spans: readonly Readonly<Span>[] }): JSX.Element {
  const more = (): number => props.spans.length - MOST_LINES;
  return (
    <Show when={props.spans.length > 0}>
      <h3>{props.name}</h3>
      <ul class="task-spans">
        <For each={props.spans.slice(0, MOST_LINES)}>
          {(span) => (
            <li>
              <StateGlyph state={TONE_GLYPHS[span.tone]} />
              <span>{span.label}</span>
              <span class="visually-hidden">, {span.tone}</span>
            </li>
          )}
        </For>
      </ul>
      <Show when={more() > 0}>
        <p class="task-more">and {countOf(more(), 'more', 'more')}</p>
      </Show>
    </Show>
  );
}

function countOrNothing(count: number, noun: string): string | undefined {
  return count > 0 ? countOf(count, noun) : undefined;
}

/** When a task began, since the run's start where that is known. */
export function intoText(startedAtMs: number, runStartMs = startedAtMs): string {
  return `${clockDuration(startedAtMs - runStartMs)} into the run`;
}
