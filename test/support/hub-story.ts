import fc from 'fast-check';
import { envelope } from './envelopes.ts';
import { SOURCE, START_MS, type HubDriver } from './hub-driver.ts';

/** Something that happens to a producer, to the connection, or to the clock. */
export type Happening =
  | { readonly kind: 'say'; readonly producer: number; readonly message: (at: string) => Record<string, unknown> }
  | { readonly kind: 'lose' | 'delay' | 'repeat'; readonly producer: number }
  | { readonly kind: 'restart' | 'leave' | 'join'; readonly producer: number }
  | { readonly kind: 'wait'; readonly ms: number }
  | { readonly kind: 'cut' }
  | { readonly kind: 'junk'; readonly text: string }
  | { readonly kind: 'decide'; readonly nth: number; readonly decision: 'CONTINUE' | 'EDIT' | 'EXIT_EARLY' };

/** What the processes of a story say, in the vocabulary of the wire, in any order and at any time. */
export function messageArb(options: {
  readonly hasTokens: boolean;
}): fc.Arbitrary<(at: string) => Record<string, unknown>> {
  const who = fc.record({
    taskIndex: fc.integer({ min: 0, max: 3 }),
    taskDescription: fc.constantFrom('Draft', 'Check', ''),
    agentRole: fc.constantFrom('Writer', 'Editor'),
  });
  const iterationIndex = fc.integer({ min: 0, max: 2 });
  const reviewId = fc.constantFrom('r1', 'r2', 'r3', '__proto__');
  const ensembleId = fc.constantFrom('e1', 'e2', 'e3');
  const kinds: fc.Arbitrary<(at: string) => Record<string, unknown>>[] = [
    ensembleId.map((id) => (at) => ({
      type: 'ensemble_started',
      ensembleId: id,
      startedAt: at,
      totalTasks: 2,
      workflow: 'PARALLEL',
    })),
    fc.tuple(ensembleId, fc.constantFrom('COMPLETED', 'ERROR', 'USER_EXIT_EARLY')).map(([id, exitReason]) => (at) => ({
      type: 'ensemble_completed',
      ensembleId: id,
      completedAt: at,
      durationMs: 5,
      exitReason,
      totalTokens: 7,
      totalToolCalls: 1,
    })),
    who.map((task) => (at) => ({ type: 'task_started', ...task, totalTasks: 2, startedAt: at })),
    who.map((task) => (at) => ({
      type: 'task_input',
      ...task,
      toolNames: [],
      assembledContext: 'context',
      sentAt: at,
    })),
    who.map((task) => (at) => ({
      type: 'task_completed',
      ...task,
      totalTasks: 2,
      completedAt: at,
      durationMs: 3,
      tokenCount: -1,
      toolCallCount: 0,
    })),
    who.map((task) => (at) => ({ type: 'task_failed', ...task, failedAt: at, reason: null })),
    who.map((task) => () => ({ type: 'tool_called', ...task, toolName: 'search', durationMs: 1, outcome: 'SUCCESS' })),
    who.map(({ agentRole }) => () => ({
      type: 'delegation_started',
      delegationId: 'd1',
      delegatingAgentRole: agentRole,
      workerRole: 'Editor',
      taskDescription: 'Check',
    })),
    who.map(({ agentRole }) => () => ({
      type: 'delegation_completed',
      delegationId: 'd1',
      delegatingAgentRole: agentRole,
      workerRole: 'Editor',
      durationMs: 2,
    })),
    fc.tuple(who, iterationIndex).map(([task, index]) => () => ({
      type: 'llm_iteration_started',
      ...task,
      iterationIndex: index,
      messages: [{ role: 'user', content: 'Go on' }],
    })),
    fc.tuple(who, iterationIndex).map(([task, index]) => () => ({
      type: 'llm_iteration_completed',
      ...task,
      iterationIndex: index,
      responseType: 'FINAL_ANSWER',
      responseText: 'Done',
      inputTokens: 3,
      outputTokens: 4,
      latencyMs: 2,
    })),
    fc
      .tuple(reviewId, who, fc.constantFrom(0, 40, 5000), fc.constantFrom('BEFORE_EXECUTION', 'AFTER_EXECUTION'))
      .map(([id, task, timeoutMs, timing]) => () => ({
        type: 'review_requested',
        reviewId: id,
        ...task,
        taskOutput: 'text',
        timing,
        timeoutMs,
        onTimeout: 'CONTINUE',
      })),
    fc.constant(() => ({ type: 'profile_applied', profile: 'of a later version' })),
    fc.constant(() => ({ type: 'task_started' })),
  ];
  if (options.hasTokens) {
    kinds.push(who.map((task) => (at) => ({ type: 'token', ...task, token: 'a', sentAt: at })));
    kinds.push(reviewId.map((id) => () => ({ type: 'review_timed_out', reviewId: id, action: 'CONTINUE' })));
  }
  return fc.oneof(...kinds);
}

/** What happens, one after another. */
export function storyArb(options: {
  readonly hasTokens: boolean;
  readonly kinds: readonly Happening['kind'][];
}): fc.Arbitrary<Happening[]> {
  const producer = fc.integer({ min: 0, max: 2 });
  const say = fc.record({ kind: fc.constant('say' as const), producer, message: messageArb(options) });
  const others: { readonly [K in Exclude<Happening['kind'], 'say'>]: fc.Arbitrary<Happening> } = {
    lose: fc.record({ kind: fc.constant('lose' as const), producer }),
    delay: fc.record({ kind: fc.constant('delay' as const), producer }),
    repeat: fc.record({ kind: fc.constant('repeat' as const), producer }),
    restart: fc.record({ kind: fc.constant('restart' as const), producer }),
    leave: fc.record({ kind: fc.constant('leave' as const), producer }),
    join: fc.record({ kind: fc.constant('join' as const), producer }),
    wait: fc.record({ kind: fc.constant('wait' as const), ms: fc.constantFrom(10, 600, 6000) }),
    cut: fc.constant({ kind: 'cut' as const }),
    junk: fc.record({ kind: fc.constant('junk' as const), text: fc.oneof(fc.json(), fc.string()) }),
    decide: fc.record({
      kind: fc.constant('decide' as const),
      nth: fc.nat(3),
      decision: fc.constantFrom('CONTINUE' as const, 'EDIT' as const, 'EXIT_EARLY' as const),
    }),
  };
  const rare = options.kinds.filter((kind) => kind !== 'say').map((kind) => ({ arbitrary: others[kind], weight: 1 }));
  return fc.array(fc.oneof({ arbitrary: say, weight: 12 }, ...rare), { maxLength: 60 });
}

/** One process of a story: its numbers, and what its hub still keeps of it. */
interface Process {
  readonly producerId: string;
  sequence: number;
  isConnected: boolean;
  isKnown: boolean;
  leftAtMs: number;
  readonly retained: Record<string, unknown>[];
  readonly delayed: Record<string, unknown>[];
  last: Record<string, unknown> | undefined;
}

/** Processes behind a relay, and the relay: what it would say to a viewer who joins now. */
export class StoryRelay {
  /** The one clock of this story: processes, relay and viewer agree. */
  nowMs = START_MS;
  readonly #processes: Process[] = ['one', '__proto__', 'two words'].map((producerId) => ({
    producerId,
    sequence: 1,
    isConnected: false,
    isKnown: false,
    leftAtMs: 0,
    retained: [],
    delayed: [],
    last: undefined,
  }));

  /** The frames with which a viewer is greeted: the snapshot, then who is gone. */
  greeting(): Record<string, unknown>[] {
    const known = this.#processes.filter(({ isKnown }) => isKnown);
    const gone = known.filter(({ isConnected }) => !isConnected);
    return [
      {
        type: 'hub_hello',
        producers: known.map(({ producerId }) => infoOf(producerId)),
        snapshotTrace: known.flatMap(({ retained }) => retained),
      },
      ...gone.map(({ producerId, leftAtMs }) => ({ type: 'producer_left', producerId, leftAt: iso(leftAtMs) })),
    ];
  }

  /** What viewers are told of a happening. */
  tell(happening: Happening): Record<string, unknown>[] {
    if (happening.kind === 'wait') this.nowMs += happening.ms;
    if (!('producer' in happening)) return [];
    this.nowMs += 7;
    const { nowMs } = this;
    const process = this.#processes[happening.producer];
    if (process === undefined) return [];
    switch (happening.kind) {
      case 'say':
        return [...joined(process, nowMs), ...said(process, happening.message(iso(nowMs)), nowMs)];
      case 'lose':
        process.sequence += 1;
        return [];
      case 'delay':
        if (process.delayed.length > 0) return process.delayed.splice(0);
        process.delayed.push(
          ...said(
            process,
            {
              type: 'task_started',
              taskIndex: 1,
              totalTasks: 2,
              taskDescription: 'Late',
              agentRole: 'Writer',
              startedAt: iso(nowMs),
            },
            nowMs,
          ),
        );
        return [];
      case 'repeat':
        return process.last === undefined ? [] : [process.last];
      case 'restart':
        process.sequence = 1;
        this.nowMs += 2000;
        return [];
      case 'leave':
        return left(process, nowMs);
      case 'join':
        return joined(process, nowMs);
    }
  }
}

/** Lets a hub live through a happening, as the viewer of a relay. */
export function live(hub: HubDriver, relay: StoryRelay, happening: Happening): void {
  switch (happening.kind) {
    case 'cut':
      hub.cut();
      hub.connect();
      return receiveAll(hub, relay.greeting());
    case 'junk':
      hub.receive(happening.text);
      return;
    case 'decide': {
      const reviews = Object.keys(hub.view<'reviews'>({ view: 'reviews' }).entities.reviews).sort();
      const review = reviews[happening.nth % Math.max(1, reviews.length)] ?? 'none';
      hub.decide({ review, decision: happening.decision });
      return;
    }
    default: {
      const frames = relay.tell(happening);
      hub.wait(relay.nowMs - hub.nowMs);
      return receiveAll(hub, frames);
    }
  }
}

/** All of these frames, one after another. */
export function receiveAll(hub: HubDriver, frames: readonly unknown[]): void {
  for (const frame of frames) hub.receive(frame, SOURCE);
}

function said(process: Process, message: Record<string, unknown>, nowMs: number): Record<string, unknown>[] {
  const { producerId, sequence } = process;
  const { reviewId } = message;
  const own = typeof reviewId === 'string' ? { ...message, reviewId: `${reviewId} of ${producerId}` } : message;
  const event = envelope({ producerId, sequence, atMs: nowMs }, own);
  process.sequence += 1;
  process.last = event;
  process.isKnown = true;
  if (message['type'] !== 'token') process.retained.push(event);
  return [event];
}

function joined(process: Process, nowMs: number): Record<string, unknown>[] {
  if (process.isConnected) return [];
  process.isConnected = true;
  process.isKnown = true;
  return [{ type: 'producer_joined', producer: infoOf(process.producerId), joinedAt: iso(nowMs) }];
}

function left(process: Process, nowMs: number): Record<string, unknown>[] {
  if (!process.isConnected) return [];
  process.isConnected = false;
  process.leftAtMs = nowMs;
  return [{ type: 'producer_left', producerId: process.producerId, leftAt: iso(nowMs) }];
}

function infoOf(producerId: string): Record<string, unknown> {
  return { producerId, serviceName: `service of ${producerId}` };
}

function iso(ms: number): string {
  return new Date(ms).toISOString();
}
