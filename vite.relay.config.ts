import { defineConfig } from 'vite';
import { buildConstants } from './build/build-constants.ts';

/** The relay, to one file that runs by itself: `dist/relay.js`. */
export default defineConfig({
  define: buildConstants(Date.now()),
  build: {
    ssr: 'src/node-server/main.ts',
    outDir: 'dist',
    // `dist/web` stands beside it.
    emptyOutDir: false,
    copyPublicDir: false,
    target: 'node20',
    minify: false,
    rolldownOptions: { output: { entryFileNames: 'relay.js', codeSplitting: false } },
  },
  ssr: { noExternal: true },
});
