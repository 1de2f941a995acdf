import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { said } from '../../src/node-server/test-support/said.ts';
import { expectNothingLeftOpen } from '../support/open-resources.ts';
import { FakePublisher } from '../support/publisher.ts';
import { type RoomLink, RoomScene, type RoomViewer } from '../support/room-scene.ts';
import { HANG_MS, SEED, sized } from './settings.ts';

const RUNS = sized(300, 5_000);
const TIMEOUT_MS = 60_000;

interface Said {
  readonly type: string;
  readonly [member: string]: unknown;
}

function read(viewer: RoomViewer): Said[] {
  return viewer.read().map((text) => JSON.parse(text) as Said);
}

/** The numbers of the events that a viewer was shown. */
function numbers(messages: readonly Said[]): number[] {
  return messages.flatMap((message) => {
    const events = message.type === 'hub_hello' ? ((message['snapshotTrace'] ?? []) as Said[]) : [message];
    return events.filter(({ type }) => type === 'event').map(({ sequence }) => Number(sequence));
  });
}

/** Lets several courses of things happen, each in its own order, in any order between them. */
async function interleave(scheduler: fc.Scheduler, courses: readonly (readonly (() => void)[])[]): Promise<void> {
  for (const course of courses) {
    scheduler.scheduleSequence(course.map((step) => () => Promise.resolve().then(step)));
  }
  await scheduler.waitAll();
}

describe(`whatever comes first (seed ${SEED})`, { timeout: HANG_MS }, () => {
  expectNothingLeftOpen();

  test('who joins between events, in any turn, sees each once and in order', async () => {
    const property = fc.asyncProperty(fc.scheduler(), async (scheduler) => {
      const scene = new RoomScene();
      const source = new FakePublisher({ relayUrl: '', producerId: 'p' });
      const link = scene.connect('p');
      const viewers: RoomViewer[] = [];
      const total = 8;
      const speak = Array.from({ length: total }, () => () => {
        scene.room.publisherSaid(link, source.envelope(said.toolCalled()));
      });
      const join = Array.from({ length: 3 }, () => () => void viewers.push(scene.join()));
      const turns = Array.from({ length: 4 }, () => () => scene.endTurn());
      await interleave(scheduler, [speak, join, turns]);
      scene.endTurn();
      for (const viewer of viewers) {
        expect(numbers(read(viewer))).toEqual(Array.from({ length: total }, (_, index) => index + 1));
      }
      scene.room.dispose();
    });
    await fc.assert(property, { numRuns: RUNS, seed: SEED });
  });

  test('a review that two decide, that runs out, and whose process comes and goes, ends in one way for all', async () => {
    const property = fc.asyncProperty(fc.scheduler(), async (scheduler) => {
      const scene = new RoomScene({}, Date.now());
      const source = new FakePublisher({ relayUrl: '', producerId: 'p' });
      const links: RoomLink[] = [scene.connect('p')];
      const open = new Set(links);
      const speak = (message: object) => {
        const [link] = [...open];
        if (link !== undefined) scene.room.publisherSaid(link, source.envelope(message));
      };
      const reconnect = () => {
        const link = scene.connect('p');
        links.push(link);
        open.add(link);
      };
      const close = () => {
        const [oldest] = [...open];
        if (oldest === undefined) return;
        open.delete(oldest);
        scene.room.publisherClosed(oldest);
      };
      const early = scene.join();
      for (const message of [said.ensembleStarted(), said.taskStarted()]) speak(message);
      speak(said.reviewRequested({ timeoutMs: TIMEOUT_MS }));
      const answers: (string | undefined)[] = [];
      const decide = (decision: string) => () => void answers.push(scene.decide({ reviewId: 'r1', decision }));
      await interleave(scheduler, [
        [decide('CONTINUE')],
        [decide('EXIT_EARLY')],
        [() => scene.wait(TIMEOUT_MS + 1_000)],
        [close, reconnect, close],
        [reconnect],
        [() => scene.endTurn()],
      ]);
      scene.endTurn();
      const taken = answers.filter((code) => code === undefined).length;
      const states = read(early).filter(({ type }) => type === 'review_state');
      const decisions = new Set(states.flatMap(({ decision }) => (decision === undefined ? [] : [decision])));
      expect(taken).toBeLessThanOrEqual(1);
      expect(decisions.size).toBe(taken);
      for (const code of answers) expect([undefined, 'already_decided', 'too_late']).toContain(code);
      for (const link of links) expect(link.decided.length).toBeLessThanOrEqual(taken);
      const last = states.at(-1);
      if (taken === 0) expect(last?.['state']).toBe('expired');
      // Held in spite of a connection: it would never arrive.
      if (open.size > 0) expect(last?.['state']).not.toBe('held');
      const late = read(scene.join()).find(({ type }) => type === 'review_state');
      expect(late).toEqual(last);
      scene.room.dispose();
    });
    await fc.assert(property, { numRuns: RUNS, seed: SEED });
  });
});
