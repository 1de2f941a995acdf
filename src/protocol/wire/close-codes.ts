/** What a close code of a WebSocket means on this wire. */
export interface CloseMeaning {
  readonly code: number;
  /** What the server writes into the close frame: at most 123 bytes. */
  readonly reason: string;
  /** A sentence for the person who looks at the connection. */
  readonly explanation: string;
  /** Whether connecting again by itself can help. */
  readonly retry: boolean;
}

/**
 * The codes that a relay closes with beside those of RFC 6455; 4000 to 4999 is
 * what that RFC leaves to applications.
 */
export const CLOSE = {
  /** A viewer took nothing for too long, or needed too many fresh greetings. */
  tooSlow: {
    code: 4008,
    reason: 'too slow',
    explanation: 'The server closed the connection because this side could not keep up with it.',
    retry: true,
  },
  /** Another connection came with the same producer id; the newest one wins. */
  replaced: {
    code: 4009,
    reason: 'replaced by a newer connection of this producer',
    explanation:
      'A newer connection with the same producer id has taken over. If that was another process, give each its own id.',
    retry: false,
  },
  /** Too many frames that could not be read. */
  tooManyErrors: {
    code: 4010,
    reason: 'too many unreadable frames',
    explanation:
      'The server closed the connection after too many frames that it could not read. Check the version of the sender.',
    retry: false,
  },
} as const satisfies Record<string, CloseMeaning>;

const STANDARD: readonly CloseMeaning[] = [
  {
    code: 1000,
    reason: 'done',
    explanation: 'The server ended the connection normally.',
    retry: true,
  },
  {
    code: 1001,
    reason: 'going away',
    explanation: 'The server is shutting down.',
    retry: true,
  },
  {
    code: 1003,
    reason: 'not text',
    explanation: 'The server takes text only, and was sent something else.',
    retry: false,
  },
  {
    code: 1006,
    reason: '',
    explanation: 'The connection broke without a goodbye: the process ended, or the network between did.',
    retry: true,
  },
  {
    code: 1008,
    reason: 'policy',
    explanation:
      'The server refused this page. An embedded dashboard talks only to pages opened from localhost, 127.0.0.1 or [::1].',
    retry: false,
  },
  {
    code: 1009,
    reason: 'too large',
    explanation: 'The server was sent more in one frame than it takes.',
    retry: true,
  },
  {
    code: 1011,
    reason: 'server error',
    explanation: 'The server met an error of its own. Its log says more.',
    retry: true,
  },
  {
    code: 1012,
    reason: 'restarting',
    explanation: 'The server is restarting.',
    retry: true,
  },
  {
    code: 1013,
    reason: 'try again later',
    explanation: 'The server has too much to do just now.',
    retry: true,
  },
];

const MEANINGS: ReadonlyMap<number, CloseMeaning> = new Map(
  [...STANDARD, ...Object.values(CLOSE)].map((meaning) => [meaning.code, meaning]),
);

/**
 * What a close code means. One that is not in the table is explained by its
 * number, and trying again is worth it: a server that wants to be left alone
 * says so with a code that is.
 */
export function closeMeaning(code: number): CloseMeaning {
  return (
    MEANINGS.get(code) ?? {
      code,
      reason: '',
      explanation: `The server closed the connection with code ${code}.`,
      retry: true,
    }
  );
}
