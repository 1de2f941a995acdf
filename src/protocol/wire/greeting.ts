import type * as z from 'zod/mini';
import { envelopeSchema, producerInfoSchema } from './envelope.ts';
import type { Hello, helloFrameSchema } from './hello.ts';
import type { HubHello, hubHelloFrameSchema } from './hub-hello.ts';
import { iterationPairSchema } from './llm-iteration.ts';

/** A greeting whose lists hold only what can be read, and how many members had to be left out of them. */
export interface ReadGreeting<T> {
  readonly message: T;
  readonly unreadable: number;
}

interface Checker {
  safeParse(value: unknown): { readonly success: boolean };
}

/** One member of a greeting without what cannot be read of it. */
interface Sifted {
  readonly value: unknown;
  readonly dropped: number;
}

/** Reads the iterations in the greeting of an embedded dashboard, each by itself. */
export function readHello(frame: z.infer<typeof helloFrameSchema>): ReadGreeting<Hello> {
  return withSifted<Hello>(frame, { recentIterations: sift(frame.recentIterations, iterationPairSchema) });
}

/** Reads the producers, envelopes and iterations in the greeting of a hub, each by itself. */
export function readHubHello(frame: z.infer<typeof hubHelloFrameSchema>): ReadGreeting<HubHello> {
  return withSifted<HubHello>(frame, {
    producers: sift(frame.producers, producerInfoSchema),
    snapshotTrace: sift(frame.snapshotTrace, envelopeSchema),
    iterationsByProducer: siftByProducer(frame.iterationsByProducer),
  });
}

/** The frame itself where nothing was dropped, for it may be 50 MB; else a copy with the sifted members in it. */
function withSifted<T>(frame: object, members: Readonly<Record<string, Sifted>>): ReadGreeting<T> {
  const changed = Object.entries(members).filter(([, { dropped }]) => dropped > 0);
  const unreadable = changed.reduce((sum, [, { dropped }]) => sum + dropped, 0);
  const values = Object.fromEntries(changed.map(([name, { value }]) => [name, value]));
  return { message: (unreadable === 0 ? frame : { ...frame, ...values }) as T, unreadable };
}

function sift(list: readonly unknown[] | null | undefined, schema: Checker): Sifted {
  if (list === null || list === undefined) return { value: list, dropped: 0 };
  const kept = list.filter((member) => schema.safeParse(member).success);
  return { value: kept, dropped: list.length - kept.length };
}

function siftByProducer(lists: Readonly<Record<string, unknown>> | null | undefined): Sifted {
  if (lists === null || lists === undefined) return { value: lists, dropped: 0 };
  let dropped = 0;
  const kept: [string, unknown][] = [];
  for (const [producerId, list] of Object.entries(lists)) {
    if (Array.isArray(list)) {
      const sifted = sift(list, iterationPairSchema);
      dropped += sifted.dropped;
      kept.push([producerId, sifted.value]);
    } else {
      dropped += 1;
    }
  }
  // Unlike an assignment, fromEntries gives an id such as __proto__ a member of its own.
  return { value: Object.fromEntries(kept), dropped };
}
