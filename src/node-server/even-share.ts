/**
 * The most that each may keep so that all together keep no more than `total`:
 * who has less than that keeps all, and who has more gives down to it.
 * `Infinity` if nobody has to give.
 */
export function evenShare(amounts: readonly number[], total: number): number {
  const ascending = [...amounts].sort((a, b) => a - b);
  let left = total;
  for (const [index, amount] of ascending.entries()) {
    const share = left / (ascending.length - index);
    if (amount > share) return Math.max(share, 0);
    left -= amount;
  }
  return Number.POSITIVE_INFINITY;
}
