import { execFile } from 'node:child_process';
import { cp, mkdtemp, rename, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { RELAY_PROGRAM, type RelayProcess, startRelay } from './start-relay.ts';

const PROJECT = fileURLToPath(new URL('../..', import.meta.url));
const CONFIG = 'test/browser/vite.release.config.ts';

/** Builds the page of the next release into a folder; `contract` is the one between its tabs and its hub. */
export async function buildNextRelease(folder: string, contract?: number): Promise<void> {
  const options = ['--config', CONFIG, '--outDir', folder, '--emptyOutDir', '--logLevel', 'warn'];
  const said = contract === undefined ? {} : { ROSTRUM_RELEASE_CONTRACT: String(contract) };
  // Playwright says that this is a test, and the page would be built for one.
  const env = { ...process.env, NODE_ENV: 'production', ...said };
  await promisify(execFile)(process.execPath, ['node_modules/vite/bin/vite.js', 'build', ...options], {
    cwd: PROJECT,
    env,
  });
}

/** A relay of its own folder, whose page can be replaced under it, as whoever installs a release does. */
export interface ServedRelease {
  readonly relay: RelayProcess;
  /** The folder with the page. */
  readonly web: string;
  /** From now on the page of that folder is served. */
  readonly install: (folder: string) => Promise<void>;
  readonly stop: () => Promise<void>;
}

/** Serves the page that was built, by a relay with these options of its command line. */
export async function serveRelease(options: readonly string[] = []): Promise<ServedRelease> {
  const folder = await mkdtemp(join(tmpdir(), 'rostrum-release-'));
  const web = join(folder, 'web');
  await cp(RELAY_PROGRAM, join(folder, 'relay.js'));
  await cp(join(dirname(RELAY_PROGRAM), 'web'), web, { recursive: true });
  const relay = await startRelay(options, join(folder, 'relay.js'));
  return {
    relay,
    web,
    install: async (next) => {
      await cp(next, join(folder, 'next'), { recursive: true });
      await rename(web, join(folder, 'before'));
      await rename(join(folder, 'next'), web);
    },
    stop: async () => {
      await relay.stop();
      await rm(folder, { recursive: true });
    },
  };
}
