import { defineConfig } from 'vite';
import { buildConstants } from './build/build-constants.ts';

/** The benches that need no browser, each to one program, built as the relay is: what is measured is what ships. */
export default defineConfig({
  define: buildConstants(0),
  build: {
    ssr: 'test/bench/reducer-bench.ts',
    outDir: 'node_modules/.bench',
    copyPublicDir: false,
    target: 'node20',
    minify: false,
    rolldownOptions: { output: { entryFileNames: 'reducer-bench.mjs', codeSplitting: false } },
  },
  ssr: { noExternal: true },
});
