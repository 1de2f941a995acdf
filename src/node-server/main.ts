import { spawn } from 'node:child_process';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { openBrowser } from './open-browser.ts';
import { runCli } from './run-cli.ts';

// Whoever started the relay may close the other ends of its pipes; that is no reason to end.
for (const stream of [process.stdout, process.stderr]) stream.on('error', () => undefined);

process.exitCode = await runCli({
  args: process.argv.slice(2),
  environment: process.env,
  version: __ROSTRUM_VERSION__,
  webFolder: join(dirname(fileURLToPath(import.meta.url)), 'web'),
  writeOut: (text) => process.stdout.write(text),
  writeError: (text) => process.stderr.write(text),
  onSignal: (run) => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, run);
  },
  openBrowser: (url) => openBrowser(url, { platform: process.platform, spawn }),
});

/** A handle that somebody forgot must not keep the process: everything has ended by now. */
const FORGOTTEN_AFTER_MS = 500;
setTimeout(() => process.exit(), FORGOTTEN_AFTER_MS).unref();
