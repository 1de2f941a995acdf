import { expect, it } from 'vitest';
import { wallTime } from './wall-time.ts';

it('says the day where it is another one', () => {
  const beforeMidnight = new Date(2026, 10, 21, 23, 59, 30).getTime();
  expect(wallTime(beforeMidnight, beforeMidnight + 29_000)).not.toContain('21');
  expect(wallTime(beforeMidnight, beforeMidnight + 31_000)).toMatch(/21.*59/);
});
