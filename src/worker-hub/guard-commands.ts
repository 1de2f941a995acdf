import type { HubCommands } from './sessions/tab-session.ts';

/** What changes nothing that is to last. */
const HARMLESS: ReadonlySet<string> = new Set<keyof HubCommands>([
  'read',
  'openRun',
  'settings',
  'status',
  'retryNow',
  'useHere',
]);

/** Why nothing is changed any more; the tab goes on at another hub as soon as this one has written everything. */
const LEAVING = 'The hub of this page is just being replaced. Try once more in a moment.';

/** Commands that change nothing, and say so, once the hub lets go of its connections and its storage for another one. */
export function guardCommands(commands: HubCommands, isLeaving: () => boolean): HubCommands {
  const guarded = Object.entries(commands).map(([name, run]: [string, (...given: never[]) => unknown]) => {
    if (HARMLESS.has(name)) return [name, run] as const;
    function runUnlessLeaving(...given: never[]): unknown {
      if (isLeaving()) throw new Error(LEAVING);
      return run(...given);
    }
    return [name, runUnlessLeaving] as const;
  });
  return Object.fromEntries(guarded) as unknown as HubCommands;
}
