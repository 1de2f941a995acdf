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
  const first = membersOf(a);
  const second = membersOf(b);
  if (first.size !== second.size) return false;
  for (const [name, value] of first) {
    if (!second.has(name) || !equals(value, second.get(name), depth + 1)) return false;
  }
  return true;
}

function membersOf(value: object): Map<string, unknown> {
  return new Map(Object.entries(value).filter(([, member]) => member !== null && member !== undefined));
}
