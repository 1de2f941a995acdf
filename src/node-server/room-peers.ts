import type { DecisionDelivery } from '../protocol/wire/decision-delivery.ts';

// The room knows connections only through what stands here and `FanOutMember` for viewers: a
// peer of another protocol is another implementation, and nothing else of the room changes.

/** The connection of a publisher as the room knows it, whatever it speaks. */
export interface Publisher {
  /** Never used before in this life of the relay. */
  readonly id: string;
  /** Hands a decision over to the process; on a connection that has ended it is lost. */
  deliver(decision: DecisionDelivery): void;
}
