import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { DURABLE_TYPES } from '../protocol/wire/ensemble-message.ts';
import {
  mergeEmbeddedGreeting,
  weaveRun,
  type EmbeddedGreeting,
  type EmbeddedMerge,
  type GreetedIteration,
  type KnownRun,
  type TypedMessage,
} from './embedded-merge.ts';
import { textField } from './logged-event.ts';
import { splitRuns } from './run-boundary.ts';

interface HelloFrame {
  readonly snapshotTrace?: readonly { readonly type: string }[];
  readonly recentIterations?: readonly GreetedIteration[];
}

function typed(message: { readonly type: string }): TypedMessage {
  return { type: message.type, message };
}

function recordedFrames(name: string): { readonly type: string }[] {
  const url = new URL(`../../test/recordings/${name}.jsonl`, import.meta.url);
  const lines = readFileSync(url, 'utf8').trim().split('\n');
  return lines
    .map((line) => JSON.parse(line) as { dir: string; data: string })
    .filter(({ dir }) => dir === 'down')
    .map(({ data }) => JSON.parse(data) as { type: string });
}

function liveMessages(name: string): TypedMessage[] {
  return recordedFrames(name)
    .filter(({ type }) => type !== 'hello')
    .map(typed);
}

function lateGreeting(name: string): EmbeddedGreeting {
  const hello = recordedFrames(`${name}.late`)[0] as HelloFrame | undefined;
  return {
    snapshotTrace: (hello?.snapshotTrace ?? []).map(typed),
    recentIterations: hello?.recentIterations ?? [],
  };
}

function knownRuns(messages: readonly TypedMessage[]): KnownRun[] {
  return splitRuns(messages).map((events) => ({ ensembleId: ensembleIdOf(events), events }));
}

function ensembleIdOf(events: readonly TypedMessage[]): string | undefined {
  const start = events.find(({ type }) => type === 'ensemble_started');
  return start === undefined ? undefined : textField(start.message, 'ensembleId');
}

/** What is known once everything that the merge says is done. */
function carryOut(known: readonly KnownRun[], merge: EmbeddedMerge): TypedMessage[][] {
  const runs = known.map((run) => [...run.events]);
  for (const instruction of merge.instructions) {
    if (instruction.kind === 'new') runs.push([...instruction.messages]);
    if (instruction.kind === 'append') runs[instruction.runIndex]?.push(...instruction.messages);
    if (instruction.kind === 'replace') {
      runs[instruction.runIndex] = weaveRun(known[instruction.runIndex]?.events ?? [], instruction.messages);
    }
  }
  const target = merge.iterationsRun === 'new' ? runs.at(-1) : runs[merge.iterationsRun];
  target?.push(...merge.iterations);
  return runs;
}

function durable(messages: readonly TypedMessage[]): object[] {
  return messages.filter(({ type }) => DURABLE_TYPES.has(type)).map(({ message }) => message);
}

function iterationNames(messages: readonly TypedMessage[]): string[] {
  return messages
    .filter(({ type }) => type.startsWith('llm_iteration'))
    .map(({ type, message }) => {
      const { agentRole, taskDescription, iterationIndex } = message as Record<string, unknown>;
      return JSON.stringify([type, agentRole, taskDescription, iterationIndex]);
    })
    .sort();
}

function greeting(...trace: { readonly type: string; readonly [field: string]: unknown }[]): EmbeddedGreeting {
  return { snapshotTrace: trace.map(typed), recentIterations: [] };
}

const startOf = (ensembleId: string) => ({ type: 'ensemble_started', ensembleId });
const task = (taskIndex: number) => ({ type: 'task_started', taskIndex });
const end = { type: 'ensemble_completed' };

describe('a greeting that comes in the middle of a recorded run', () => {
  for (const name of ['embedded-hierarchical', 'embedded-pipeline', 'embedded-sequential', 'embedded-tools']) {
    const live = liveMessages(name);
    const late = lateGreeting(name);

    it(`${name}: leads to what was seen live, wherever the connection was cut`, () => {
      expect(live.length).toBeGreaterThan(10);
      for (let cut = 0; cut <= live.length; cut += 1) {
        const known = knownRuns(live.slice(0, cut));
        const merge = mergeEmbeddedGreeting(known, late);
        const merged = carryOut(known, merge);
        const expected = splitRuns(live);
        expect(merged.map(durable), `cut at ${cut}`).toEqual(expected.map(durable));
        expect(iterationNames(merged.at(-1) ?? []), `cut at ${cut}`).toEqual(iterationNames(expected.at(-1) ?? []));
        expect(merge.hasRestarted).toBe(false);
        expect(merge.instructions.map(({ kind }) => kind)).not.toContain('replace');
      }
    });

    it(`${name}: changes nothing when nothing was missed`, () => {
      const merge = mergeEmbeddedGreeting(knownRuns(live), late);
      expect(merge.instructions).toEqual([]);
      expect(merge.iterations).toEqual([]);
    });
  }
});

describe('what a greeting tells of the process', () => {
  const known: KnownRun[] = [
    { ensembleId: 'a', events: [startOf('a'), task(1), end].map(typed) },
    { ensembleId: 'b', events: [startOf('b'), task(1)].map(typed) },
  ];

  it('is another process if it lacks the newest known run, which is lost', () => {
    const merge = mergeEmbeddedGreeting(known, greeting(startOf('c')));
    expect(merge.hasRestarted).toBe(true);
    expect(merge.instructions).toEqual([
      { kind: 'lost-touch', runIndex: 1 },
      { kind: 'new', messages: [typed(startOf('c'))] },
    ]);
    expect(merge.iterationsRun).toBe('new');
  });

  it('is another process also if it says nothing at all', () => {
    const merge = mergeEmbeddedGreeting(known, greeting());
    expect(merge).toEqual({
      instructions: [{ kind: 'lost-touch', runIndex: 1 }],
      iterations: [],
      iterationsRun: 1,
      hasRestarted: true,
    });
  });

  it('has nothing to lose of a run that has ended', () => {
    const merge = mergeEmbeddedGreeting(known.slice(0, 1), greeting(startOf('c')));
    expect(merge.hasRestarted).toBe(true);
    expect(merge.instructions.map(({ kind }) => kind)).toEqual(['new']);
  });

  it('keeps runs that it lacks as history', () => {
    const merge = mergeEmbeddedGreeting(known, greeting(startOf('b'), task(1), task(2)));
    expect(merge.hasRestarted).toBe(false);
    expect(merge.instructions).toEqual([{ kind: 'append', runIndex: 1, messages: [typed(task(2))] }]);
  });

  it('says of a run that is not known any more where it was', () => {
    const merge = mergeEmbeddedGreeting(
      known.slice(1),
      greeting(startOf('a'), end, startOf('b'), task(1), startOf('c')),
    );
    expect(merge.instructions).toEqual([
      { kind: 'new', messages: [typed(startOf('a')), typed(end)], beforeRun: 0 },
      { kind: 'new', messages: [typed(startOf('c'))] },
    ]);
  });

  it('expects no trace of a run that was only tokens', () => {
    const merge = mergeEmbeddedGreeting(
      [...known, { ensembleId: undefined, events: [typed({ type: 'token' })] }],
      greeting(startOf('b'), task(1)),
    );
    expect(merge).toMatchObject({ hasRestarted: false, instructions: [] });
  });

  it('is the authority where it says something else', () => {
    const other = { ...task(1), taskDescription: 'another' };
    const merge = mergeEmbeddedGreeting(known, greeting(startOf('b'), other));
    expect(merge.instructions).toEqual([
      { kind: 'replace', runIndex: 1, messages: [typed(startOf('b')), typed(other)] },
    ]);
  });

  it('is the authority where it says less', () => {
    const merge = mergeEmbeddedGreeting(known, greeting(startOf('b')));
    expect(merge.instructions).toEqual([{ kind: 'replace', runIndex: 1, messages: [typed(startOf('b'))] }]);
  });

  it('compares only what lasts, and takes absent and null for the same', () => {
    const events = [startOf('b'), { type: 'token' }, { ...task(1), reason: null }, { type: 'review_requested' }];
    const merge = mergeEmbeddedGreeting(
      [{ ensembleId: 'b', events: events.map(typed) }],
      greeting(startOf('b'), { type: 'heartbeat' }, task(1)),
    );
    expect(merge.instructions).toEqual([]);
  });
});

describe('the conversations of a greeting', () => {
  const iteration = (iterationIndex: number, agentRole = 'Writer') => ({
    started: { type: 'llm_iteration_started', agentRole, taskDescription: 'write', iterationIndex },
    completed: { type: 'llm_iteration_completed', agentRole, taskDescription: 'write', iterationIndex },
  });

  function fill(events: readonly { type: string }[], recentIterations: readonly GreetedIteration[]): TypedMessage[] {
    const known = [{ ensembleId: 'b', events: [startOf('b'), ...events].map(typed) }];
    const merge = mergeEmbeddedGreeting(known, { ...greeting(startOf('b')), recentIterations });
    expect(merge.iterationsRun).toBe(0);
    return [...merge.iterations];
  }

  it('fill in what is not known', () => {
    const { started, completed } = iteration(0);
    expect(fill([], [iteration(0)])).toEqual([typed(started), typed(completed)]);
    expect(fill([started], [iteration(0)])).toEqual([typed(completed)]);
    expect(fill([started, completed], [iteration(0)])).toEqual([]);
  });

  it('never replace what is known', () => {
    const { started, completed } = iteration(0);
    expect(fill([started, completed], [{ started: { ...started, messages: [] }, completed }])).toEqual([]);
  });

  it('are told apart by role, description and number', () => {
    const { started, completed } = iteration(0);
    const other = { ...started, taskDescription: 'read' };
    expect(fill([started, completed], [iteration(1), iteration(0, 'Critic'), { started: other }])).toHaveLength(5);
  });

  it('have no answer yet, sometimes', () => {
    const { started } = iteration(0);
    expect(fill([], [{ started, completed: null }])).toEqual([typed(started)]);
  });
});

describe('weaving a run', () => {
  const token = (text: string) => ({ type: 'token', text });
  const weave = (events: readonly { type: string }[], durables: readonly { type: string }[]) =>
    weaveRun(events.map(typed), durables.map(typed));

  it('keeps what the greeting does not carry behind what it followed', () => {
    const woven = weave([startOf('a'), token('x'), task(1), token('y')], [startOf('a'), end, task(1), task(2)]);
    expect(woven.map(({ message }) => message)).toEqual([startOf('a'), token('x'), end, task(1), token('y'), task(2)]);
    expect(woven.map(({ index }) => index)).toEqual([0, 1, undefined, 2, 3, undefined]);
  });

  it('lets go of durable messages that the greeting lacks', () => {
    const woven = weave([startOf('a'), task(1), token('x')], [startOf('a'), task(2)]);
    expect(woven.map(({ message }) => message)).toEqual([startOf('a'), token('x'), task(2)]);
  });

  it('holds every durable message exactly once, in order', () => {
    const durables = [startOf('a'), task(2), task(1), task(2)];
    const woven = weave([task(1), token('x'), startOf('a'), task(2)], durables);
    expect(durable(woven)).toEqual(durables);
  });
});
