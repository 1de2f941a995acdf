const grouped = new Intl.NumberFormat('en-US');

/** A number with its thousands apart: `1,160`. */
export function groupDigits(value: number): string {
  return grouped.format(value);
}

/** A number and its noun: `1 task`, `12 tasks`. */
export function countOf(value: number, singular: string, plural = `${singular}s`): string {
  return `${groupDigits(value)} ${value === 1 ? singular : plural}`;
}
