import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createRelay, type Relay } from '../../src/node-server/create-relay.ts';
import { FakeViewer } from '../support/viewer.ts';

const PROGRAM = fileURLToPath(new URL('JavaPublisher.java', import.meta.url));

/** Starting a JVM and compiling the program takes seconds on a busy machine; this only ends a hang. */
const HANG_MS = 120_000;

/** The numbers of what each way carries, in the order in which the events were made. */
const ALL = Array.from({ length: 200 }, (_, n) => n + 1);

function sequencesOf(viewer: FakeViewer, producerId: string): unknown[] {
  const events = viewer.messagesOf('event');
  return events
    .filter(({ producer }) => (producer as { producerId: string }).producerId === producerId)
    .map(({ sequence }) => sequence);
}

describe('a JVM with nothing but java.net.http', () => {
  let relay: Relay;
  beforeAll(async () => {
    // A machine with other work to do may keep one of the parallel posts back for longer than the default window.
    relay = createRelay({ port: 0, reorderWindowMs: 15_000 });
    await relay.start();
  });
  afterAll(() => relay.stop());

  it(
    'publishes by parallel posts and by socket, all there and in order, and gets the decision',
    async () => {
      const viewer = await FakeViewer.connect(`http://localhost:${relay.port}`);
      const java = promisify(execFile)('java', [PROGRAM, `localhost:${relay.port}`]);
      const isAsked = (): boolean => viewer.messagesOf('review_state').length > 0;
      await Promise.race([viewer.until(isAsked), java]);
      viewer.decide('r1', 'EDIT', 'better — ü');
      expect(JSON.parse((await java).stdout)).toEqual({
        reviewId: 'r1',
        decisionJson: '{"type":"review_decision","reviewId":"r1","decision":"EDIT","revisedOutput":"better — ü"}',
      });
      for (const producerId of ['java-post', 'java-socket']) expect(sequencesOf(viewer, producerId)).toEqual(ALL);
      viewer.close();
    },
    HANG_MS,
  );
});
