/** What the page needs of the browser's registration of its service worker. */
export interface Registration {
  readonly active: unknown;
  readonly waiting: NextWorker | null;
  readonly installing: NextWorker | null;
  update(): Promise<unknown>;
}

/** A service worker on its way. */
export interface NextWorker {
  readonly state: string;
  addEventListener(type: 'statechange', listener: () => void): void;
}

/** The part of workbox-window's `Workbox` that the page uses. */
export interface ServiceWorkerRegistrar {
  addEventListener(
    type: 'waiting' | 'controlling',
    listener: (event: { isUpdate?: boolean | undefined }) => void,
  ): void;
  register(): Promise<Registration | undefined>;
  messageSkipWaiting(): void;
}

/** Whether another version of the page is there or needed. */
export type UpdateState =
  | { readonly kind: 'none' }
  /** It is installed, and waits until somebody wants it. */
  | { readonly kind: 'ready' }
  /** Another tab has let it take over; this one still shows the version before. */
  | { readonly kind: 'in-charge' }
  /** This page cannot go on without it, for this reason. */
  | { readonly kind: 'needed'; readonly text: string };

/** What the flow needs from outside. */
export interface UpdateFlowOptions {
  /** Gives undefined where there are no service workers: reloading then is all there is. */
  loadRegistrar(): Promise<ServiceWorkerRegistrar | undefined>;
  /** When this page was built. */
  readonly builtAtMs: number;
  /** Lives as long as the tab: `sessionStorage`. */
  readonly storage: Pick<Storage, 'getItem' | 'setItem'>;
  isVisible(): boolean;
  /** Whether the page came from the server, past any version in charge, and is what the server has now. */
  isServedNow(): Promise<boolean>;
  reload(): void;
  onState(state: UpdateState): void;
}

/** Under this key stands the build from which the tab has reloaded itself. */
const RELOADED_KEY = 'rostrum-reloaded-from';

/**
 * How a page comes to its next version. That one waits until the user wants it, in whichever tab that is; every other tab
 * then reloads once nobody looks at it, or when its user says so. By itself a tab does so once for each build: where the
 * server still has the old one, reloading again would not help.
 */
export class UpdateFlow {
  readonly #options: UpdateFlowOptions;
  #registrar: ServiceWorkerRegistrar | undefined;
  #registration: Registration | undefined;
  #state: UpdateState = { kind: 'none' };
  #isAsked = false;

  constructor(options: UpdateFlowOptions) {
    this.#options = options;
  }

  /** Registers the service worker. Without one the page works, only not offline. */
  async start(): Promise<void> {
    const registrar = await this.#options.loadRegistrar().catch(() => undefined);
    const registered = registrar?.register().catch(() => undefined);
    registrar?.addEventListener(
      'waiting',
      () => void registered?.then((registration) => void this.#offer(registration)),
    );
    registrar?.addEventListener('controlling', ({ isUpdate }) => isUpdate === true && this.#takenOver());
    this.#registrar = registrar;
    this.#registration = await registered;
  }

  /** The hub has no use for this page any more, for this reason; without one it has again. */
  need(text: string | undefined): void {
    if (text !== undefined) this.#enter({ kind: 'needed', text });
    else if (this.#state.kind === 'needed') this.#enter({ kind: 'none' });
    if (!this.#options.isVisible()) this.hidden();
  }

  /** The user wants the next version now. */
  async reload(): Promise<void> {
    this.#isAsked = true;
    await this.#renew();
  }

  /** Nobody looks at the page now. */
  hidden(): void {
    const { kind } = this.#state;
    if ((kind === 'needed' || kind === 'in-charge') && this.#mayReload()) void this.#renew();
  }

  /** The first version of all waits, too, for a moment that is long on a busy Firefox: nothing is offered then. */
  async #offer(registration: Registration | undefined): Promise<void> {
    // A hard reload may have brought it here before it waits.
    if (!registration?.active || (await this.#options.isServedNow())) return;
    if (this.#state.kind === 'none') this.#enter({ kind: 'ready' });
  }

  #takenOver(): void {
    if (this.#isAsked) return this.#options.reload();
    if (this.#state.kind !== 'needed') this.#enter({ kind: 'in-charge' });
    if (!this.#options.isVisible()) this.hidden();
  }

  /** Reloads, after the newest version has come in charge. A page that no version controls yet is not told of that. */
  async #renew(): Promise<void> {
    this.#isAsked = true;
    const next = await this.#nextInstalled();
    if (next !== undefined) {
      this.#registrar?.messageSkipWaiting();
      await untilState(next, ['activated', 'redundant']);
    }
    this.#options.reload();
  }

  async #nextInstalled(): Promise<NextWorker | undefined> {
    const registration = this.#registration;
    if (registration === undefined) return undefined;
    if (registration.waiting !== null) return registration.waiting;
    await registration.update().catch(() => undefined); // the server is out of reach: what is here is the newest
    const { installing } = registration;
    if (installing === null) return registration.waiting ?? undefined;
    const state = await untilState(installing, ['installed', 'activating', 'activated', 'redundant']);
    return state === 'installed' ? installing : undefined;
  }

  /** True once for each build. */
  #mayReload(): boolean {
    const { storage, builtAtMs } = this.#options;
    try {
      if (storage.getItem(RELOADED_KEY) === String(builtAtMs)) return false;
      storage.setItem(RELOADED_KEY, String(builtAtMs));
      return true;
    } catch {
      return false; // what cannot be remembered might never end
    }
  }

  #enter(state: UpdateState): void {
    this.#state = state;
    this.#options.onState(state);
  }
}

/** Waits until a service worker is in one of these states, and says in which. */
function untilState(worker: NextWorker, states: readonly string[]): Promise<string> {
  return new Promise((resolve) => {
    const look = (): void => {
      if (states.includes(worker.state)) resolve(worker.state);
    };
    worker.addEventListener('statechange', look);
    look();
  });
}
