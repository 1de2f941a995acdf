import type * as z from 'zod/mini';

/** Whether a parsed JSON value is an object: not null, not a list. */
export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/**
 * A sentence that says which member of a message is wrong, for whoever sent it.
 * It repeats names of members, never their values: those may be secret, or huge.
 */
export function describeInvalid(what: string, error: z.core.$ZodError): string {
  const issue = error.issues[0];
  if (issue === undefined) return `The message "${what}" is not valid.`;
  const at = issue.path.map(String).join('.').slice(0, 200);
  const where = at === '' ? '' : ` in "${at}"`;
  return `The message "${what}" is not valid${where}: ${describeIssue(issue)}.`;
}

function describeIssue(issue: z.core.$ZodIssue): string {
  switch (issue.code) {
    case 'invalid_type':
      return `it must be of type ${issue.expected}`;
    case 'custom':
      return `it ${issue.message}`;
    default:
      return 'it has a value that is not allowed there';
  }
}
