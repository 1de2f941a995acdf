const UNITS = ['', 'K', 'M', 'G'] as const;
const STEP = 1024;

/** How many bytes a text like `512K`, `8M` or `1G` says; without a letter it says bytes. `undefined` if it is none. */
export function parseByteSize(text: string): number | undefined {
  const match = /^(\d{1,12})([KMG]?)$/i.exec(text);
  const power = UNITS.indexOf((match?.[2]?.toUpperCase() ?? '') as (typeof UNITS)[number]);
  return match === null ? undefined : Number(match[1]) * STEP ** power;
}

/** The shortest text that {@link parseByteSize} reads as that many bytes. */
export function formatByteSize(bytes: number): string {
  const powers = [...UNITS.keys()].reverse();
  const power = powers.find((candidate) => bytes % STEP ** candidate === 0) ?? 0;
  return bytes === 0 ? '0' : `${bytes / STEP ** power}${UNITS[power] ?? ''}`;
}
