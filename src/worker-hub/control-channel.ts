import { type HubRelease, isObject, isRelease } from './hub-release.ts';

/** Name of the channel on which the hubs of one browser talk about who is active. */
export const CONTROL_CHANNEL = 'hub-control';

/** What a hub says when it wants to be the active one: older ones are to let go. */
export interface RetireMessage {
  readonly kind: 'retire';
  readonly bootId: string;
  readonly release: HubRelease;
  /** The user wants the hub in this tab: one of the same release is to let go as well. */
  readonly isAsked: boolean;
}

/** What the hub needs of a BroadcastChannel: https://html.spec.whatwg.org/multipage/web-messaging.html#broadcasting-to-other-browsing-contexts */
export interface ControlChannel {
  /** To every other hub, not to this one. */
  post(message: RetireMessage): void;
  /** `hear` gets whatever is said, by hubs of any version. */
  listen(hear: (data: unknown) => void): void;
  close(): void;
}

/** Whether what was heard is a message that this version understands. */
export function isRetireMessage(data: unknown): data is RetireMessage {
  if (!isObject(data) || data['kind'] !== 'retire') return false;
  return typeof data['bootId'] === 'string' && typeof data['isAsked'] === 'boolean' && isRelease(data['release']);
}
