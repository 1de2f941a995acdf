import { beforeEach, describe, expect, it } from 'vitest';
import { applyTheme, rememberedTheme, resolveTheme } from './theme.ts';

beforeEach(() => localStorage.clear());

describe('resolveTheme', () => {
  it('follows the system only when asked to', () => {
    expect([resolveTheme('system', true), resolveTheme('system', false), resolveTheme('light', true)]).toEqual([
      'dark',
      'light',
      'light',
    ]);
  });
});

describe('applyTheme', () => {
  it('is seen on the page and remembered', () => {
    applyTheme('dark');
    expect(document.documentElement.dataset['theme']).toBe('dark');
    expect(rememberedTheme()).toBe('dark');
    applyTheme('light');
    expect(document.documentElement.dataset['theme']).toBe('light');
  });
});

describe('rememberedTheme', () => {
  it('is the system when nothing sensible is remembered', () => {
    expect(rememberedTheme()).toBe('system');
    localStorage.setItem('rostrum-theme', 'purple');
    expect(rememberedTheme()).toBe('system');
  });
});
