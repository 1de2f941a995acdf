import type { CancelTimer, Clock } from './clock.ts';
import { type ControlChannel, isRetireMessage } from './control-channel.ts';
import { compareReleases, type HubRelease, releaseLockName } from './hub-release.ts';
import type { Locks } from './locks.ts';
import { ACTIVE_LOCK, aliveLockName, type OtherHubs, readOtherHubs } from './other-hubs.ts';

/** How long a hub that is to let go has for it, ms; then the lock is taken from it. An honest hand-over takes under 100 ms. */
export const STEAL_AFTER_MS = 5_000;

/** How soon a hub in line says that it stands by, ms: a tab that was reloaded gets the lock of its dying worker before that. */
export const STANDBY_AFTER_MS = 300;

/** What a lifetime needs. */
export interface LifetimeOptions {
  /** Undefined where the browser has none: there cannot be a second hub that knows of this one, so this one is active. */
  readonly locks: Locks | undefined;
  readonly channel: ControlChannel;
  readonly clock: Clock;
  readonly bootId: string;
  /** What is known of the release before a tab says when its page was built. */
  readonly release: Omit<HubRelease, 'builtAtMs'>;
  /** Connections and databases are this hub's from now on. */
  readonly onActive: () => void;
  /** A hub of the same release is active in another tab, and stays so until its end or until the user wants this one. */
  readonly onStandby: () => void;
  /**
   * Closes connections at once, and storage as soon as everything is written; settles then. Without `mayWrite` the storage is
   * another hub's already, and nothing more is written.
   */
  readonly close: (mayWrite: boolean) => Promise<void>;
  /** This hub has let go; `next` is who takes over, as far as that is known. Said once, as the last thing. */
  readonly onRetired: (next: HubRelease | undefined) => void;
  /** The locks could not be asked for; this hub stays without connections. Said once. */
  readonly onDenied: (error: unknown) => void;
}

type Phase =
  | { readonly kind: 'new' }
  /** In line for the lock; aborting `turn` leaves the line. */
  | { readonly kind: 'waiting'; readonly turn: AbortController }
  | { readonly kind: 'active' }
  | { readonly kind: 'ended' };

/**
 * The life of this hub beside others. Two builds of the page may be open at once, or two tabs that cannot share a worker,
 * and only one hub at a time may hold the connections: a newer one retires an older one, an older one stands down.
 */
export class Lifetime {
  readonly #options: LifetimeOptions;
  readonly #ended = new AbortController();
  readonly #untilEnd: Promise<void>;
  /** Settles once the lock of the living is held, or cannot be. */
  readonly untilAlive: Promise<void>;
  #settleAlive: () => void = () => undefined;
  #phase: Phase = { kind: 'new' };
  #release: HubRelease | undefined;
  #stopShowing: () => void = () => undefined;
  #cancelLooks: CancelTimer = () => undefined;
  #isDenied = false;

  constructor(options: LifetimeOptions) {
    this.#options = options;
    const { signal } = this.#ended;
    this.#untilEnd = new Promise((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
    this.untilAlive = new Promise((resolve) => {
      this.#settleAlive = resolve;
    });
  }

  get isActive(): boolean {
    return this.#phase.kind === 'active';
  }

  /** Whether it lets go, or has let go, of everything for another hub. */
  get isOver(): boolean {
    return this.#phase.kind === 'ended';
  }

  /** What this hub is beside others; undefined before the first tab has said hello. */
  get release(): HubRelease | undefined {
    return this.#release;
  }

  /** Takes the lock of the living, and listens to other hubs. */
  begin(): void {
    const { bootId, channel } = this.#options;
    void this.#keep(aliveLockName(bootId), this.#untilEnd).then(() => this.#settleAlive());
    channel.listen((data) => this.#hear(data));
  }

  /** A tab whose page was built then uses this hub. The first one makes it enter the line, a newer one makes it newer. */
  meet(builtAtMs: number): void {
    if (this.#phase.kind === 'ended' || builtAtMs <= (this.#release?.builtAtMs ?? -Infinity)) return;
    this.#release = { ...this.#options.release, builtAtMs };
    if (this.#options.locks === undefined) this.#activate();
    else this.#introduce(this.#release).catch((error: unknown) => this.#deny(error));
  }

  /** The user wants the hub here. */
  useHere(): void {
    if (this.#phase.kind !== 'waiting') return;
    this.#announce(true);
    this.#lookLater(true);
  }

  /**
   * Whether this hub holds the lock, asked of the browser: a hub that was frozen may have lost it and not know yet. One that
   * has lost it lets go of everything.
   */
  async isHolder(): Promise<boolean> {
    if (!this.isActive || this.#options.locks === undefined) return this.isActive;
    const { isHolder } = await this.#others();
    if (!isHolder) void this.#retire(undefined);
    return isHolder && this.isActive;
  }

  /** Lets go of all locks, so that the next in line becomes active. */
  end(): void {
    this.#leave();
    this.#ended.abort();
  }

  /** Shows its release, looks who else is there, and acts on it. Whoever does so second sees the first. */
  async #introduce(release: HubRelease): Promise<void> {
    await this.#show(release);
    const { newest } = await this.#others();
    if (this.#phase.kind === 'ended' || release !== this.#release) return;
    if (newest !== undefined && compareReleases(newest, release) > 0) return this.#retire(newest);
    if (this.#phase.kind === 'active') return;
    this.#announce(false);
    if (this.#phase.kind === 'new') this.#joinLine();
    this.#lookLater(false);
  }

  #announce(isAsked: boolean): void {
    const { channel, bootId } = this.#options;
    if (this.#release !== undefined) channel.post({ kind: 'retire', bootId, release: this.#release, isAsked });
  }

  #hear(data: unknown): void {
    const own = this.#release;
    if (own === undefined || this.#phase.kind === 'ended' || !isRetireMessage(data)) return;
    if (compareReleases(data.release, own) > 0) void this.#retire(data.release);
    else if (data.isAsked && this.#isTwin(data.release)) this.#yield(data.release);
  }

  /** The user wants a hub of the same release in another tab: an active one hands over, one in line goes to its end. */
  #yield(next: HubRelease): void {
    if (this.#phase.kind === 'active') void this.#retire(next);
    else if (this.#phase.kind === 'waiting') {
      this.#phase.turn.abort();
      this.#joinLine();
    }
  }

  #joinLine(): void {
    const turn = new AbortController();
    this.#phase = { kind: 'waiting', turn };
    this.#request({ signal: turn.signal }, turn.signal);
  }

  /** `turn` is whose place in line the request is; `signal` cannot go with `steal`. */
  #request(options: { signal: AbortSignal } | { steal: true }, turn: AbortSignal): void {
    const { locks } = this.#options;
    const hold = (): unknown => {
      if (turn.aborted) return undefined;
      this.#activate();
      return this.#untilEnd;
    };
    locks?.request(ACTIVE_LOCK, { mode: 'exclusive', ...options }, hold).catch((error: unknown) => {
      if (turn.aborted || this.#phase.kind === 'ended') return;
      if (this.#phase.kind === 'active') void this.#retire(undefined);
      else this.#deny(error);
    });
  }

  #lookLater(isAsked: boolean): void {
    this.#cancelLooks();
    const { clock } = this.#options;
    const cancelFirst = clock.after(STANDBY_AFTER_MS, () => void this.#look(() => false));
    const cancelLast = clock.after(STEAL_AFTER_MS, () => void this.#look((holder) => this.#mayTake(holder, isAsked)));
    this.#cancelLooks = () => {
      cancelFirst();
      cancelLast();
    };
  }

  /** Still in line: says so where that is how it is to be, and takes the lock where `mayTake` says so. */
  async #look(mayTake: (holder: HubRelease | undefined) => boolean): Promise<void> {
    const { holder } = await this.#others();
    if (this.#phase.kind !== 'waiting' || holder === undefined) return;
    if (mayTake(holder.release)) this.#takeLock();
    else if (this.#isTwin(holder.release)) this.#options.onStandby();
  }

  /** Whether a holder should have let go by now. */
  #mayTake(holder: HubRelease | undefined, isAsked: boolean): boolean {
    const own = this.#release;
    if (own === undefined || holder === undefined) return true;
    if (this.#isTwin(holder)) return isAsked;
    // Of one address there can be only one worker, so another one with the same is dead and the browser has not noticed.
    return compareReleases(holder, own) <= 0;
  }

  #takeLock(): void {
    if (this.#phase.kind === 'waiting') this.#phase.turn.abort();
    const turn = new AbortController();
    this.#phase = { kind: 'waiting', turn };
    this.#request({ steal: true }, turn.signal);
  }

  /** Whether another hub is of the same release, and neither of them can be shared by tabs. */
  #isTwin(other: HubRelease | undefined): boolean {
    const own = this.#release;
    if (own === undefined || other === undefined) return false;
    return own.url === undefined && compareReleases(other, own) === 0;
  }

  #activate(): void {
    if (this.#phase.kind === 'ended') return;
    this.#cancelLooks();
    this.#phase = { kind: 'active' };
    this.#options.onActive();
  }

  /**
   * Lets go of everything for another hub: what it holds first, then the word to its tabs, then the locks. `next` is undefined
   * where the lock is lost already.
   */
  async #retire(next: HubRelease | undefined): Promise<void> {
    if (this.#phase.kind === 'ended') return;
    this.#leave();
    try {
      await this.#close(next !== undefined);
    } finally {
      this.#options.onRetired(next ?? (await this.#others()).newest);
      this.#ended.abort();
    }
  }

  /** A storage that does not close must not keep the tabs with a hub whose lock is taken by then. */
  async #close(mayWrite: boolean): Promise<void> {
    const { clock, close } = this.#options;
    let cancel: CancelTimer = () => undefined;
    const limit = new Promise<void>((resolve) => {
      cancel = clock.after(STEAL_AFTER_MS, resolve);
    });
    try {
      await Promise.race([close(mayWrite), limit]);
    } finally {
      cancel();
    }
  }

  #leave(): void {
    if (this.#phase.kind === 'waiting') this.#phase.turn.abort();
    this.#phase = { kind: 'ended' };
    this.#cancelLooks();
    this.#options.channel.close();
  }

  /** Holds the lock that shows the release, in place of the one that showed an older one. */
  async #show(release: HubRelease): Promise<void> {
    const stopBefore = this.#stopShowing;
    const until = new Promise<void>((resolve) => {
      this.#stopShowing = resolve;
    });
    await this.#keep(releaseLockName(this.#options.bootId, release), Promise.race([until, this.#untilEnd]));
    stopBefore();
  }

  /** Holds a lock that nobody else wants; settles once it is held, or cannot be. */
  #keep(name: string, until: Promise<void>): Promise<void> {
    return new Promise((resolve) => {
      const { signal } = this.#ended;
      const hold = (): Promise<void> => {
        resolve();
        return until;
      };
      const request = this.#options.locks?.request(name, { mode: 'exclusive', signal }, hold);
      if (request === undefined) return resolve();
      request.catch((error: unknown) => {
        resolve();
        this.#deny(error);
      });
    });
  }

  async #others(): Promise<OtherHubs> {
    const { locks, bootId } = this.#options;
    const answer = await locks?.query();
    return readOtherHubs(answer?.held ?? [], bootId);
  }

  #deny(error: unknown): void {
    if (this.#ended.signal.aborted || this.#isDenied) return;
    this.#isDenied = true;
    this.#options.onDenied(error);
  }
}
