import type * as z from 'zod/mini';
import { ENSEMBLE_SCHEMAS, type EnsembleMessage } from './ensemble-message.ts';
import { type Envelope, envelopeSchema } from './envelope.ts';
import { type ErrorMessage, errorSchema } from './error.ts';
import { type Hello, helloFrameSchema } from './hello.ts';
import { type HubHello, hubHelloFrameSchema } from './hub-hello.ts';
import { type Pong, pongSchema } from './liveness.ts';
import { type ReviewState, reviewStateSchema } from './review-state.ts';
import { type ProducerJoined, type ProducerLeft, producerJoinedSchema, producerLeftSchema } from './roster-messages.ts';

/** Every frame a server sends to a viewer that this version understands, one schema each. */
export const DOWN_SCHEMAS = [
  helloFrameSchema,
  hubHelloFrameSchema,
  envelopeSchema,
  producerJoinedSchema,
  producerLeftSchema,
  reviewStateSchema,
  errorSchema,
  pongSchema,
  ...ENSEMBLE_SCHEMAS,
] as const;

/** A frame as its schema leaves it: the lists of a greeting are not read yet. */
export type DownFrameMessage = z.infer<(typeof DOWN_SCHEMAS)[number]>;

/**
 * What a server says to a viewer. An embedded dashboard greets with `hello` and
 * then sends its ensemble's messages bare; a relay or a live-event hub greets
 * with `hub_hello` and then sends envelopes and its roster.
 */
export type DownMessage =
  | Hello
  | HubHello
  | Envelope
  | ProducerJoined
  | ProducerLeft
  | ReviewState
  | ErrorMessage
  | Pong
  | EnsembleMessage;
