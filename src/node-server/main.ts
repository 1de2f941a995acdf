import { createServer } from 'node:http';
import { fileURLToPath } from 'node:url';
import sirv from 'sirv';

const serveFiles = sirv(fileURLToPath(new URL('web', import.meta.url)), { brotli: true, gzip: true, single: true });
const server = createServer((request, response) => serveFiles(request, response));
const portFlag = process.argv.indexOf('--port');
const port = portFlag === -1 ? 7400 : Number(process.argv[portFlag + 1]);
server.listen(port, 'localhost', () => {
  const address = server.address();
  const bound = typeof address === 'object' && address !== null ? address.port : port;
  process.stdout.write(`Rostrum ${__ROSTRUM_VERSION__} ready on http://localhost:${bound}\n`);
});
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => process.exit(0));
