import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';

/** A server in a process of its own. */
export interface ServerProcess {
  readonly port: number;
  /** Resident memory, in bytes. */
  readonly residentBytes: () => number;
  /** The time that it has had a processor, in seconds; NaN where the system does not say. */
  readonly cpuSeconds: () => number;
  readonly stop: () => Promise<void>;
}

/** Starts the built relay as users run it. `ROSTRUM_BENCH_NODE_OPTIONS` are options of its Node, such as `--cpu-prof`. */
export function startRelay(options: readonly string[], nodeOptions: readonly string[] = []): Promise<ServerProcess> {
  const more = process.env['ROSTRUM_BENCH_NODE_OPTIONS']?.split(' ') ?? [];
  return start([...nodeOptions, ...more, 'dist/relay.js', '--port', '0', '--log-level', 'warn', ...options]);
}

/** Starts the servers that the relay is compared with: this very program, told to be them. */
export function startPeers(): Promise<ServerProcess> {
  return start([process.argv[1] ?? '', '--peers']);
}

async function start(args: readonly string[]): Promise<ServerProcess> {
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  const [line] = await Promise.race([
    once(createInterface({ input: child.stdout }), 'line') as Promise<[string]>,
    once(child, 'exit').then(([code]) => {
      throw new Error(`A server ended with ${String(code)} before it was ready.`);
    }),
  ]);
  const port = Number(/:(\d+)$/.exec(line)?.[1]);
  return {
    port,
    residentBytes: () => residentBytes(child),
    cpuSeconds: () => cpuSeconds(child),
    stop: () => stop(child),
  };
}

/** From `/proc` where there is one: to ask a program for it would hold up whoever measures. */
function residentBytes({ pid }: ChildProcess): number {
  const path = `/proc/${pid}/status`;
  if (existsSync(path)) return Number(/^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(path, 'utf8'))?.[1]) * 1024;
  const { stdout } = spawnSync('ps', ['-o', 'rss=', '-p', String(pid)], { encoding: 'utf8' });
  return Number(stdout.trim()) * 1024;
}

/** From `/proc`, as Linux has it: the 14th and 15th field are ticks of 10 ms in the program and in the system. */
function cpuSeconds({ pid }: ChildProcess): number {
  const path = `/proc/${pid}/stat`;
  if (!existsSync(path)) return Number.NaN;
  const fields = readFileSync(path, 'utf8')
    .replace(/^.*\) /, '')
    .split(' ');
  return (Number(fields[11]) + Number(fields[12])) / 100;
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, 'exit');
  child.kill('SIGTERM');
  await ended;
}
