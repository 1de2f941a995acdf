import { describe, expect, test } from 'vitest';
import { SAID } from '../../test/support/envelopes.ts';
import { HubDriver, SOURCE } from '../../test/support/hub-driver.ts';
import { producerKey, reviewKey } from '../protocol/tab/keys.ts';

/** An embedded dashboard that waits for a person. */
function waitingEmbedded(timeoutMs = 20_000): HubDriver {
  const hub = new HubDriver();
  hub.add();
  hub.receive({ type: 'hello' });
  for (const message of [SAID.runStarted(), SAID.taskStarted(), SAID.review('r1', { timeoutMs })]) hub.receive(message);
  return hub;
}

describe('a review of an embedded dashboard', () => {
  test('has its deadline by our clock, and is what the process says at the end', () => {
    const hub = waitingEmbedded(2000);
    expect(hub.review('r1')?.deadlineMs).toBe(hub.nowMs + 2000);
    hub.wait(2100);
    expect(hub.review('r1')?.status).toEqual({ kind: 'expired', announced: 'CONTINUE' });
    hub.receive({ type: 'review_timed_out', reviewId: 'r1', action: 'EXIT_EARLY' });
    expect(hub.review('r1')?.status).toEqual({ kind: 'expired', announced: 'CONTINUE', happened: 'exited' });
  });

  test('is unknown after a cut, and cannot be decided until the process is back', () => {
    const hub = waitingEmbedded();
    hub.cut();
    expect(hub.review('r1')).toMatchObject({
      status: { kind: 'unknown', why: 'The connection was cut, and the process may have gone on by itself since.' },
      canDecide: false,
    });
    expect(hub.decide({ review: reviewKey(producerKey(SOURCE, 'self'), 'r1'), decision: 'CONTINUE' }).decided).toEqual({
      ok: false,
      error: {
        code: 'not-open',
        message: `at ${SOURCE} is not connected, and its process may have gone on by itself. Decide again when it is back.`,
      },
    });
    hub.connect();
    hub.receive({ type: 'hello', snapshotTrace: [SAID.runStarted(), SAID.taskStarted()] });
    expect(hub.review('r1')).toMatchObject({
      status: {
        kind: 'unknown',
        why: 'The connection was cut for a while, and the process has not said what it did meanwhile.',
      },
      canDecide: true,
    });
    hub.receive(SAID.taskCompleted());
    expect(hub.review('r1')).toMatchObject({ canDecide: false });
    expect(hub.review('r1')?.status.kind).not.toBe('unknown');
  });

  test('that was decided so near to its deadline that it may have been too late says so', () => {
    const hub = waitingEmbedded(2000);
    hub.wait(1900);
    hub.decide({ review: reviewKey(producerKey(SOURCE, 'self'), 'r1'), decision: 'CONTINUE' });
    expect(hub.review('r1')?.status).toEqual({ kind: 'sent' });
    hub.wait(300);
    hub.receive(SAID.taskCompleted());
    expect(hub.review('r1')?.status).toEqual({
      kind: 'unknown',
      why: 'The decision was sent, and nothing that the process said since proves what it did.',
    });
  });
});
