import { isUtf8 } from 'node:buffer';
import type { IncomingMessage } from 'node:http';
import { FRAME_MAX_BYTES, MESSAGE_MAX_BYTES } from '../protocol/wire/limits.ts';
import { err, ok, type Result } from '../protocol/result.ts';
import type { HttpProblem } from './http-error.ts';

const TOO_LARGE: HttpProblem = {
  status: 413,
  code: 'too_large',
  message: `The body is longer than ${MESSAGE_MAX_BYTES} bytes. Send less in one message.`,
};
const NOT_UTF8: HttpProblem = {
  status: 400,
  code: 'not_utf8',
  message: 'The body is not UTF-8. Send JSON as UTF-8 text.',
};
const INCOMPLETE: HttpProblem = {
  status: 400,
  code: 'incomplete',
  message: 'The connection ended before the whole body had come. Send it again.',
};

/**
 * The text of a request's body, whether it came with a length or in chunks.
 *
 * One that is too long is refused as soon as that is known, and the rest of it
 * is thrown away unread so that the connection can be used on, up to
 * {@link FRAME_MAX_BYTES}: whoever sends more than that is cut off.
 */
export function readBody(request: IncomingMessage): Promise<Result<string, HttpProblem>> {
  const chunks: Buffer[] = [];
  let size = 0;
  const { promise, resolve } = deferred<Result<string, HttpProblem>>();
  if (Number(request.headers['content-length'] ?? 0) > MESSAGE_MAX_BYTES) resolve(err(TOO_LARGE));
  request.on('data', (chunk: Buffer) => {
    size += chunk.length;
    if (size <= MESSAGE_MAX_BYTES) {
      chunks.push(chunk);
      return;
    }
    chunks.length = 0;
    resolve(err(TOO_LARGE));
    if (size > FRAME_MAX_BYTES) request.socket.destroy();
  });
  request.on('end', () => {
    const body = Buffer.concat(chunks);
    resolve(isUtf8(body) ? ok(body.toString('utf8')) : err(NOT_UTF8));
  });
  request.on('error', () => resolve(err(INCOMPLETE)));
  request.on('close', () => resolve(err(INCOMPLETE)));
  return promise;
}

/** A promise that many events try to settle; the first one does. */
function deferred<T>(): { promise: Promise<T>; resolve: (value: T) => void } {
  let resolve: (value: T) => void = () => undefined;
  const promise = new Promise<T>((settle) => {
    resolve = settle;
  });
  return { promise, resolve };
}
