const UNITS = ['B', 'kB', 'MB', 'GB'] as const;

/** An amount of data in one unit: `812 B`, `14 kB`, `3.2 MB`, `512 MB`. A kB is 1,024 B, as browsers count their storage. */
export function sizeText(bytes: number): string {
  let value = Math.max(0, bytes);
  let unit = 0;
  while (value >= 1024 && unit < UNITS.length - 1) {
    value /= 1024;
    unit += 1;
  }
  const digits = unit >= 2 && value < 10 ? 1 : 0;
  return `${value.toFixed(digits)} ${UNITS[unit] ?? 'GB'}`;
}
