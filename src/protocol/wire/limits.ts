/** Bytes in a binary kilobyte. */
export const KIB = 1024;

/** Bytes in a binary megabyte. */
export const MIB = 1024 * KIB;

/** The longest producer id, in characters: a name, not a document. */
export const PRODUCER_ID_MAX_CHARS = 256;
