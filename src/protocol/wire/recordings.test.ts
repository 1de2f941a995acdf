import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { decodeDecisionDelivery, decodeDown, decodeEnvelope, decodeUp } from './codec.ts';
import { decodeEnsembleMessage } from './ensemble-message.ts';
import { producerInfoSchema } from './envelope.ts';
import { parseInstant } from './instant.ts';
import { topLevelValueText } from './json-slice.ts';

interface Line {
  readonly dir: string;
  readonly data?: string;
}

const FOLDER = new URL('../../../test/recordings/', import.meta.url);
const NAMES = readdirSync(FOLDER).filter((name) => name.endsWith('.jsonl'));

function read(name: string): readonly Line[] {
  const lines = readFileSync(new URL(name, FOLDER), 'utf8').split('\n');
  return lines.filter((line) => line !== '').map((line) => JSON.parse(line) as Line);
}

function frames(name: string, direction: string): readonly string[] {
  return read(name).flatMap(({ dir, data }) => (dir === direction && data !== undefined ? [data] : []));
}

/** Every ensemble message that a frame holds, wherever in it. */
function messagesIn(value: unknown): readonly unknown[] {
  const frame = value as Readonly<Record<string, unknown>>;
  const trace = (frame['snapshotTrace'] ?? []) as readonly unknown[];
  if (frame['type'] === 'event') return [frame['message']];
  if (frame['type'] === 'hub_hello') return trace.flatMap(messagesIn);
  if (frame['type'] === 'hello') return trace;
  return frame['type'] === 'producer_joined' || frame['type'] === 'producer_left' ? [] : [frame];
}

/** Reads a frame from a server and whatever messages are in it, and loses none of it. */
function expectLossless(text: string): number {
  const value: unknown = JSON.parse(text);
  expect(decodeDown(text)).toEqual({ ok: true, value: { kind: 'known', message: value, unreadable: 0 } });
  const messages = messagesIn(value);
  for (const message of messages) expect(decodeEnsembleMessage(message)).toEqual({ kind: 'known', message });
  return messages.length;
}

describe('a recording', () => {
  test('is there to be read', () => {
    expect(NAMES).toHaveLength(17);
  });

  test.each(NAMES.filter((name) => name !== 'hub-ingress.jsonl'))('%s is read without loss', (name) => {
    const down = frames(name, 'down');
    expect(down.map(expectLossless).reduce((sum, count) => sum + count, 0)).toBeGreaterThan(0);
    for (const text of frames(name, 'up')) {
      expect(decodeUp(text)).toEqual({ ok: true, value: JSON.parse(text) });
    }
  });

  test('of what publishers send is read without loss, by socket and by POST', () => {
    const sent = [...frames('hub-ingress.jsonl', 'up'), ...frames('hub-ingress.jsonl', 'http')];
    expect(sent).toHaveLength(95);
    for (const text of sent) {
      const envelope = JSON.parse(text) as { message: unknown; receivedAt: string };
      expect(decodeEnvelope(text)).toEqual({ ok: true, value: envelope });
      expect(expectLossless(text)).toBe(1);
      expect(topLevelValueText(text, 'message')).toBe(JSON.stringify(envelope.message));
      expect(parseInstant(envelope.receivedAt)).toBeDefined();
    }
  });

  test('of what publishers get is read, and the text in it is a decision', () => {
    const deliveries = frames('hub-ingress.jsonl', 'down');
    expect(deliveries).toHaveLength(1);
    for (const text of deliveries) {
      const delivery = decodeDecisionDelivery(text);
      expect(delivery).toEqual({ ok: true, value: JSON.parse(text) });
      expect(delivery.ok && decodeUp(delivery.value.decisionJson)).toMatchObject({
        ok: true,
        value: { type: 'review_decision', decision: 'EDIT' },
      });
    }
  });

  test('of the list of producers is read', () => {
    const list = JSON.parse(readFileSync(new URL('hub-producers.json', FOLDER), 'utf8')) as { producers: unknown[] };
    expect(list.producers).not.toEqual([]);
    for (const info of list.producers) expect(producerInfoSchema.parse(info)).toEqual(info);
  });
});
