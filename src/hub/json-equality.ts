/** Deeper than this, values count as different: peers can nest deeper than the stack reaches. */
const MAX_DEPTH = 100;

/** Whether two parsed JSON values say the same. A member that is absent and one that is null are alike. */
export function jsonEquals(a: unknown, b: unknown): boolean {
  return equals(a, b, 0);
}

function equals(a: unknown, b: unknown, depth: number): boolean {
  if (Object.is(a, b)) return true;
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false;
  if (depth >= MAX_DEPTH) return false;
  if (Array.isArray(a) || Array.isArray(b)) {
    if (!Array.isArray(a) || !Array.isArray(b) || a.length !== b.length) return false;
    return a.every((item, index) => equals(item, b[index], depth + 1));
  }
  return membersEqual(a, b, depth);
}

function membersEqual(a: object, b: object, depth: number): boolean {
  let count = 0;
  for (const name of Object.keys(a)) {
    const value = memberOf(a, name);
    if (value === undefined) continue;
    if (!Object.hasOwn(b, name) || !equals(value, memberOf(b, name), depth + 1)) return false;
    count += 1;
  }
  return count === memberCount(b);
}

function memberCount(value: object): number {
  let count = 0;
  for (const name of Object.keys(value)) if (memberOf(value, name) !== undefined) count += 1;
  return count;
}

/** A member of its own; `undefined` if it is null. */
function memberOf(value: object, name: string): unknown {
  return (value as Readonly<Record<string, unknown>>)[name] ?? undefined;
}
