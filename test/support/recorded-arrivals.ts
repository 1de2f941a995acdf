import { readFileSync } from 'node:fs';
import type { Arrival } from '../../src/hub/producer-record.ts';
import { parseInstant } from '../../src/protocol/wire/instant.ts';

/** All that the recorded publishers sent to a relay, in the order in which it came. */
export function recordedArrivals(): Arrival[] {
  const text = readFileSync(new URL('../recordings/hub-ingress.jsonl', import.meta.url), 'utf8');
  return text
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as { dir: string; data: string })
    .filter(({ dir }) => dir === 'up' || dir === 'http')
    .map(({ data }): Arrival => {
      const envelope = JSON.parse(data) as {
        producer: { producerId: string };
        sequence: number;
        receivedAt: string;
        message: { type: string };
      };
      const receivedAt = parseInstant(envelope.receivedAt);
      if (receivedAt === undefined) throw new Error(`no instant in the recording: ${data}`);
      const { producer, sequence, message } = envelope;
      return { producer, sequence, receivedAt, text: data, type: message.type, message, bytes: data.length };
    });
}
