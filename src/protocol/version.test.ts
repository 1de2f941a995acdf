import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import { PROTOCOL_VERSION } from './version.ts';
import { decisionDeliverySchema } from './wire/decision-delivery.ts';
import { DOWN_SCHEMAS } from './wire/down.ts';
import { envelopeSchema } from './wire/envelope.ts';
import { helloSchema } from './wire/hello.ts';
import { hubHelloSchema } from './wire/hub-hello.ts';
import { UP_SCHEMAS } from './wire/up.ts';
import { decimalSchema, wholeNumberSchema } from './wire/value-schemas.ts';

/**
 * A wire change must not land unnoticed. When this test fails on purpose, raise
 * PROTOCOL_VERSION, say there what changed, and pin the new fingerprint here.
 */
const PINNED = { version: 1, fingerprint: '0bc2bc641d08ff91' };

interface Def {
  readonly type: string;
  readonly shape?: Readonly<Record<string, Node>>;
  readonly innerType?: Node;
  readonly element?: Node;
  readonly catchall?: Node;
  readonly options?: readonly Node[];
  readonly values?: readonly unknown[];
  readonly format?: string;
}
interface Node {
  readonly _zod: { readonly def: object };
}

/** Schemas that are checked by functions, which say nothing of themselves. */
const NAMED = new Map<Node, string>([
  [wholeNumberSchema, 'safeint'],
  [envelopeSchema.shape.sequence, 'safeint'],
  [decimalSchema, 'string | number'],
]);

/** The shape of a schema as text, without what depends on the library's version. */
function describeShape(node: Node): string {
  const name = NAMED.get(node);
  if (name !== undefined) return name;
  const def = node._zod.def as Def;
  if (def.shape !== undefined) {
    const isRecord = Object.keys(def.shape).length === 0;
    if (isRecord && def.catchall !== undefined) return `record<${describeShape(def.catchall)}>`;
    const members = Object.entries(def.shape).map(([key, member]) => `${key}: ${describeShape(member)}`);
    return `{${members.sort().join(', ')}}`;
  }
  const inner = def.innerType ?? def.element;
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
