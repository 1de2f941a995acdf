import fc from 'fast-check';

/** Something that happens in a story: to a process, to its events on their way, to the connection, or to the clock. */
export type ChaosStep =
  | {
      readonly kind: 'say';
      readonly producer: number;
      /** Draws what is said. */
      readonly choice: number;
      /** What becomes of it on its way to the relay. */
      readonly way: 'plain' | 'lost' | 'late' | 'twice';
      /** By how much its clock has just been set back, in milliseconds. */
      readonly backMs: number;
    }
  /** The process begins again; another process takes the same id; an old event comes again. */
  | { readonly kind: 'restart' | 'rival' | 'again'; readonly producer: number; readonly choice: number }
  | { readonly kind: 'leave' | 'join'; readonly producer: number }
  /** The connection is cut; is there again, with a greeting that `choice` draws; stays, and is greeted afresh. */
  | { readonly kind: 'cut' | 'greet' }
  | { readonly kind: 'connect'; readonly choice: number }
  | { readonly kind: 'wait'; readonly ms: number };

/** What happens, one after another: mostly a process says something. */
export function chaosArb(rare: readonly ChaosStep['kind'][]): fc.Arbitrary<ChaosStep[]> {
  const producer = fc.nat(2);
  const choice = fc.nat(1999);
  const way = fc.oneof(
    { weight: 20, arbitrary: fc.constant('plain' as const) },
    { weight: 1, arbitrary: fc.constantFrom('lost' as const, 'late' as const, 'twice' as const) },
  );
  const backMs = fc.oneof({ weight: 9, arbitrary: fc.constant(0) }, { weight: 1, arbitrary: fc.nat(800) });
  const say = fc.record({ kind: fc.constant('say' as const), producer, choice, way, backMs });
  const kinds = rare.filter((kind) => kind !== 'say');
  const others = kinds.map((kind): fc.Arbitrary<ChaosStep> => {
    if (kind === 'wait') return fc.constantFrom(10, 200, 600, 2000).map((ms) => ({ kind, ms }));
    if (kind === 'leave' || kind === 'join') return producer.map((of) => ({ kind, producer: of }));
    if (kind === 'cut' || kind === 'greet') return fc.constant({ kind });
    if (kind === 'connect') return choice.map((drawn) => ({ kind, choice: drawn }));
    return fc.record({ kind: fc.constant(kind), producer, choice });
  });
  return fc.array(fc.oneof({ weight: 12 * Math.max(1, kinds.length), arbitrary: say }, ...others), {
    minLength: 1,
    maxLength: 200,
    size: 'max',
  });
}
