/** The project's version, filled in by the build. */
declare const __ROSTRUM_VERSION__: string;

/** When the page was built, in ms since 1970. The page only: in the hub's chunk it would give every build a new hub. */
declare const __ROSTRUM_BUILT_AT_MS__: number;
