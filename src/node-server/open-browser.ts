import type { ChildProcess, SpawnOptions } from 'node:child_process';

/** What it takes to start a program. */
export interface Launcher {
  readonly platform: string;
  readonly spawn: (command: string, args: readonly string[], options: SpawnOptions) => ChildProcess;
}

/** Shows an address in the browser of whoever sits at this machine; where there is none, nothing happens. */
export function openBrowser(url: string, { platform, spawn }: Launcher): void {
  const [command, ...args] = commandFor(platform, url);
  const child = spawn(command, args, { stdio: 'ignore', detached: true });
  child.on('error', () => undefined);
  child.unref();
}

function commandFor(platform: string, url: string): [string, ...string[]] {
  switch (platform) {
    case 'darwin':
      return ['open', url];
    case 'win32':
      return ['cmd', '/c', 'start', '', url];
    default:
      return ['xdg-open', url];
  }
}
