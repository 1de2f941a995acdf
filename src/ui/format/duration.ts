const SECOND_MS = 1000;
const MINUTE_S = 60;
const HOUR_S = 3600;
const DAY_S = 24 * HOUR_S;

function twoDigits(value: number): string {
  return String(value).padStart(2, '0');
}

/** A span as a clock shows it: `0:07`, `4:58`, `1:02:03`, `2 d 0:59:56`. Whole seconds, rounded down; negative spans are `0:00`. */
export function clockDuration(ms: number): string {
  const seconds = Math.max(0, Math.floor(ms / SECOND_MS));
  const days = Math.floor(seconds / DAY_S);
  const hours = Math.floor((seconds % DAY_S) / HOUR_S);
  const minutes = Math.floor((seconds % HOUR_S) / MINUTE_S);
  const rest = twoDigits(seconds % MINUTE_S);
  if (seconds < HOUR_S) return `${minutes}:${rest}`;
  return `${days > 0 ? `${days} d ` : ''}${hours}:${twoDigits(minutes)}:${rest}`;
}

/** What is left until a deadline, rounded up, so that `0:00` is shown only when it has passed. */
export function clockCountdown(ms: number): string {
  return clockDuration(Math.ceil(Math.max(0, ms) / SECOND_MS) * SECOND_MS);
}

/** A measured duration: `38 ms`, `2.4 s`, `3:21`. */
export function measuredDuration(ms: number): string {
  if (ms < SECOND_MS) return `${Math.round(ms)} ms`;
  if (ms < MINUTE_S * SECOND_MS) return `${(ms / SECOND_MS).toFixed(1)} s`;
  return clockDuration(ms);
}

/** How long ago, in one unit: `now`, `48 s`, `6 min`, `3 h`, `2 d`. */
export function ageOf(ms: number): string {
  const seconds = Math.floor(ms / SECOND_MS);
  if (seconds < 1) return 'now';
  if (seconds < MINUTE_S) return `${seconds} s`;
  if (seconds < HOUR_S) return `${Math.floor(seconds / MINUTE_S)} min`;
  const hours = Math.floor(seconds / HOUR_S);
  return hours < 48 ? `${hours} h` : `${Math.floor(hours / 24)} d`;
}
