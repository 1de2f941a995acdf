import { describe, expect, test } from 'vitest';
import { ErrorBudget } from './error-budget.ts';

describe('ErrorBudget', () => {
  test('is used up by the error after the last in a minute', () => {
    const budget = new ErrorBudget(100);
    const spent = Array.from({ length: 101 }, (_, index) => budget.spend(index));
    expect(spent.indexOf(true)).toBe(100);
  });

  test('is full again after a minute', () => {
    const budget = new ErrorBudget(100);
    for (let index = 0; index < 101; index += 1) budget.spend(0);
    expect(budget.spend(59_999)).toBe(true);
    expect(budget.spend(60_000)).toBe(false);
  });
});
