import { readFileSync } from 'node:fs';

/** The entry and every chunk it imports statically: Vite names them all in the page. */
function initialScripts() {
  const page = readFileSync('dist/web/index.html', 'utf8');
  return [...page.matchAll(/(?:src|href)="\/(assets\/[^"]+\.js)"/g)].map(([, path]) => `dist/web/${path}`);
}

export default [
  { name: 'page, before it can draw', path: initialScripts(), limit: '70 kB', gzip: true },
  { name: 'hub (SharedWorker)', path: 'dist/web/assets/hub-worker-*.js', limit: '72 kB', gzip: true },
];
