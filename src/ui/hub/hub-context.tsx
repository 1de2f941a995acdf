import { createContext, useContext } from 'solid-js';
import type { Accessor } from 'solid-js';
import type { FrameScheduler } from './frame-scheduler.ts';
import type { Orders } from './create-orders.ts';
import type { HubConnection, HubConnectionState } from './hub-connection.ts';

/** What every component may use of the hub. */
export interface Hub extends Orders {
  readonly connection: HubConnection;
  readonly frames: FrameScheduler;
  /** When this page was built, ms since the Unix epoch. */
  readonly builtAtMs: number;
  readonly state: Accessor<HubConnectionState>;
  /** The newest error inside this hub that nobody has caught; undefined while there was none, and once it has been read. */
  readonly hubError: Accessor<string | undefined>;
  forgetHubError(): void;
  isVisible(): boolean;
}

const HubContext = createContext<Hub>();

/** Gives the hub to the components below. */
export const HubProvider = HubContext.Provider;

/** The hub; throws a sentence when used outside `HubProvider`, which is a mistake of the code. */
export function useHub(): Hub {
  const hub = useContext(HubContext);
  if (hub === undefined) throw new Error('useHub was called outside HubProvider.');
  return hub;
}
