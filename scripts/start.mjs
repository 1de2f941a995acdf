import { pathToFileURL } from 'node:url';
import { join } from 'node:path';
import { buildIfStale, installPackages, projectFolder } from './set-up.mjs';

// In this process, not a child: signals, exit code and output are the relay's own, and it reads the same arguments.
try {
  installPackages();
  buildIfStale();
  await import(pathToFileURL(join(projectFolder, 'dist/relay.js')).href);
} catch (error) {
  process.stderr.write(`Rostrum did not start: ${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
}
