import type { HubCommands } from './sessions/tab-session.ts';

/** Said by a command that came too late; the tab goes on at another hub as soon as this one has written everything. */
const LEAVING = 'The hub of this page is just being replaced. Try once more in a moment.';

/** Commands that do nothing but report, and say so, once the hub lets go of its connections and its storage for another one. */
export function guardCommands(commands: HubCommands, isLeaving: () => boolean): HubCommands {
  const guarded = Object.entries(commands).map(([name, run]: [string, (...given: never[]) => unknown]) => {
    function runUnlessLeaving(...given: never[]): unknown {
      if (isLeaving() && name !== 'status') throw new Error(LEAVING);
      return run(...given);
    }
    return [name, runUnlessLeaving];
  });
  return Object.fromEntries(guarded) as HubCommands;
}
