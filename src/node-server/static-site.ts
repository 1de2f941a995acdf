import { existsSync, ReadStream } from 'node:fs';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { join } from 'node:path';
import sirv from 'sirv';
import { sendProblem } from './http-error.ts';

/** Answers a GET or HEAD for a page or one of its files. */
export type StaticSite = (request: IncomingMessage, response: ServerResponse) => void;

const IMMUTABLE = 'public, max-age=31536000, immutable';
const NO_PAGE = `The page is not installed: there is no folder "web" beside the relay.
The relay works all the same. Build the page with "npm run build", or connect to /ws.
`;

/**
 * Serves the page that was built into a folder. Files below `/assets/` bear a
 * hash of their content in their name and may be kept for ever; all others are
 * asked for anew each time. Where a copy that was compressed beforehand stands
 * beside a file (`.br`, `.gz`), it is sent to those who take it. Every address
 * of the app gets `index.html`.
 *
 * If the folder has no page, a short text says so.
 */
export function createStaticSite(folder: string): StaticSite {
  // Looked up anew for each request, so that a page that is built again while the relay runs is served at once.
  const serveFile = sirv(folder, { dev: true, etag: true, gzip: true, brotli: true, setHeaders: setCaching });
  return (request, response) => {
    if (!existsSync(join(folder, 'index.html'))) {
      sayThereIsNoPage(response);
      return;
    }
    // A range may be ignored (RFC 9110, 14.2), and the library throws on some.
    delete request.headers.range;
    // The library does not listen to the file that it sends, and an error that nobody hears ends the process; nor does it
    // close one that is not sent to its end.
    response.on('pipe', (file) => {
      file.on('error', () => response.destroy());
      response.once('close', () => void (file instanceof ReadStream && file.destroy()));
    });
    serveFile(request, response, () => {
      if (!isAppAddress(request)) {
        sendProblem(response, { status: 404, code: 'not_found', message: 'There is no such file.' });
        return;
      }
      request.url = '/';
      serveFile(request, response);
    });
  };
}

/** Whether the app itself has a view for the address, as far as can be told from outside. */
function isAppAddress(request: IncomingMessage): boolean {
  const [path = '/'] = (request.url ?? '/').split('?');
  if (path.startsWith('/assets/')) return false;
  const accept = request.headers.accept ?? '*/*';
  // A browser that goes to an address asks for HTML by name; scripts and pictures are asked for with `*/*`.
  if (accept.includes('text/html')) return true;
  const lastPart = path.slice(path.lastIndexOf('/') + 1);
  return accept.includes('*/*') && !lastPart.includes('.');
}

function setCaching(response: ServerResponse, pathname: string): void {
  response.setHeader('Cache-Control', pathname.startsWith('/assets/') ? IMMUTABLE : 'no-cache');
}

function sayThereIsNoPage(response: ServerResponse): void {
  response.writeHead(200, {
    'Cache-Control': 'no-store',
    'Content-Length': Buffer.byteLength(NO_PAGE),
    'Content-Type': 'text/plain; charset=utf-8',
  });
  response.end(NO_PAGE);
}
