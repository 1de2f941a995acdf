import { defineConfig } from 'vite';
import { VitePWA } from 'vite-plugin-pwa';
import solid from 'vite-plugin-solid';
import { buildConstants } from './build/build-constants.ts';
import { trustedTypesSolid } from './build/trusted-types-solid.ts';
import { webManifest } from './build/web-manifest.ts';

/** What the relay answers itself: neither the service worker nor the development server may answer for it. */
const RELAY_PATHS = ['api', 'ingress', 'metrics', 'ws'];

const relayUrl = process.env['ROSTRUM_DEV_RELAY'] ?? 'http://localhost:7400';

/** The page and the hub in its worker, to `dist/web`. */
export default defineConfig(({ command }) => ({
  define: buildConstants(Date.now()),
  plugins: [
    // Constant styles would become `style` attributes of the template, which the served policy refuses.
    solid({ solid: { inlineStyles: false } as object }),
    // The development server sends no Content-Security-Policy.
    command === 'build' && trustedTypesSolid(),
    VitePWA({
      registerType: 'prompt',
      // The page registers it itself: the address must be a trusted one, which a generated script does not make.
      injectRegister: false,
      manifest: webManifest,
      workbox: {
        cleanupOutdatedCaches: true,
        globPatterns: ['**/*.{js,css,html,json,svg,png,woff2}'],
        // Trusted Types hold in workers too, and refuse `importScripts` with a string.
        inlineWorkboxRuntime: true,
        navigateFallback: 'index.html',
        navigateFallbackDenylist: [new RegExp(`^/(${RELAY_PATHS.join('|')})([/?]|$)`)],
        sourcemap: false,
      },
    }),
  ],
  build: {
    outDir: 'dist/web',
    emptyOutDir: true,
    target: 'es2022',
    // Every browser that has module SharedWorkers preloads modules by itself.
    modulePreload: { polyfill: false },
    // An asset inlined as `data:` would be refused by the served policy, or counted twice.
    assetsInlineLimit: 0,
  },
  worker: {
    format: 'es',
    rolldownOptions: {
      output: {
        entryFileNames: 'assets/hub-worker-[hash].js',
        // One file: a hub that lives across a release must not load chunks of a build that is gone.
        codeSplitting: false,
      },
    },
  },
  server: {
    proxy: Object.fromEntries(RELAY_PATHS.map((path) => [`/${path}`, { target: relayUrl, ws: true }])),
  },
}));
