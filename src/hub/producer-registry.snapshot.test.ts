import { describe, expect, it } from 'vitest';
import { arrival } from '../../test/support/arrival.ts';
import { recordedArrivals } from '../../test/support/recorded-arrivals.ts';
import { kinds, registryOf } from '../../test/support/registry-of.ts';
import type { Envelope } from '../protocol/wire/envelope.ts';
import type { Arrival } from './producer-record.ts';
import { registrySnapshot } from './registry-roster.ts';

describe('the snapshot of all', () => {
  it('is ordered by receivedAt, but never turns round what one producer said', () => {
    const registry = registryOf();
    const at = (ms: number) => ({ receivedAt: { ms, ns: 0 } });
    registry.admit(arrival('clock', 1, at(900)), 0);
    registry.admit(arrival('clock', 2, at(100)), 0);
    registry.admit(arrival('other', 1, at(50)), 0);
    registry.admit(arrival('other', 2, at(950)), 0);
    expect(registrySnapshot(registry).map(({ receivedAt }) => receivedAt.ms)).toEqual([50, 900, 100, 950]);
  });

  it('gives what a viewer needs to know the same', () => {
    const relay = registryOf();
    for (const [index, next] of recordedArrivals().entries()) relay.admit(next, index);
    relay.flush(1_000_000);
    const snapshot = registrySnapshot(relay).map((event): Arrival => ({
      ...event,
      producer: (JSON.parse(event.text) as Envelope).producer,
    }));
    const viewer = registryOf();
    viewer.admitSnapshot(snapshot, 0);
    expect(registrySnapshot(viewer).map(({ text }) => text)).toEqual(snapshot.map(({ text }) => text));
    expect(
      viewer
        .get('svc-a-1')
        ?.epochs()
        .map(({ epoch }) => epoch),
    ).toEqual([1, 2]);
    expect(viewer.get('batch-1')?.epochs()).toEqual([{ epoch: 1, notSeen: 0, missing: [], missingCount: 0 }]);
    expect(kinds(viewer.admitSnapshot(snapshot, 0)).every((kind) => kind.startsWith('repeat'))).toBe(true);
  });

  it('goes on where the cache says an earlier hub stopped', () => {
    const registry = registryOf();
    registry.restore({ producerId: 'a' }, 0, { epoch: 2, numbers: [arrival('a', 1)], missing: [] });
    expect(kinds(registry.admit(arrival('a', 1), 0))).toEqual(['repeat a']);
    expect(registry.admit(arrival('a', 2), 0)).toMatchObject([{ kind: 'event', event: { epoch: 2 } }]);
  });
});
