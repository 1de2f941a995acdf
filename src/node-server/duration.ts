const UNITS_MS: ReadonlyMap<string, number> = new Map([
  ['ms', 1],
  ['s', 1000],
  ['m', 60_000],
  ['h', 3_600_000],
  ['d', 86_400_000],
]);

/** How long a text like `30m` or `90s` is, in milliseconds; units are ms, s, m, h and d. `undefined` if it is none. */
export function parseDurationMs(text: string): number | undefined {
  const match = /^(\d{1,9})(ms|s|m|h|d)$/.exec(text);
  const unitMs = UNITS_MS.get(match?.[2] ?? '');
  return unitMs === undefined ? undefined : Number(match?.[1]) * unitMs;
}

/** The shortest text that {@link parseDurationMs} reads as that long. */
export function formatDuration(durationMs: number): string {
  const [unit, unitMs] = [...UNITS_MS].reverse().find(([, candidateMs]) => durationMs % candidateMs === 0) ?? ['ms', 1];
  return `${durationMs / unitMs}${unit}`;
}
