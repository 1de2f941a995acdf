import type { IncomingMessage } from 'node:http';
import { producerIdSchema } from '../protocol/wire/envelope.ts';
import { PRODUCER_ID_MAX_CHARS } from '../protocol/wire/limits.ts';
import { err, ok, type Result } from '../protocol/result.ts';
import type { HttpProblem } from './http-error.ts';
import { pathOf, refusalOf } from './http-router.ts';
import type { TrustPolicy } from './trust-policy.ts';

/** Who asks to speak WebSocket. A publisher whose address does not say so is named by its first envelope. */
export type Newcomer =
  | { readonly kind: 'viewer' }
  | { readonly kind: 'publisher'; readonly producerId: string | undefined };

/** What decides besides the request itself. */
export interface GateState {
  readonly trust: TrustPolicy;
  readonly isDraining: boolean;
  /** Whether as many connections are open as the relay takes. */
  readonly isFull: boolean;
}

const NOT_FOUND: HttpProblem = {
  status: 404,
  code: 'not_found',
  message: 'There is no WebSocket at this address. Viewers connect to /ws, publishers to /ingress.',
};
const DRAINING: HttpProblem = {
  status: 503,
  code: 'draining',
  message: 'The relay is shutting down. Try again later.',
};
const FULL: HttpProblem = {
  status: 503,
  code: 'too_many_connections',
  message: 'The relay has as many connections as it takes. Try again later, or start it with more --max-connections.',
  headers: { 'Retry-After': '5' },
};
const BAD_PRODUCER_ID: HttpProblem = {
  status: 400,
  code: 'bad_producer_id',
  message: `A producerId has 1 to ${PRODUCER_ID_MAX_CHARS} characters and is not blank. Leave it out, or give one.`,
};

/** Judges an upgrade before it happens: who it is, or why it is refused. */
export function judgeUpgrade(request: IncomingMessage, state: GateState): Result<Newcomer, HttpProblem> {
  const { host, origin } = request.headers;
  const refusal = refusalOf(request, state.trust({ host, origin }));
  if (refusal !== undefined) return err(refusal);
  if (state.isDraining) return err(DRAINING);
  const newcomer = newcomerOf(request);
  return newcomer.ok && state.isFull ? err(FULL) : newcomer;
}

function newcomerOf(request: IncomingMessage): Result<Newcomer, HttpProblem> {
  switch (pathOf(request)) {
    case '/ws':
      return ok({ kind: 'viewer' });
    case '/ingress':
      return publisherOf(request);
    default:
      return err(NOT_FOUND);
  }
}

function publisherOf(request: IncomingMessage): Result<Newcomer, HttpProblem> {
  const query = (request.url ?? '').split('?').slice(1).join('?');
  const given = new URLSearchParams(query).get('producerId');
  if (given === null) return ok({ kind: 'publisher', producerId: undefined });
  return producerIdSchema.safeParse(given).success
    ? ok({ kind: 'publisher', producerId: given })
    : err(BAD_PRODUCER_ID);
}
