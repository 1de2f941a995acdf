import { readFileSync } from 'node:fs';

/** What the build and the tests fill in for the names that `constants.d.ts` declares. */
export function buildConstants(builtAtMs: number): Record<string, string> {
  const { version } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as {
    version: string;
  };
  return {
    __ROSTRUM_VERSION__: JSON.stringify(version),
    __ROSTRUM_BUILT_AT_MS__: JSON.stringify(builtAtMs),
  };
}
