import { readFileSync } from 'node:fs';

/** The entry and every chunk it imports statically: Vite names them all in the page. */
function initialScripts() {
  const page = readFileSync('dist/web/index.html', 'utf8');
  return [...page.matchAll(/(?:src|href)="\/(assets\/[^"]+\.js)"/g)].map(([, path]) => `dist/web/${path}`);
}

// One file, so that a release is whole in every worker that runs it; 45 kB were aimed at before cache, history and hand-over were in
// it. What the page does not need of its own 70 makes up for it: together they stay below the sum of the two.
const HUB = 'dist/web/assets/hub-worker-*.js';

export default [
  { name: 'page, before it can draw', path: initialScripts(), limit: '45 kB', gzip: true },
  { name: 'hub (SharedWorker)', path: HUB, limit: '72 kB', gzip: true },
  {
    name: 'both: all there is to load before the first row',
    path: [...initialScripts(), HUB],
    limit: '115 kB',
    gzip: true,
  },
];
