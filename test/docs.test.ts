import { readdirSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { DEFAULT_REGISTRY_LIMITS } from '../src/hub/producer-registry.ts';
import { REVIEW_LIMITS } from '../src/hub/review-options.ts';
import { HAPPENINGS, REFUSAL_REASONS } from '../src/hub/review-record.ts';
import { MAX_BYTES_PER_PRODUCER } from '../src/hub/retention-policy.ts';
import { CLOSE, closeMeaning } from '../src/protocol/wire/close-codes.ts';
import { decisionDeliverySchema } from '../src/protocol/wire/decision-delivery.ts';
import { DOWN_SCHEMAS } from '../src/protocol/wire/down.ts';
import { DURABLE_TYPES, ENSEMBLE_SCHEMAS, EPHEMERAL_TYPES, RAW_TYPES } from '../src/protocol/wire/ensemble-message.ts';
import { EXIT_REASONS } from '../src/protocol/wire/ensemble.ts';
import { producerInfoSchema } from '../src/protocol/wire/envelope.ts';
import { ERROR_CODES } from '../src/protocol/wire/error.ts';
import { CHANGE_TYPES } from '../src/protocol/wire/file-change.ts';
import * as limits from '../src/protocol/wire/limits.ts';
import { RESPONSE_TYPES } from '../src/protocol/wire/llm-iteration.ts';
import { REVIEW_STATES } from '../src/protocol/wire/review-state.ts';
import { DECISIONS, TIMEOUT_ACTIONS, TIMINGS } from '../src/protocol/wire/review.ts';
import { TOOL_OUTCOMES } from '../src/protocol/wire/tool-call.ts';
import { UP_SCHEMAS } from '../src/protocol/wire/up.ts';
import { formatByteSize } from '../src/node-server/byte-size.ts';
import { usage } from '../src/node-server/cli-options.ts';
import { formatDuration } from '../src/node-server/duration.ts';
import { LIMIT_GROUPS, type LimitOption } from '../src/node-server/relay-limits.ts';
import { METRIC_NAMES } from '../src/node-server/relay-metrics.ts';
import { IMPORT_TABLE } from './architecture/import-table.ts';
import {
  codesIn,
  deadLinks,
  exists,
  mentionedPaths,
  readText,
  rowsOf,
  section,
  tableRows,
} from './docs/read-markdown.ts';

/** What a schema of an object shows of its members. */
type Shape = Readonly<Record<string, { readonly def: { readonly type: string } }>>;

const PROTOCOL = readText('docs/protocol.md');
const ROWS = tableRows(PROTOCOL);
const MESSAGES = [...new Set([...DOWN_SCHEMAS, ...UP_SCHEMAS])].map((schema): [type: string, shape: Shape] => [
  schema.shape.type.def.values.join(),
  schema.shape,
]);

function membersOf(shape: Shape): string[] {
  const names = Object.entries(shape).filter(([name]) => name !== 'type');
  return names.map(([name, { def }]) => (def.type === 'optional' ? `${name}?` : name));
}

/** The first column of the table below a heading, without its head. */
function namesBelow(heading: string): string[] {
  return tableRows(section(PROTOCOL, heading))
    .map(([first = '']) => codesIn(first)[0])
    .filter((name) => name !== undefined);
}

/** The default of a limit, as the table writes it. */
function written(value: number | readonly number[]): string {
  return [value]
    .flat()
    .map((item) => item.toLocaleString('en'))
    .join(', ');
}

describe('docs/protocol.md', () => {
  it.each(MESSAGES)('has all members of %s, and marks those that may be missing', (type, shape) => {
    const rows = rowsOf(ROWS, type).filter(([, , third]) => third !== undefined);
    const members = rows.map(([, cell = '']) => codesIn(cell).sort());
    expect(members).toContainEqual(membersOf(shape).sort());
  });

  it.each(Object.keys(producerInfoSchema.shape))('tells of %s in the info of a producer', (name) => {
    const info = /producer info is `([^`]+)`/.exec(PROTOCOL)?.[1];
    expect(info).toMatch(new RegExp(`\\b${name}\\b`));
  });

  it.each(Object.keys(decisionDeliverySchema.shape))('shows %s in the delivery of a decision', (name) => {
    expect(section(PROTOCOL, '### Publishers: `/ingress?producerId=…`')).toContain(
      `{"reviewId": "r-7", "decisionJson"`,
    );
    expect(section(PROTOCOL, '### Publishers: `/ingress?producerId=…`')).toContain(`"${name}": "`);
  });

  it.each(ENSEMBLE_SCHEMAS.map((schema) => schema.shape.type.def.values.join()))(
    'says rightly whether %s is kept',
    (type) => {
      const row = rowsOf(tableRows(section(PROTOCOL, '## Messages of an ensemble')), type)[0];
      expect(row?.[2] === 'yes').toBe(DURABLE_TYPES.has(type));
      expect(row?.[2] === 'never').toBe(EPHEMERAL_TYPES.has(type));
    },
  );

  it.each([
    ...RAW_TYPES,
    ...EXIT_REASONS,
    ...CHANGE_TYPES,
    ...RESPONSE_TYPES,
    ...TIMINGS,
    ...TIMEOUT_ACTIONS,
    ...DECISIONS,
    ...TOOL_OUTCOMES,
    ...HAPPENINGS,
    ...REFUSAL_REASONS,
    ...EPHEMERAL_TYPES,
  ])('knows the word %s', (word) => {
    expect(PROTOCOL).toContain(`\`${word}\``);
  });

  it('has the states of a review and no others', () => {
    const names = namesBelow('### `review_state`').filter((name) => name !== 'review_state' && name !== 'state');
    expect(names).toEqual([...REVIEW_STATES]);
  });

  it('has the codes of typed errors and no others', () => {
    const names = namesBelow('### Errors').filter((name) => name !== 'error' && name !== 'code');
    expect(names).toEqual(Object.keys(ERROR_CODES));
  });

  it.each(Object.values(CLOSE))('has the close code $code with its reason', ({ code, reason }) => {
    expect(rowsOf(ROWS, String(code)).map((cells) => cells[1])).toEqual([reason]);
  });

  it('has every close code that means something, and says whether it is tried again', () => {
    const unknown = closeMeaning(4999).explanation;
    const codes = Array.from({ length: 4000 }, (_, index) => 1000 + index).filter(
      (code) => closeMeaning(code).explanation !== unknown.replace('4999', String(code)),
    );
    const rows = tableRows(section(PROTOCOL, '### Close codes')).slice(1);
    expect(rows.map((cells) => [cells[0], cells[3]])).toEqual(
      codes.map((code) => [String(code), closeMeaning(code).retry ? 'yes' : 'no']),
    );
  });

  it('has every limit with its default', () => {
    const { MIB: _, ...wire } = limits;
    const expected = Object.entries({ ...wire, MAX_BYTES_PER_PRODUCER, ...REVIEW_LIMITS });
    const rows = tableRows(section(PROTOCOL, '## Limits')).filter(([first]) => first !== 'Name');
    const found = rows.map(([name = '', value = '']) => `${codesIn(name)[0] ?? ''} = ${value.replace(/ \(.*/, '')}`);
    expect(found.sort()).toEqual(expected.map(([name, value]) => `${name} = ${written(value)}`).sort());
  });

  it('tells what a registry keeps unless told otherwise', () => {
    expect(DEFAULT_REGISTRY_LIMITS).toEqual({
      maxProducers: limits.MAX_PRODUCERS,
      maxRuns: limits.MAX_RUNS,
      maxIterations: limits.MAX_ITERATIONS,
      evictAfterMs: limits.EVICT_AFTER_MS,
      maxBytesPerProducer: MAX_BYTES_PER_PRODUCER,
      reorderWindowEvents: limits.REORDER_WINDOW_EVENTS,
      reorderWindowBytes: MAX_BYTES_PER_PRODUCER,
      reorderWindowMs: limits.REORDER_WINDOW_MS,
    });
  });

  it('has every status of HTTP with its codes', () => {
    const folder = new URL('../src/node-server/', import.meta.url);
    const files = readdirSync(folder).filter((name) => name.endsWith('.ts') && !name.endsWith('.test.ts'));
    const found = files.flatMap((name) => [
      ...readText(`src/node-server/${name}`).matchAll(/status: (\d{3}),\s*code: '(\w+)'/g),
    ]);
    const rows = tableRows(section(PROTOCOL, '### HTTP'));
    const isThere = ([, status = '', code = '']: RegExpExecArray): boolean =>
      rowsOf(rows, status).some(([, cell = '']) => codesIn(cell).includes(code));
    expect(found.length).toBeGreaterThan(10);
    expect(found.filter((match) => !isThere(match)).map(([text]) => text)).toEqual([]);
  });
});

/** The table of rooms of docs/architecture.md. */
const ROOMS = tableRows(section(readText('docs/architecture.md'), '## Rooms'))
  .slice(1)
  .map(([folder = '', owns = '', rooms = '', packages = '']) => ({
    folder: codesIn(folder).join(),
    isLater: owns.startsWith('not there yet'),
    rooms: codesIn(rooms),
    packages: codesIn(packages),
  }));

describe('docs/operations.md', () => {
  const OPERATIONS = readText('docs/operations.md');
  const UNITS = {
    count: { value: 'N', format: (value: number) => value.toLocaleString('en') },
    bytes: { value: 'SIZE', format: formatByteSize },
    time: { value: 'TIME', format: formatDuration },
  } as const;

  it.each(Object.entries(LIMIT_GROUPS))('has every limit of "%s" with its option and default', (title, limits) => {
    const rows = tableRows(OPERATIONS);
    const first = rows.findIndex(([cell]) => cell === title) + 1;
    const expected = Object.entries(limits as Record<string, LimitOption>).map(([name, { option, unit, standard }]) => [
      `--${option} ${UNITS[unit].value}`,
      UNITS[unit].format(standard),
      name,
    ]);
    const found = rows.slice(first, first + expected.length).map(([option = '', standard = '', name = '']) => {
      return [codesIn(option).join(), standard, codesIn(name).join()];
    });
    expect(found).toEqual(expected);
  });

  it('has every option of the command line', () => {
    const named = [...usage().matchAll(/^ {2}(--\S+)/gm)].map(([, name = '']) => name);
    const rows = tableRows(section(OPERATIONS, '## Options'));
    const inTables = [...rows, ...tableRows(section(OPERATIONS, '## Limits'))].flatMap(([cell = '']) => codesIn(cell));
    const options = inTables.map((code) => code.split(' ')[0]).filter((name) => name?.startsWith('--'));
    expect(options).toEqual(named.filter((name) => name !== '--help' && name !== '--version'));
  });

  it('has every metric, in the order in which they are told', () => {
    const rows = tableRows(section(OPERATIONS, '## Metrics')).slice(1);
    expect(rows.map(([name = '']) => codesIn(name).join())).toEqual(METRIC_NAMES);
  });

  it.each(['README.md', 'docs/architecture.md'])('can be found from %s', (path) => {
    expect(readText(path)).toContain('operations.md)');
  });
});

const DOCUMENTS = readdirSync(new URL('../docs', import.meta.url))
  .filter((name) => name.endsWith('.md'))
  .map((name) => `docs/${name}`);

describe('docs/architecture.md', () => {
  it('has the table of imports as the rules have it', () => {
    const table = [...IMPORT_TABLE].map(([room, rule]) => [`src/${room}`, rule.rooms, rule.packages]);
    expect(ROOMS.map((room) => [room.folder, room.rooms, room.packages])).toEqual(table);
  });

  it.each(ROOMS)('says rightly whether $folder is there', ({ folder, isLater }) => {
    expect(exists(folder)).toBe(!isLater);
  });

  it('leaves no folder of src out', () => {
    const folders = readdirSync(new URL('../src', import.meta.url)).map((name) => `src/${name}`);
    expect(ROOMS.map(({ folder }) => folder)).toEqual(expect.arrayContaining(folders));
  });
});

describe.each(['README.md', ...DOCUMENTS])('%s', (path) => {
  it('names only files and folders that are there', () => {
    const later = ROOMS.filter(({ isLater }) => isLater).map(({ folder }) => folder);
    expect(mentionedPaths(readText(path)).filter((name) => !exists(name) && !later.includes(name))).toEqual([]);
  });

  it('links only to what is there', () => {
    expect(deadLinks(path)).toEqual([]);
  });
});
