import type { Presence } from '../hub/producer-record.ts';
import type { ProducerInfo } from '../protocol/wire/envelope.ts';
import type { PeerError } from './read-arrival.ts';

// What the room says by itself, beside passing on what others say.

/** A producer has connected. */
export function joinedMessage(producer: ProducerInfo, nowMs: number): object {
  return { type: 'producer_joined', producer, joinedAt: new Date(nowMs).toISOString() };
}

/** A producer has left. */
export function leftMessage({ producerId, presence }: { producerId: string; presence: Presence }): object {
  const leftAt = presence.kind === 'gone' ? { leftAt: new Date(presence.atMs).toISOString() } : {};
  return { type: 'producer_left', producerId, ...leftAt, reason: 'disconnected' };
}

/** Several processes use one id. */
export function contestedMessage(producerId: string): { readonly message: string } {
  const message = `Several processes speak as producer ${JSON.stringify(producerId)}. Give each its own id.`;
  const error = { type: 'error', code: 'producer_contested', message, producerId };
  return error;
}

/** A review id is another producer's. */
export function reviewOwned(reviewId: string): PeerError {
  return {
    code: 'review_owned',
    message: `Another producer has announced the review ${JSON.stringify(reviewId.slice(0, 80))} before. Give each review an id of its own.`,
  };
}

/** Nothing more can be kept for now. */
export const TOO_MUCH_KEPT: PeerError = {
  code: 'too_much_kept',
  message:
    'The relay keeps as much as it may, and nothing of it may go: it waits for reviews, or for runs to end. Send it again later.',
};
