import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { installPackages, projectFolder, runStep } from './set-up.mjs';

const RELAY_PORT = '7400';
const vite = 'node_modules/vite/bin/vite.js';
const relayBuild = [vite, 'build', '--config', 'vite.relay.config.ts', '--logLevel', 'warn'];

/** @param {string[]} args */
function keepRunning(args) {
  const child = spawn(process.execPath, args, { cwd: projectFolder, stdio: 'inherit' });
  child.on('exit', (code) => stopAll(code ?? 0));
  return child;
}

/** @param {number} code */
function stopAll(code) {
  for (const child of children) child.kill();
  process.exitCode = code;
}

/** @type {import('node:child_process').ChildProcess[]} */
const children = [];
installPackages();
if (!existsSync(join(projectFolder, 'dist/relay.js'))) runStep(process.execPath, relayBuild);
children.push(
  // Written anew on each change of the relay's source, and started anew each time it was written.
  keepRunning([...relayBuild, '--watch']),
  keepRunning(['--watch', '--watch-preserve-output', 'dist/relay.js', '--port', RELAY_PORT]),
  keepRunning([vite]),
);
for (const signal of /** @type {const} */ (['SIGINT', 'SIGTERM'])) process.on(signal, () => stopAll(0));
