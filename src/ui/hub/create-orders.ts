import type { Remote } from 'comlink';
import { createSignal } from 'solid-js';
import type { Accessor } from 'solid-js';
import type { HubApi } from '../../protocol/tab/hub-api.ts';
import type { HubConnection } from './hub-connection.ts';

type Command = HubConnection['command'];

/** What the person wants of the hub, and what came of it. */
export interface Orders {
  /** Runs a command; where it fails the page says so, and this settles with `undefined`. */
  readonly order: <P extends Promise<unknown>>(run: (api: Remote<HubApi>) => P) => Promise<Awaited<P> | undefined>;
  /** Why the last one was not done; undefined once another one was. */
  readonly undone: Accessor<string | undefined>;
  /** It has been read. */
  readonly forgetUndone: () => void;
}

/** Orders over a way to the hub: nothing that a person asks for fails without a word. */
export function createOrders(command: Command): Orders {
  const [undone, setUndone] = createSignal<string>();
  return {
    undone,
    forgetUndone: () => setUndone(undefined),
    async order<P extends Promise<unknown>>(run: (api: Remote<HubApi>) => P): Promise<Awaited<P> | undefined> {
      try {
        const value: Awaited<P> = await command(run);
        setUndone(undefined);
        return value;
      } catch (error) {
        setUndone(`That was not done. ${error instanceof Error ? error.message : String(error)}`);
        return undefined;
      }
    },
  };
}
