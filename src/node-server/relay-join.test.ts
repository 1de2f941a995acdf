import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { FakePublisher } from '../../test/support/publisher.ts';
import { FakeViewer } from '../../test/support/viewer.ts';
import { createRelay, type Relay } from './create-relay.ts';
import { said } from './test-support/said.ts';

const JOINS = 100;
const EVENTS = 600;

interface Envelope {
  readonly sequence: number;
}

describe('viewers that join while events flow', () => {
  let relay: Relay;
  let url: string;

  beforeEach(async () => {
    relay = createRelay({ port: 0 });
    ({ url } = await relay.start());
  });

  afterEach(() => relay.stop());

  test('miss nothing and see nothing twice', async () => {
    const publisher = new FakePublisher({ relayUrl: url, producerId: 'p1' });
    await publisher.connect();
    publisher.say(said.ensembleStarted());
    const viewers: FakeViewer[] = [];
    const joining: Promise<void>[] = [];
    for (let sent = 2; sent <= EVENTS; sent += 1) {
      publisher.say(said.toolCalled({ toolName: `tool ${sent}` }));
      if (sent % (EVENTS / JOINS) !== 0) continue;
      joining.push(FakeViewer.connect(url).then((viewer) => void viewers.push(viewer)));
      await new Promise((resolve) => setImmediate(resolve));
    }
    await Promise.all(joining);
    const seenBy = (viewer: FakeViewer): number[] => {
      const [hello, ...rest] = viewer.messages;
      const kept = (hello?.['snapshotTrace'] ?? []) as Envelope[];
      const events = rest.filter(({ type }) => type === 'event') as unknown as Envelope[];
      return [...kept, ...events].map(({ sequence }) => sequence);
    };
    const all = Array.from({ length: EVENTS }, (_, index) => index + 1);
    const lastText = publisher.say(said.ensembleCompleted());
    for (const viewer of viewers) {
      await viewer.until(({ texts }) => texts.at(-1) === lastText);
      expect(seenBy(viewer)).toEqual([...all, EVENTS + 1]);
    }
    expect(viewers).toHaveLength(JOINS);
    const midway = viewers.filter((viewer) => ((viewer.messages[0]?.['snapshotTrace'] ?? []) as []).length < EVENTS);
    expect(midway.length).toBeGreaterThan(JOINS / 4);
  }, 30_000);
});
