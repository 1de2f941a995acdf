import { describe, expect, it } from 'vitest';
import { farewell } from './farewell.ts';

const OWN = { contract: 1, database: 1, builtAtMs: 1, name: 'hub', url: 'http://a/1.js' };
const { url: _, ...ALONE } = OWN;

describe('farewell', () => {
  it('names the hub where the tabs can go on', () => {
    const next = { ...OWN, builtAtMs: 2, url: 'http://a/2.js' };
    expect(farewell(next, OWN)).toEqual({ word: 'moved', url: 'http://a/2.js' });
  });

  it('sends a tab to a worker of its own where the other one belongs to another tab, or nobody is known', () => {
    expect(farewell(ALONE, ALONE)).toEqual({ word: 'moved' });
    expect([farewell(undefined, OWN), farewell(OWN, undefined)]).toEqual([{ word: 'moved' }, { word: 'moved' }]);
  });

  it('lets a tab reload that the next hub does not understand', () => {
    const retired = { word: 'retired', text: expect.stringContaining('newer version') };
    expect(farewell({ ...OWN, contract: 2 }, OWN)).toEqual(retired);
    expect(farewell({ ...ALONE, builtAtMs: 2 }, ALONE)).toEqual(retired);
  });
});
