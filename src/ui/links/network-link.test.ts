import { describe, expect, it } from 'vitest';
import { parseEnsembles } from './network-link.ts';

describe('parseEnsembles', () => {
  it('reads names and addresses', () => {
    expect(parseEnsembles('kitchen:ws://localhost:7329/ws, bar:wss://b.example/ws')).toEqual([
      { name: 'kitchen', address: 'ws://localhost:7329/ws' },
      { name: 'bar', address: 'wss://b.example/ws' },
    ]);
  });

  it('takes an address without a name as it is', () => {
    expect(parseEnsembles('ws://localhost:7329/ws,localhost:7330,,')).toEqual([
      { address: 'ws://localhost:7329/ws' },
      { address: 'localhost:7330' },
    ]);
  });
});
