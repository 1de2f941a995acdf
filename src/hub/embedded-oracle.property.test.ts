import { describe, expect, test } from 'vitest';
import { ChaosDashboard } from '../../test/support/chaos-dashboard.ts';
import { chaosArb, type ChaosStep } from '../../test/support/chaos-story.ts';
import { SOURCE } from '../../test/support/hub-driver.ts';
import { naiveRunOf } from '../../test/support/naive-dashboard.ts';
import { hubLines, naiveLines, type RunLines } from '../../test/support/run-lines.ts';
import { tellStories } from '../../test/support/story-rounds.ts';

const OPTIONS = { hasStreams: false };

/** What of a mended run does not depend on where tokens and conversations stand in it. */
function durableLines({ run, tasks, tools, delegations, files }: RunLines): unknown {
  // Whether a task goes on after a failure beside it depends on what was said in it, which no greeting repeats.
  const open = (line: string): string =>
    line.replace(/: (?:ended|running) /, ': open ').replace(/\d+ iterations.*/, '');
  return {
    run: run.replace(/[\d-]+ tokens/, ''),
    tasks: tasks.map(open),
    tools,
    delegations: delegations.map(open),
    files,
  };
}

function expectOracle({ hub, oracle, isConnected }: ChaosDashboard): void {
  const live = hub.state.sources.get(SOURCE)?.producers.get('self')?.live;
  const hubRuns = (live?.runs ?? []).map((run, index) => {
    const lines = hubLines(live ?? neverLive(), run, OPTIONS);
    return oracle.runs[index]?.isMended === false ? lines : durableLines(lines);
  });
  const naive = oracle.runs.map(({ messages, isMended }, index) => {
    const isLeft = index < oracle.runs.length - 1 || !isConnected || oracle.isNewLife;
    const lines = naiveLines(naiveRunOf(messages), { isLeft, ...OPTIONS });
    return isMended ? durableLines(lines) : lines;
  });
  expect(hubRuns).toEqual(naive);
}

function neverLive(): never {
  throw new Error('There are runs, and nobody whose they are.');
}

/** What is said next, `count` times: a start, then a task, then its end. */
function say(...choices: readonly number[]): ChaosStep[] {
  return choices.map((choice) => ({ kind: 'say', producer: 0, choice, way: 'plain', backMs: 0 }));
}

/** A greeting that lacks a run, and then one that has it: it stands where it belongs, not at the end. */
const OLDER_RUN_COMES_LATER: ChaosStep[] = [
  { kind: 'cut' },
  ...say(0, 4, 0, 0, 4),
  { kind: 'connect', choice: 2 },
  { kind: 'cut' },
  { kind: 'connect', choice: 0 },
  ...say(9),
];

/** Iterations that a greeting filled in go with their run when an older one comes in before it. */
const FILLED_RUN_MOVES: ChaosStep[] = [
  { kind: 'cut' },
  ...say(0, 0, 0, 4, 863),
  { kind: 'connect', choice: 2 },
  { kind: 'cut' },
  { kind: 'connect', choice: 0 },
];

describe('the hub at an embedded dashboard', () => {
  test('equals the oracle after any schedule, whatever greetings lack', () => {
    tellStories({
      name: 'a hub at an embedded dashboard',
      events: 40_000,
      arbitrary: chaosArb(['restart', 'cut', 'connect', 'wait']),
      examples: [OLDER_RUN_COMES_LATER, FILLED_RUN_MOVES],
      tell(steps) {
        const dashboard = new ChaosDashboard();
        for (const step of steps) dashboard.do(step);
        expectOracle(dashboard);
        return dashboard.said;
      },
    });
  }, 600_000);
});
