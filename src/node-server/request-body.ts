import { constants, isUtf8 } from 'node:buffer';
import type { IncomingMessage } from 'node:http';
import { err, ok, type Result } from '../protocol/result.ts';
import type { HttpProblem } from './http-error.ts';
import type { RelayLimits } from './relay-limits.ts';

/** What bounds one body. */
export type BodyLimits = Pick<RelayLimits, 'maxMessageBytes' | 'maxFrameBytes'>;

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
 * `maxFrameBytes`: whoever sends more than that is cut off.
 */
export function readBody(request: IncomingMessage, limits: BodyLimits): Promise<Result<string, HttpProblem>> {
  const { maxFrameBytes } = limits;
  // Whatever the limit, more is no text to Node.
  const maxMessageBytes = Math.min(limits.maxMessageBytes, constants.MAX_STRING_LENGTH);
  let bytes = Buffer.alloc(0);
  let size = 0;
  const { promise, resolve } = deferred<Result<string, HttpProblem>>();
  if (Number(request.headers['content-length'] ?? 0) > maxMessageBytes) resolve(err(tooLarge(maxMessageBytes)));
  request.on('data', (chunk: Buffer) => {
    const end = size;
    size += chunk.length;
    if (size <= maxMessageBytes) {
      // A piece costs many times what a byte does, so a body in pieces of one byte each must not stay in pieces.
      bytes = withRoom(bytes, size);
      chunk.copy(bytes, end);
      return;
    }
    bytes = Buffer.alloc(0);
    resolve(err(tooLarge(maxMessageBytes)));
    if (size > maxFrameBytes) request.socket.destroy();
  });
  request.on('end', () => {
    const body = bytes.subarray(0, size);
    resolve(isUtf8(body) ? ok(body.toString('utf8')) : err(NOT_UTF8));
  });
  request.on('error', () => resolve(err(INCOMPLETE)));
  request.on('close', () => resolve(err(INCOMPLETE)));
  // It may have waited to be read, and nothing of it comes any more.
  if (request.destroyed) resolve(err(INCOMPLETE));
  return promise;
}

/** The same bytes with room for so many; twice as much as before, if it has to be more, so that each is copied a few times at most. */
function withRoom(bytes: Buffer<ArrayBuffer>, size: number): Buffer<ArrayBuffer> {
  if (size <= bytes.length) return bytes;
  const wider = Buffer.allocUnsafe(Math.max(size, 2 * bytes.length));
  bytes.copy(wider);
  return wider;
}

function tooLarge(maxBytes: number): HttpProblem {
  return {
    status: 413,
    code: 'too_large',
    message: `The body is longer than ${maxBytes} bytes. Send less in one message.`,
  };
}

/** A promise that many events try to settle; the first one does. */
function deferred<T>(): { promise: Promise<T>; resolve: (value: T) => void } {
  let resolve: (value: T) => void = () => undefined;
  const promise = new Promise<T>((settle) => {
    resolve = settle;
  });
  return { promise, resolve };
}
