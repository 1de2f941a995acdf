import { readCliOptions, usage } from './cli-options.ts';
import { systemClock } from './clock.ts';
import { createRelay } from './create-relay.ts';
import { RelayStartError } from './listen.ts';
import { createLog } from './log.ts';

/** The process around the command line. */
export interface CliEnvironment {
  readonly args: readonly string[];
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly version: string;
  readonly webFolder: string;
  readonly writeOut: (text: string) => void;
  readonly writeError: (text: string) => void;
  /** Runs something whenever the process is asked to end. */
  readonly onSignal: (run: () => void) => void;
  readonly openBrowser: (url: string) => void;
}

/** What a process ends with. */
const EXIT = { ended: 0, cannotStart: 1, wrongOption: 2 } as const;

/**
 * Runs the relay as its command line says, until it is asked to end. The first
 * line it writes out says where it serves; nothing is written out before it does.
 *
 * @returns the exit code: 0 when it was asked to end, 1 with one sentence when it
 *   cannot start, 2 for a wrong option, with the usage
 */
export async function runCli(process: CliEnvironment): Promise<number> {
  const options = readCliOptions(process.args, process.environment);
  if (!options.ok) {
    process.writeError(`${options.error}\n\n${usage()}`);
    return EXIT.wrongOption;
  }
  const request = options.value;
  if (request.kind !== 'run') {
    process.writeOut(request.kind === 'help' ? usage() : `Rostrum ${process.version}\n`);
    return EXIT.ended;
  }
  const log = createLog({
    level: request.logLevel,
    format: request.logFormat,
    write: (line) => process.writeError(`${line}\n`),
    nowMs: () => systemClock.nowMs(),
  });
  const { version, webFolder } = process;
  return serve(createRelay({ ...request.relay, version, webFolder, log }), process, request.opensBrowser);
}

async function serve(
  relay: ReturnType<typeof createRelay>,
  process: CliEnvironment,
  opensBrowser: boolean,
): Promise<number> {
  try {
    const { url } = await relay.start();
    const asked = new Promise<void>((resolve) => process.onSignal(resolve));
    process.writeOut(`Rostrum ${process.version} ready on ${url}\n`);
    if (opensBrowser) process.openBrowser(url);
    await asked;
    await relay.stop();
    return EXIT.ended;
  } catch (error) {
    if (!(error instanceof RelayStartError)) throw error;
    process.writeError(`${error.message}\n`);
    return EXIT.cannotStart;
  }
}
