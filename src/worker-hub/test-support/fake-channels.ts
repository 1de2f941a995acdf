import type { ControlChannel } from '../control-channel.ts';

interface Member {
  hear: (data: unknown) => void;
  /** What came while the member was frozen; undefined while it is not. */
  frozen: unknown[] | undefined;
}

/** The BroadcastChannel of one browser: what one member posts, all others hear, later. */
export class FakeChannels {
  readonly #members = new Map<string, Member>();

  /** The channel as the hub of this name sees it. */
  of(id: string): ControlChannel {
    const member: Member = { hear: () => undefined, frozen: undefined };
    this.#members.set(id, member);
    return {
      post: (message) => this.say(message, id),
      listen: (hear) => (member.hear = hear),
      close: () => void this.#members.delete(id),
    };
  }

  /** Says something to all but one. */
  say(data: unknown, from?: string): void {
    for (const [id, member] of this.#members) {
      if (id !== from) queueMicrotask(() => this.#members.get(id) === member && deliver(member, data));
    }
  }

  /** Who is frozen hears nothing until it thaws; then everything at once. */
  freeze(id: string): void {
    const member = this.#members.get(id);
    if (member !== undefined) member.frozen ??= [];
  }

  thaw(id: string): void {
    const member = this.#members.get(id);
    const missed = member?.frozen ?? [];
    if (member !== undefined) member.frozen = undefined;
    for (const data of missed) member?.hear(data);
  }

  /** How many listen. */
  get size(): number {
    return this.#members.size;
  }
}

function deliver(member: Member, data: unknown): void {
  if (member.frozen === undefined) member.hear(data);
  else member.frozen.push(data);
}
