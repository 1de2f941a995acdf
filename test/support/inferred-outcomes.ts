/** A decision of which a ledger saw that it was done. */
export const APPLIED = { kind: 'applied', proof: 'inferred' };

/** A review of which a ledger saw that nobody waits for it any more. */
export const CLOSED = { kind: 'closed', inferred: true };
