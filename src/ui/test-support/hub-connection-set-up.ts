import { TAB_CONTRACT_VERSION } from '../../protocol/tab/contract-version.ts';
import { HubConnection, type HubConnectionState } from '../hub/hub-connection.ts';
import { FakeLocks } from './fake-locks.ts';
import { PortHub } from './port-hub.ts';

const open: { connection: HubConnection; hubs: PortHub[] }[] = [];

/** Ends what a test has set up; to be called after each. */
export function endConnections(): void {
  for (const { connection, hubs } of open.splice(0)) {
    connection.close();
    for (const hub of hubs) hub.port?.close();
  }
}

/** Timers that ring when the test says so. */
function createTimers() {
  const timers = new Set<() => void>();
  const setTimer = (callback: () => void) => {
    timers.add(callback);
    return () => timers.delete(callback);
  };
  return { timers, setTimer };
}

/** A connection of a tab to the first of its hubs, and everything around it in the hands of the test. */
export function setUp(locks = new FakeLocks(), contract = TAB_CONTRACT_VERSION) {
  const hubs = [new PortHub('first', contract)];
  /** The address asked for with each port, and how to say that its script did not load. */
  const asked: { readonly url: string | undefined; readonly fail: () => void }[] = [];
  const states: HubConnectionState[] = [];
  const errors: string[] = [];
  const { timers, setTimer } = createTimers();
  let notify = (): void => undefined;
  const connection = new HubConnection({
    openPort: (url, fail) => {
      asked.push({ url, fail });
      return (hubs.at(-1) as PortHub).open();
    },
    locks,
    tabId: 't1',
    builtAtMs: 7,
    isVisible: () => true,
    setTimer,
    onHubError: (text) => {
      errors.push(text);
      notify();
    },
    onState: (state) => {
      states.push(state);
      notify();
    },
  });
  open.push({ connection, hubs });
  /** Resolves once the connection is in a state of this kind with this hub. */
  function connectedTo(bootId: string): Promise<void> {
    return until(() => states.some((state) => state.kind === 'connected' && state.hub.bootId === bootId));
  }
  /** Resolves once `isSo` holds, which is looked at whenever the connection says something. */
  function until(isSo: () => boolean): Promise<void> {
    return new Promise((resolve) => {
      notify = () => isSo() && resolve();
      notify();
    });
  }
  return { hubs, asked, locks, states, errors, timers, connection, connectedTo, until };
}

/** Lets every timer ring that is set now, not those that this sets. */
export function fireAll(timers: ReadonlySet<() => void>): void {
  const now = [...timers];
  for (const fire of now) fire();
}
