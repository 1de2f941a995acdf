import type { Arrival } from '../../src/hub/producer-record.ts';

/** An event of a producer as it comes in, ten milliseconds behind the one before it. */
export function arrival(producerId: string, sequence: number, more: Partial<Arrival> = {}): Arrival {
  return {
    producer: { producerId },
    sequence,
    receivedAt: { ms: sequence * 10, ns: 0 },
    text: `${producerId} ${sequence}`,
    type: 'tool_called',
    message: {},
    bytes: 10,
    ...more,
  };
}
