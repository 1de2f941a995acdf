/** What one room of `src` may reach for, besides itself. */
export interface RoomRule {
  readonly rooms: readonly string[];
  /** Packages by name; a package's sub-paths are meant with it. */
  readonly packages: readonly string[];
  /** Whether it runs in Node and may use what Node brings. */
  readonly node?: true;
}

/** Who may import what: docs/architecture.md, the table of rooms, as data. What stands nowhere here is not allowed. */
export const IMPORT_TABLE: ReadonlyMap<string, RoomRule> = new Map<string, RoomRule>([
  ['protocol', { rooms: [], packages: ['zod'] }],
  ['hub', { rooms: ['protocol'], packages: [] }],
  ['worker-hub', { rooms: ['protocol', 'hub'], packages: ['comlink', 'idb'] }],
  ['node-server', { rooms: ['protocol', 'hub'], packages: ['ws', 'sirv', 'prom-client'], node: true }],
  ['producer', { rooms: ['protocol'], packages: ['ws'] }],
  [
    'ui',
    {
      rooms: ['protocol'],
      packages: [
        'solid-js',
        '@solidjs/router',
        '@tanstack/solid-virtual',
        'comlink',
        'workbox-window',
        // Its virtual modules; none of them is a program.
        'vite',
      ],
    },
  ],
]);

/** What tests of every room use beside what their room may import. */
export const TEST_PACKAGES: readonly string[] = ['vitest', 'fast-check', 'fake-indexeddb', 'zod', 'ws', 'axe-core'];

/** The one way in which the page names the worker: as an address, never as code. */
export const WORKER_ADDRESS = 'src/worker-hub/main.ts?sharedworker&url';

/** The files that may do something when they are imported. */
export const ENTRIES: readonly string[] = ['src/ui/main.tsx', 'src/worker-hub/main.ts', 'src/node-server/main.ts'];

/** Rooms in which no time passes and nothing is random, unless it is handed in. */
export const PURE_ROOMS: readonly string[] = ['protocol', 'hub'];

/** Rooms that end up in the hub's one chunk, which must load nothing later: docs/architecture.md, releases. */
export const ONE_CHUNK_ROOMS: readonly string[] = ['protocol', 'hub', 'worker-hub'];

/** Names that say nothing about what is inside, and barrels. */
export const EMPTY_NAMES = /^(?:utils?|helpers?|misc|common|stuff|index)(?:\.tsx?)?$/;
