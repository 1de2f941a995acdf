import { describe, expect, it } from 'vitest';
import type { HubWrite } from '../hub/hub-action.ts';
import type { Change } from '../hub/change.ts';
import { reviewKey } from '../protocol/tab/keys.ts';
import { decodeDown } from '../protocol/wire/codec.ts';
import { Mind } from './mind.ts';
import { FakeClock } from './test-support/fake-clock.ts';

const SOURCE_ID = 'ws://localhost:7329/ws';
const REVIEW = {
  type: 'review_requested',
  reviewId: 'r1',
  taskDescription: 'Draft',
  timing: 'AFTER_EXECUTION',
  timeoutMs: 10_000,
  onTimeout: 'CONTINUE',
};

function createMind() {
  const clock = new FakeClock();
  const changes: Change[] = [];
  const writes: HubWrite[] = [];
  const mind = new Mind(clock, {
    onChanges: (more) => changes.push(...more),
    onWrite: (write) => writes.push(write),
    onLogged: () => undefined,
  });
  const sourceId = SOURCE_ID;
  const nowMs = clock.nowMs();
  mind.dispatch({ kind: 'source-added', sourceId, url: SOURCE_ID, label: 'Desk', nowMs });
  mind.dispatch({ kind: 'source-state', sourceId, state: { kind: 'connected', sinceMs: nowMs }, nowMs });
  function say(message: object): void {
    const text = JSON.stringify(message);
    const frame = decodeDown(text);
    if (!frame.ok) throw new Error(frame.error.message);
    mind.dispatch({ kind: 'frame', sourceId, frame: frame.value, text, nowMs: clock.nowMs() });
  }
  say({ type: 'hello' });
  return { clock, mind, changes, writes, say, sourceId };
}

describe('Mind', () => {
  it('passes on what changes and what is to be written, and gives the answer', () => {
    const { mind, changes, writes, say, clock } = createMind();
    say(REVIEW);
    const review = reviewKey(`${SOURCE_ID} self`, 'r1');
    expect(changes).toContainEqual(expect.objectContaining({ kind: 'review', review }));
    const request = { review, decision: 'CONTINUE' } as const;
    const { decided } = mind.dispatch({ kind: 'decide', request, nowMs: clock.nowMs() });
    expect(decided).toMatchObject({ ok: true });
    expect(writes).toEqual([{ sourceId: SOURCE_ID, text: expect.stringContaining('"CONTINUE"') }]);
  });

  it('ticks when something falls due', () => {
    const { mind, say, clock } = createMind();
    say(REVIEW);
    clock.advance(9_000);
    expect(mind.state.openReviews.size).toBe(1);
    clock.advance(1_200);
    expect(mind.state.openReviews.size).toBe(0);
  });

  it('lets nothing wait for a clock that was set back', () => {
    const { mind, say, clock } = createMind();
    const tell = (sequence: number): void => {
      const receivedAt = new Date(clock.nowMs() + sequence).toISOString();
      say({ type: 'event', producer: { producerId: 'p' }, sequence, receivedAt, message: { type: 'profile_applied' } });
    };
    say({ type: 'hub_hello' });
    tell(1);
    tell(3);
    clock.advance(60);
    clock.shift(-3_600_000);
    clock.advance(1_500);
    expect(mind.state.eventsTotal).toBe(2);
    expect(mind.state.nextSweepMs).toBeLessThanOrEqual(clock.nowMs() + 60_000);
  });

  it('sets one timer, however much happens', () => {
    const { say, clock } = createMind();
    for (let n = 0; n < 100; n += 1) say({ type: 'token', token: 'x' });
    expect(clock.pending).toBe(1);
    clock.advance(1_000);
    expect(clock.pending).toBeLessThanOrEqual(1);
  });

  it('stops', () => {
    const { mind, clock, say } = createMind();
    mind.end();
    say({ type: 'token', token: 'x' });
    expect(clock.pending).toBe(0);
  });
});
