import { Lifetime } from '../lifetime.ts';
import { FakeChannels } from './fake-channels.ts';
import { FakeClock } from './fake-clock.ts';
import { FakeLocks } from './fake-locks.ts';

/** Lets everything happen that is under way, which the fakes do before the next turn of the event loop. */
export const settled = (): Promise<unknown> => new Promise((resolve) => setTimeout(resolve));

interface HubOptions {
  readonly builtAtMs?: number;
  readonly contract?: number;
  readonly database?: number;
  /** In a worker of one tab, which no other tab can reach. */
  readonly isAlone?: boolean;
  /** How long it takes to close, until it is settled by the test. */
  readonly closing?: Promise<void>;
}

/** One browser in which hubs live beside each other. */
export function createBrowser() {
  const locks = new FakeLocks();
  const channels = new FakeChannels();
  const clock = new FakeClock();
  /** Who has connections now; two at once is what must never be. */
  const open = new Set<string>();
  const most = { open: 0 };
  function start(id: string, options: HubOptions = {}) {
    const { contract = 1, database = 1, isAlone = false, closing } = options;
    const said: string[] = [];
    const lifetime = new Lifetime({
      locks: locks.of(id),
      channel: channels.of(id),
      clock,
      bootId: id,
      release: { contract, database, name: 'hub', ...(isAlone ? {} : { url: `http://a/${id}.js` }) },
      onActive: () => {
        said.push('active');
        open.add(id);
        most.open = Math.max(most.open, open.size);
      },
      onStandby: () => said.push('standby'),
      close: async (mayWrite) => {
        open.delete(id);
        if (!mayWrite) said.push('writes nothing');
        await closing;
      },
      onRetired: (next) => said.push(`retired by ${next?.url ?? next?.builtAtMs ?? 'nobody'}`),
      onDenied: (error) => said.push(`denied: ${String(error)}`),
    });
    lifetime.begin();
    lifetime.meet(options.builtAtMs ?? 1);
    return { lifetime, said };
  }
  async function pass(ms: number): Promise<void> {
    await settled();
    clock.advance(ms);
    await settled();
  }
  return { locks, channels, clock, open, most, start, pass };
}
