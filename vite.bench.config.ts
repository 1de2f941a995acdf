import { defineConfig } from 'vite';
import { buildConstants } from './build/build-constants.ts';

/** The benches that need no browser, each to one program, built as the relay is: what is measured is what ships. */
export default defineConfig({
  define: buildConstants(0),
  build: {
    ssr: true,
    outDir: 'node_modules/.bench',
    copyPublicDir: false,
    target: 'node20',
    minify: false,
    rolldownOptions: {
      input: ['test/bench/reducer-bench.ts', 'test/bench/relay-bench.ts', 'test/bench/fan-out-bench.ts'],
      output: { entryFileNames: '[name].mjs', chunkFileNames: '[name]-[hash].mjs' },
    },
  },
  ssr: { noExternal: true },
});
