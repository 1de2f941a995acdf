import type { Clock } from './clock.ts';
import type { ControlChannel } from './control-channel.ts';
import type { HubRelease } from './hub-release.ts';
import type { Locks } from './locks.ts';
import type { LastingStore } from './settings/settings-store.ts';
import type { FailureProbes } from './sources/find-failure.ts';
import type { OpenSocket } from './sources/socket.ts';

/** Everything the hub gets from the place where it runs. */
export interface HubOutside {
  readonly clock: Clock;
  readonly openSocket: OpenSocket;
  readonly probes: FailureProbes;
  /** Undefined where the browser has none. */
  readonly locks: Locks | undefined;
  /** To the hubs of other releases, and of tabs that cannot share one. */
  readonly channel: ControlChannel;
  /** What this hub is beside others, as far as the place knows it. */
  readonly release: Omit<HubRelease, 'contract' | 'builtAtMs'>;
  /** From 0 up to, not including, 1. */
  readonly random: () => number;
  /** Name of the file that the hub's code came from. */
  readonly build: string;
  /** An id that nobody else has. */
  readonly newId: () => string;
  /** The text of the file that the demo plays. */
  readonly loadDemo: () => Promise<string>;
  /**
   * Opens what outlasts the hub; `onLost` is told, with a sentence, when it does not work any more, and `isHolder` says whether
   * the hub still holds its lock.
   */
  readonly openStore: (listener: {
    readonly onLost: (text: string) => void;
    readonly isHolder: () => Promise<boolean>;
  }) => Promise<LastingStore>;
  /** Ends the worker, once everything that was said is on its way. */
  readonly close: () => void;
}
