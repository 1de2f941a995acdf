import { once } from 'node:events';
import WebSocket from 'ws';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { topLevelValueText } from '../protocol/wire/json-slice.ts';
import { FakeViewer, type ViewerMessage } from '../../test/support/viewer.ts';
import { createRelay, type Relay } from './create-relay.ts';
import { FakeClock } from './test-support/fake-clock.ts';
import { readHubRecording, type RecordedLine } from './test-support/recorded-ingress.ts';
import { RawConnection, statusesOf } from './test-support/raw-connection.ts';

const INGRESS = readHubRecording('hub-ingress.jsonl');
const VIEWED = readHubRecording('hub-viewer.jsonl');
const LATE = readHubRecording('hub-viewer.late.jsonl');
const SECOND_LIFE_BEGINS = INGRESS.findIndex((line) => line.dir === 'open' && line.socket === 4);

interface Envelope {
  readonly producer: { readonly producerId: string };
  readonly sequence: number;
  readonly receivedAt: string;
  readonly message: { readonly type: string };
}

/** Plays what the publishers of the recording did, in its order, against a relay. */
class Replay {
  readonly #port: number;
  readonly #sockets = new Map<number, WebSocket>();
  readonly #posts: RawConnection[] = [];
  readonly delivered: string[] = [];

  constructor(port: number) {
    this.#port = port;
  }

  async play(lines: readonly RecordedLine[], onDecisionDue: () => Promise<void>): Promise<void> {
    for (const line of lines) {
      if (line.dir === 'open') await this.#open(line);
      else if (line.dir === 'up') this.#socket(line).send(line.data ?? '');
      else if (line.dir === 'http') await this.#post(line);
      else if (line.dir === 'down') await onDecisionDue();
      else if (line.dir === 'close') await this.#close(line);
    }
    for (const post of this.#posts)
      expect(statusesOf(await post.until((text) => text.includes('HTTP/1.1')))).toEqual([202]);
  }

  end(): void {
    for (const post of this.#posts) post.close();
  }

  async #open(line: RecordedLine): Promise<void> {
    const headers = { 'User-Agent': line.headers?.['User-Agent'] ?? '' };
    const socket = new WebSocket(`ws://127.0.0.1:${this.#port}${line.url ?? ''}`, {
      headers,
      perMessageDeflate: false,
    });
    socket.on('message', (data: Buffer) => this.delivered.push(data.toString('utf8')));
    this.#sockets.set(line.socket ?? 0, socket);
    await once(socket, 'open');
  }

  async #post(line: RecordedLine): Promise<void> {
    const connection = await RawConnection.open(this.#port);
    this.#posts.push(connection);
    const headers = Object.entries(line.headers ?? {}).map(([name, value]) => `${name}: ${value}\r\n`);
    connection.write(
      Buffer.from(`POST ${line.url ?? ''} HTTP/1.1\r\n${headers.join('')}\r\n${line.data ?? ''}`, 'utf8'),
    );
  }

  async #close(line: RecordedLine): Promise<void> {
    const socket = this.#socket(line);
    socket.close(1000, 'stopped');
    await once(socket, 'close');
  }

  #socket(line: RecordedLine): WebSocket {
    const socket = this.#sockets.get(line.socket ?? 0);
    if (socket === undefined) throw new Error('The recording uses a socket that was not opened.');
    return socket;
  }
}

function envelopeOf(text: string): Envelope {
  return JSON.parse(text) as Envelope;
}

/** The texts of events by producer and life, in the order in which they stand in the list. */
function byLife(texts: readonly string[]): Map<string, string[]> {
  const lives = new Map<string, string[]>();
  const begun = new Map<string, string>();
  for (const text of texts) {
    const { producer, sequence, receivedAt } = envelopeOf(text);
    // In the recording a process counts from 1 again five seconds after its first life.
    const life = `${producer.producerId} ${receivedAt < '2026-11-22T11:21:55' ? 1 : 2}`;
    if (sequence === 1) begun.set(producer.producerId, life);
    lives.set(life, [...(lives.get(life) ?? []), text]);
  }
  return lives;
}

function eventTexts(viewer: FakeViewer): string[] {
  return viewer.texts.filter((_, index) => viewer.messages[index]?.type === 'event');
}

function sorted(lives: ReadonlyMap<string, string[]>): Map<string, string[]> {
  return new Map(
    [...lives].map(([life, texts]) => [
      life,
      [...texts].sort((a, b) => envelopeOf(a).sequence - envelopeOf(b).sequence),
    ]),
  );
}

const SENT_TEXTS = INGRESS.filter((line) => line.dir === 'up' || line.dir === 'http').map((line) => line.data ?? '');
const VIEWED_TEXTS = VIEWED.map((line) => line.data ?? '').filter((text) => text.startsWith('{"type":"event"'));
const DECISION = VIEWED.find((line) => line.dir === 'up')?.data ?? '';

describe('the recorded traffic of a JVM, played against the relay', { timeout: 20_000 }, () => {
  let clock: FakeClock;
  let relay: Relay;
  let url: string;
  let viewer: FakeViewer;
  let replay: Replay;

  beforeEach(async () => {
    clock = new FakeClock(Date.parse('2026-11-22T11:21:51Z'));
    relay = createRelay({ port: 0, clock });
    const started = await relay.start();
    url = started.url;
    viewer = await FakeViewer.connect(url);
    replay = new Replay(started.port);
  });

  afterEach(async () => {
    replay.end();
    await relay.stop();
  });

  async function decide(): Promise<void> {
    await viewer.until(({ messages }) => messages.some(({ type }) => type === 'review_state'));
    viewer.sendText(DECISION);
    await viewer.until(({ messages }) => messages.some(({ state }) => state === 'sent'));
  }

  async function playFirstLives(): Promise<void> {
    await replay.play(INGRESS.slice(0, SECOND_LIFE_BEGINS), decide);
    await viewer.until((seen) => eventTexts(seen).length === SENT_TEXTS.length - 12);
  }

  test('shows a viewer every message of every life, verbatim and in its order', async () => {
    await playFirstLives();
    await replay.play(INGRESS.slice(SECOND_LIFE_BEGINS), decide);
    await viewer.until((seen) => eventTexts(seen).length === SENT_TEXTS.length);
    const seen = byLife(eventTexts(viewer));
    expect([...seen.keys()].sort()).toEqual(['batch-1 1', 'svc-a-1 1', 'svc-a-1 2', 'svc-a-2 1', 'svc-b-1 1']);
    expect(seen).toEqual(sorted(byLife(VIEWED_TEXTS)));
  });

  test('brings the decision back as the recorded hub did', async () => {
    await playFirstLives();
    const recorded = INGRESS.filter((line) => line.dir === 'down').map((line) => line.data);
    expect(replay.delivered).toEqual(recorded);
  });

  test('greets a late viewer with what the recorded hub kept', async () => {
    await playFirstLives();
    clock.advance(3000);
    const late = await FakeViewer.connect(url);
    const [recorded] = LATE.map((line) => JSON.parse(line.data ?? '') as Record<string, unknown>);
    const hello = late.messages[0];
    expect(Object.keys(hello ?? {})).toEqual(Object.keys(recorded ?? {}));
    expect(hello?.['producers']).toEqual(recorded?.['producers']);
    const kept = (message: Record<string, unknown> | undefined) => (message?.['snapshotTrace'] ?? []) as Envelope[];
    const inOrder = (envelopes: readonly Envelope[]) => byLife(envelopes.map((envelope) => JSON.stringify(envelope)));
    expect(inOrder(kept(hello))).toEqual(inOrder(kept(recorded)));
    const instants = kept(hello).map(({ receivedAt }) => receivedAt.padEnd(30, '0'));
    expect(instants).toEqual([...instants].sort());
    const text = late.texts[0] ?? '';
    for (const sent of SENT_TEXTS.slice(0, -12)) {
      expect(text.includes(sent)).toBe(envelopeOf(sent).message.type !== 'token');
    }
  });

  test('pairs the iterations as the recorded hub did, verbatim', async () => {
    await playFirstLives();
    const late = await FakeViewer.connect(url);
    const byId = (message: Record<string, unknown> | undefined) => {
      const pairs = (message?.['iterationsByProducer'] ?? {}) as Record<
        string,
        { started: object; completed: object }[]
      >;
      return new Map(Object.entries(pairs).map(([id, list]) => [id, list.map((pair) => JSON.stringify(pair)).sort()]));
    };
    const recorded = JSON.parse(LATE[0]?.data ?? '') as Record<string, unknown>;
    expect(byId(late.messages[0])).toEqual(byId(recorded));
    const inner = topLevelValueText(
      SENT_TEXTS.find((text) => text.includes('llm_iteration_completed')) ?? '',
      'message',
    );
    expect(late.texts[0]).toContain(`"completed":${inner ?? '?'}`);
  });

  test('says who joined and who left, and of one that only posts neither', async () => {
    await playFirstLives();
    const said = (type: string, seen: readonly ViewerMessage[]) =>
      seen.filter((message) => message.type === type).map((message) => JSON.stringify(message));
    const joined = said('producer_joined', viewer.messages);
    expect(joined.map((text) => (JSON.parse(text) as Envelope).producer.producerId).sort()).toEqual([
      'svc-a-1',
      'svc-a-2',
      'svc-b-1',
    ]);
    expect(said('producer_left', viewer.messages)).toEqual([]);
    clock.advance(3000);
    await viewer.until(({ messages }) => said('producer_left', messages).length === 3);
    const late = await FakeViewer.connect(url);
    await late.until(({ messages }) => said('producer_left', messages).length === 3);
    expect(late.messages.map(({ producerId }) => producerId)).not.toContain('batch-1');
    expect(late.messages.find(({ type }) => type === 'review_state')).toMatchObject({
      producerId: 'svc-b-1',
      state: 'applied',
      decision: 'EDIT',
    });
  });
});
