/**
 * The version of the wire as this program describes it. It changes with every
 * change of a schema in `wire/`, so that none goes unnoticed; peers of other
 * versions still understand each other, because unknown types and members pass.
 *
 * - 1: the wire of AgentEnsemble 3.6.1, and `review_state`, `error` of our own.
 */
export const PROTOCOL_VERSION = 1;
