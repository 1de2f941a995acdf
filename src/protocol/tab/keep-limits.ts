/** What a browser keeps, at most. Each can be set by the user. */
export interface KeepLimits {
  /** Producers that are not connected. */
  readonly maxProducers: number;
  /** Runs of a producer. */
  readonly maxRuns: number;
  /** Iterations of a conversation. */
  readonly maxIterations: number;
  /** After how many minutes of silence a producer that is not connected leaves the roster for the history. */
  readonly idleMinutes: number;
  readonly maxMegabytes: number;
  /** How many days a run is kept after its last event. */
  readonly maxDays: number;
}

/** The limits that apply unless the user sets others. */
export const DEFAULT_KEEP_LIMITS: KeepLimits = {
  maxProducers: 50,
  maxRuns: 10,
  maxIterations: 5,
  idleMinutes: 30,
  maxMegabytes: 512,
  maxDays: 30,
};

/** The highest value that each may be set to; the lowest is 1. */
export const HIGHEST_KEEP_LIMITS: KeepLimits = {
  maxProducers: 10_000,
  maxRuns: 10_000,
  maxIterations: 1_000,
  idleMinutes: 10_080,
  maxMegabytes: 8_192,
  maxDays: 3_650,
};

/** The limits in what somebody set: each as it is if it is a whole number within its bounds, else as it was before. */
export function readKeepLimits(value: unknown, before: Partial<KeepLimits> = {}): Partial<KeepLimits> {
  if (typeof value !== 'object' || value === null) return before;
  const given = new Map<string, unknown>(Object.entries(value));
  const read: { -readonly [K in keyof KeepLimits]?: KeepLimits[K] } = { ...before };
  for (const name of Object.keys(DEFAULT_KEEP_LIMITS) as (keyof KeepLimits)[]) {
    const limit = given.get(name);
    if (typeof limit !== 'number' || !Number.isSafeInteger(limit)) continue;
    if (limit >= 1 && limit <= HIGHEST_KEEP_LIMITS[name]) read[name] = limit;
  }
  return read;
}
