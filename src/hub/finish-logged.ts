import type { HubWork } from './hub-work.ts';
import type { LoggedChange } from './logged-change.ts';

/** What of an action is to outlast the hub, now that it is over. */
export function finishLogged({ logged, touched, changes }: HubWork): readonly LoggedChange[] {
  for (const { key } of touched) logged.push({ kind: 'touched', producer: key });
  for (const change of changes) {
    if (change.kind === 'review') logged.push(change);
  }
  return logged;
}
