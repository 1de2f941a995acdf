import { STATUS_CODES, type ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import { SECURITY_HEADERS } from './security-headers.ts';

/** Why a request is not served: the status, a code for programs, and a sentence for people. */
export interface HttpProblem {
  readonly status: number;
  readonly code: string;
  readonly message: string;
  /** Headers that the status asks for, such as `Allow`. */
  readonly headers?: Readonly<Record<string, string>>;
}

/** The body of an error: `{error: {code, message}}`. */
function problemBody(problem: HttpProblem): string {
  return JSON.stringify({ error: { code: problem.code, message: problem.message } });
}

/** Answers with a problem; nothing happens if the answer has begun. */
export function sendProblem(response: ServerResponse, problem: HttpProblem): void {
  if (response.headersSent) return;
  sendJson(response, { status: problem.status, body: problemBody(problem), headers: problem.headers });
}

/** Answers with a JSON text that is fresh each time. */
export function sendJson(
  response: ServerResponse,
  { status, body, headers }: { status: number; body: string; headers?: Readonly<Record<string, string>> | undefined },
): void {
  response.writeHead(status, {
    ...headers,
    'Cache-Control': 'no-store',
    'Content-Length': Buffer.byteLength(body),
    'Content-Type': 'application/json; charset=utf-8',
  });
  response.end(body);
}

/** Refuses an upgrade: the same answer, written on the bare socket, which ends with it. */
export function refuseUpgrade(socket: Duplex, problem: HttpProblem): void {
  const body = problemBody(problem);
  const headers = {
    ...SECURITY_HEADERS,
    ...problem.headers,
    'Cache-Control': 'no-store',
    Connection: 'close',
    'Content-Length': String(Buffer.byteLength(body)),
    'Content-Type': 'application/json; charset=utf-8',
  };
  const head = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
  socket.on('error', () => socket.destroy());
  // A server's sockets stay half open until somebody destroys them.
  socket.once('finish', () => socket.destroy());
  socket.end(`HTTP/1.1 ${problem.status} ${STATUS_CODES[problem.status] ?? ''}\r\n${head.join('')}\r\n${body}`);
}
