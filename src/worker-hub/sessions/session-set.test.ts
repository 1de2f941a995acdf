import { expect, it } from 'vitest';
import { STREAM_BATCH_MS } from '../../protocol/tab/stream.ts';
import { FakeClock } from '../test-support/fake-clock.ts';
import { SessionSet } from './session-set.ts';
import type { TabSession } from './tab-session.ts';

it('goes on sending batches when the clock is set back', () => {
  const clock = new FakeClock();
  let batches = 0;
  const session: Partial<TabSession> = { isDirty: true, note: () => undefined, flush: () => (batches += 1) };
  const sessions = new SessionSet({ clock, onError: expect.unreachable });
  sessions.add(session as TabSession);
  sessions.note([{ kind: 'roster' } as never]);
  clock.advance(0);
  clock.shift(-3_600_000);
  sessions.note([{ kind: 'roster' } as never]);
  clock.advance(STREAM_BATCH_MS);
  expect(batches).toBe(2);
});
