import { type Agent, type IncomingMessage, request } from 'node:http';
import type { Answer, Cell } from './cells.ts';

/** Where a request goes, and what it carries. */
export interface Question {
  readonly cell: Cell;
  readonly port: number;
  readonly agent: Agent;
  /** For the endpoint that takes one. */
  readonly envelope: string;
}

/** Asks as a browser or program would that sends just these two headers, and gives the answer as far as the matrix looks at it. */
export function ask({ cell, port, agent, envelope }: Question): Promise<Answer> {
  const { endpoint, bind, host, origin } = cell;
  const headers = {
    ...(host === undefined ? {} : { Host: host }),
    ...(origin === undefined ? {} : { Origin: origin }),
    ...(endpoint.isUpgrade === true ? UPGRADE : {}),
    ...(endpoint.body === undefined ? {} : { 'Content-Type': 'application/json' }),
  };
  const { method, path } = endpoint;
  const connection = endpoint.isUpgrade === true ? { agent: false as const } : { agent };
  return new Promise((resolve, reject) => {
    const asked = request({ host: bind.reachedAt, port, method, path, headers, ...connection });
    asked.once('upgrade', (response, socket) => {
      socket.destroy();
      resolve({ status: response.statusCode ?? 0 });
    });
    asked.once('response', (response) => void readAnswer(response).then(resolve, reject));
    asked.once('error', reject);
    asked.end(endpoint.body === undefined ? undefined : endpoint.body.replace('ENVELOPE', () => envelope));
  });
}

const UPGRADE = {
  Connection: 'Upgrade',
  Upgrade: 'websocket',
  'Sec-WebSocket-Version': '13',
  'Sec-WebSocket-Key': 'dGhlIHNhbXBsZSBub25jZQ==',
};

async function readAnswer(response: IncomingMessage): Promise<Answer> {
  const chunks: Buffer[] = [];
  for await (const chunk of response) chunks.push(chunk as Buffer);
  const status = response.statusCode ?? 0;
  const code = status >= 400 ? codeOf(Buffer.concat(chunks).toString('utf8')) : undefined;
  const grants = response.headers['access-control-allow-origin'];
  return { status, ...(code === undefined ? {} : { code }), ...(grants === undefined ? {} : { grants }) };
}

function codeOf(body: string): string {
  const { error } = JSON.parse(body) as { error: { code: string } };
  return error.code;
}
