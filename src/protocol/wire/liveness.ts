import * as z from 'zod/mini';

/** A server says every 15 s that it is still there. Never kept. */
export const heartbeatSchema = z.looseObject({
  type: z.literal('heartbeat'),
  /** Milliseconds since the Unix epoch, by the server's clock. */
  serverTimeMs: z.nullish(z.number()),
});

/**
 * A viewer asks whether the server is still there. A page cannot see the ping
 * frames of a WebSocket, so the wire has its own; it also keeps a server from
 * closing a connection that it takes for idle.
 */
export const pingSchema = z.looseObject({
  type: z.literal('ping'),
});

/** The answer to a {@link pingSchema ping}. Never kept. */
export const pongSchema = z.looseObject({
  type: z.literal('pong'),
});

/** See {@link pongSchema}. */
export type Pong = z.infer<typeof pongSchema>;
