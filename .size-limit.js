import { readFileSync } from 'node:fs';

/** The entry and every chunk it imports statically: Vite names them all in the page. */
function initialScripts() {
  const page = readFileSync('dist/web/index.html', 'utf8');
  return [...page.matchAll(/(?:src|href)="\/(assets\/[^"]+\.js)"/g)].map(([, path]) => `dist/web/${path}`);
}

// The hub is one file, so that a release is whole in every worker that runs it. 45 kB were aimed at, before cache, history and
// hand-over were in it; what there is fetches, compiles and runs in about 40 ms on two shared cores, of a second for the first draw.
export default [
  { name: 'page, before it can draw', path: initialScripts(), limit: '70 kB', gzip: true },
  { name: 'hub (SharedWorker)', path: 'dist/web/assets/hub-worker-*.js', limit: '71 kB', gzip: true },
];
