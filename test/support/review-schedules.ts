import fc from 'fast-check';
import type { EnsembleMessage } from '../../src/protocol/wire/ensemble-message.ts';
import { TIMINGS } from '../../src/protocol/wire/review.ts';
import { iterated, taskCompleted, taskFailed, taskStarted } from './review-scenario.ts';

/** Something that may happen around reviews; producers, reviews and people by their index. */
export type Op =
  | { readonly kind: 'open' | 'close' | 'restart' | 'runStarted'; readonly producer: number }
  | { readonly kind: 'runEnded'; readonly producer: number; readonly exitReason: string }
  | { readonly kind: 'task'; readonly producer: number; readonly message: EnsembleMessage }
  | {
      readonly kind: 'ask';
      readonly producer: number;
      readonly id: number;
      readonly timing: string;
      readonly timeoutMs: number;
    }
  | { readonly kind: 'decide'; readonly id: number; readonly decision: string; readonly by: number }
  | { readonly kind: 'wait'; readonly ms: number }
  | { readonly kind: 'state'; readonly id: number; readonly state: string; readonly by: number };

const producer = fc.integer({ min: 0, max: 2 });
const id = fc.integer({ min: 0, max: 5 });
const description = fc.constantFrom('Draft', 'Check', 'Send');
const task = fc.oneof(
  fc.tuple(description, fc.integer({ min: 1, max: 4 })).map(([what, index]) => taskStarted(what, index)),
  fc.tuple(description, fc.integer({ min: 1, max: 4 })).map(([what, index]) => taskCompleted(what, index)),
  description.map((what) => taskFailed(what)),
  description.map((what) => iterated(what)),
);
const local: fc.Arbitrary<Op>[] = [
  fc.record({ kind: fc.constantFrom('open', 'close', 'restart', 'runStarted'), producer }),
  fc.record({
    kind: fc.constant('runEnded' as const),
    producer,
    exitReason: fc.constantFrom('COMPLETED', 'USER_EXIT_EARLY', 'TIMEOUT', 'ERROR'),
  }),
  fc.record({ kind: fc.constant('task' as const), producer, message: task }),
  fc.record({
    kind: fc.constant('ask' as const),
    producer,
    id,
    timing: fc.constantFrom(...TIMINGS),
    timeoutMs: fc.constantFrom(0, 3_000, 20_000),
  }),
  fc.record({
    kind: fc.constant('decide' as const),
    id,
    decision: fc.constantFrom('CONTINUE', 'EDIT', 'EXIT_EARLY', 'approve', 'nonsense'),
    by: fc.integer({ min: 0, max: 2 }),
  }),
  fc.record({ kind: fc.constant('wait' as const), ms: fc.constantFrom(1, 900, 2_500, 30_000) }),
];
const remote: fc.Arbitrary<Op> = fc.record({
  kind: fc.constant('state' as const),
  id,
  state: fc.constantFrom('open', 'held', 'sent', 'applied', 'expired', 'closed', 'odd'),
  by: fc.integer({ min: 0, max: 2 }),
});

/** Any order of what happens at the ledger itself. */
export const localSchedule = fc.array(fc.oneof(...local), { minLength: 1, maxLength: 80 });

/** The same, and a relay that says anything at all. */
export const remoteSchedule = fc.array(fc.oneof(...local, remote), { minLength: 1, maxLength: 80 });
