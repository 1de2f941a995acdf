import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import { PROTOCOL_VERSION } from './version.ts';
import { decisionDeliverySchema } from './wire/decision-delivery.ts';
import { DOWN_SCHEMAS } from './wire/down.ts';
import { helloSchema } from './wire/hello.ts';
import { hubHelloSchema } from './wire/hub-hello.ts';
import { UP_SCHEMAS } from './wire/up.ts';

/**
 * A wire change must not land unnoticed. When this test fails on purpose, raise
 * PROTOCOL_VERSION, say there what changed, and pin the new fingerprint here.
 */
const PINNED = { version: 1, fingerprint: '5bb566ec67cde917' };

interface Def {
  readonly type: string;
  readonly shape?: Readonly<Record<string, Node>>;
  readonly innerType?: Node;
  readonly element?: Node;
  readonly valueType?: Node;
  readonly options?: readonly Node[];
  readonly values?: readonly unknown[];
  readonly format?: string;
}
interface Node {
  readonly _zod: { readonly def: object };
}

/** The shape of a schema as text, without what depends on the library's version. */
function describeShape(node: Node): string {
  const def = node._zod.def as Def;
  if (def.shape !== undefined) {
    const members = Object.entries(def.shape).map(([key, member]) => `${key}: ${describeShape(member)}`);
    return `{${members.sort().join(', ')}}`;
  }
  const inner = def.innerType ?? def.element ?? def.valueType;
  if (inner !== undefined) return `${def.type}<${describeShape(inner)}>`;
  if (def.options !== undefined) return def.options.map(describeShape).join(' | ');
  return def.values?.map((value) => JSON.stringify(value)).join(' | ') ?? def.format ?? def.type;
}

test('the shape of the wire changes with its version', () => {
  const down = [...DOWN_SCHEMAS, helloSchema, hubHelloSchema].map((schema) => `down ${describeShape(schema)}`);
  const up = UP_SCHEMAS.map((schema) => `up ${describeShape(schema)}`);
  const lines = [...down, ...up, `delivery ${describeShape(decisionDeliverySchema)}`].sort();
  const fingerprint = createHash('sha256').update(lines.join('\n')).digest('hex').slice(0, 16);
  expect({ version: PROTOCOL_VERSION, fingerprint }, lines.join('\n')).toEqual(PINNED);
});
