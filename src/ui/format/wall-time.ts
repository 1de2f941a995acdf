const TIME = { hour: '2-digit', minute: '2-digit', second: '2-digit' } as const;

/** A moment as the clock on the wall shows it, in the time zone of the reader, with its day where that is not today. */
export function wallTime(atMs: number, nowMs: number): string {
  const at = new Date(atMs);
  const isToday = at.toDateString() === new Date(nowMs).toDateString();
  return isToday ? at.toLocaleTimeString([], TIME) : at.toLocaleString([], { ...TIME, day: 'numeric', month: 'short' });
}
