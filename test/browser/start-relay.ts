import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The relay that was built. */
export const RELAY_PROGRAM = fileURLToPath(new URL('../../dist/relay.js', import.meta.url));

/** The relay as users run it, in its own process. */
export interface RelayProcess {
  /** Where it serves; the same after each restart. */
  readonly url: string;
  /** Everything it said on stderr, over all its lives. */
  readonly log: () => string;
  /** Asks it to end, and waits until it has. Nothing happens when it does not run. */
  readonly stop: () => Promise<void>;
  /** Ends it without warning, as a crash does. */
  readonly kill: () => Promise<void>;
  /** Starts it again on the port that it had; it must have ended. */
  readonly restart: () => Promise<void>;
}

async function readyUrl(child: ChildProcess, log: () => string): Promise<string> {
  if (child.stdout === null) throw new Error('The relay has no stdout to read.');
  const lines = createInterface({ input: child.stdout });
  const [line] = await Promise.race([
    once(lines, 'line') as Promise<[string]>,
    once(child, 'exit').then(([code]) => {
      throw new Error(`The relay ended with ${String(code)} before it was ready: ${log()}`);
    }),
  ]);
  const url = /^Rostrum \S+ ready on (http:\/\/localhost:\d+)$/.exec(line)?.[1];
  if (url === undefined) throw new Error(`The relay's first line should say where it serves, but is: ${line}`);
  // What it prints later is nobody's, but must not fill the pipe.
  child.stdout.resume();
  return url;
}

async function end(child: ChildProcess, signal: 'SIGKILL' | 'SIGTERM'): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, 'exit');
  child.kill(signal);
  await ended;
}

/**
 * Starts the built relay on a free port.
 *
 * @param options more options of its command line.
 * @param program where it stands; the build's own by default.
 */
export async function startRelay(options: readonly string[] = [], program = RELAY_PROGRAM): Promise<RelayProcess> {
  let log = '';
  const launch = (port: string) => {
    const started = spawn(process.execPath, [program, '--port', port, ...options], {
      cwd: dirname(program),
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    started.stderr.on('data', (chunk: Buffer) => (log += chunk.toString()));
    return started;
  };
  let child = launch('0');
  const url = await readyUrl(child, () => log);
  return {
    url,
    log: () => log,
    stop: () => end(child, 'SIGTERM'),
    kill: () => end(child, 'SIGKILL'),
    restart: async () => {
      child = launch(new URL(url).port);
      await readyUrl(child, () => log);
    },
  };
}
