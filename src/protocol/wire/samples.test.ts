import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { decodeDecisionDelivery, decodeDown, decodeEnvelope, decodeUp, encode } from './codec.ts';
import { DOWN_SCHEMAS } from './down.ts';
import { decodeEnsembleMessage, ENSEMBLE_SCHEMAS, RAW_TYPES } from './ensemble-message.ts';
import { EXIT_REASONS } from './ensemble.ts';
import { ERROR_CODES } from './error.ts';
import { CHANGE_TYPES } from './file-change.ts';
import { RESPONSE_TYPES } from './llm-iteration.ts';
import { REVIEW_STATES } from './review-state.ts';
import { DECISIONS, TIMEOUT_ACTIONS, TIMINGS } from './review.ts';
import { TOOL_OUTCOMES } from './tool-call.ts';
import { UP_SCHEMAS } from './up.ts';
import type { WireError } from './read-message.ts';
import type { Result } from '../result.ts';

interface Sample {
  readonly direction: 'down' | 'up' | 'ingress' | 'delivery';
  readonly what: string;
  readonly frame: Readonly<Record<string, unknown>>;
}

const SAMPLES = JSON.parse(
  readFileSync(new URL('../../../test/samples/wire.json', import.meta.url), 'utf8'),
) as readonly Sample[];

function decode(direction: Sample['direction'], text: string): Result<unknown, WireError> {
  if (direction === 'up') return decodeUp(text);
  if (direction === 'ingress') return decodeEnvelope(text);
  if (direction === 'delivery') return decodeDecisionDelivery(text);
  const result = decodeDown(text);
  return result.ok ? { ok: true, value: result.value.message } : result;
}

function samplesOf(type: string): readonly Sample[] {
  return SAMPLES.filter((sample) => sample.frame['type'] === type);
}

describe('a sample', () => {
  test.each(SAMPLES)('$direction: $what', ({ direction, frame }) => {
    const text = JSON.stringify(frame);
    const result = decode(direction, text);
    expect(result).toEqual({ ok: true, value: frame });
    expect(result.ok && JSON.stringify(result.value)).toBe(text);
  });

  test.each(SAMPLES.filter(({ direction }) => direction === 'down'))('$what loses nothing on the way', ({ frame }) => {
    const result = decodeDown(JSON.stringify(frame));
    if (!result.ok) throw new Error(result.error.message);
    if (result.value.kind === 'known') {
      expect(result.value.unreadable).toBe(0);
      expect(decodeDown(encode(result.value.message))).toEqual(result);
    }
  });
});

describe('the samples hold', () => {
  const downTypes = DOWN_SCHEMAS.flatMap((schema) => schema.shape.type.def.values);
  test.each([...downTypes, ...RAW_TYPES])('a %s from a server', (type) => {
    expect(samplesOf(type).filter(({ direction }) => direction === 'down')).not.toEqual([]);
  });

  test.each(UP_SCHEMAS.flatMap((schema) => schema.shape.type.def.values))('a %s from a viewer', (type) => {
    expect(samplesOf(type).filter(({ direction }) => direction === 'up')).not.toEqual([]);
  });

  test.each([
    ['ensemble_completed', 'exitReason', EXIT_REASONS],
    ['tool_called', 'outcome', TOOL_OUTCOMES],
    ['review_requested', 'timing', TIMINGS],
    ['review_requested', 'onTimeout', TIMEOUT_ACTIONS],
    ['review_timed_out', 'action', TIMEOUT_ACTIONS],
    ['review_decision', 'decision', [...DECISIONS, 'approve']],
    ['llm_iteration_completed', 'responseType', RESPONSE_TYPES],
    ['file_changed', 'changeType', CHANGE_TYPES],
    ['review_state', 'state', REVIEW_STATES],
    ['error', 'code', Object.keys(ERROR_CODES)],
    ['ensemble_started', 'workflow', ['SEQUENTIAL', 'PARALLEL', 'HIERARCHICAL']],
  ] as const)('every value of %s.%s, and one of a later version', (type, member, values) => {
    const seen = new Set(samplesOf(type).map(({ frame }) => frame[member]));
    for (const value of values) expect(seen).toContain(value);
    const later = [...seen].filter(
      (value) => typeof value === 'string' && !(values as readonly string[]).includes(value),
    );
    expect(later).not.toEqual([]);
  });

  test.each(ENSEMBLE_SCHEMAS.map((schema) => [String(schema.shape.type.def.values[0]), schema] as const))(
    'each member of %s, and without an optional one it is still read',
    (type, schema) => {
      const frames = samplesOf(type).map(({ frame }) => frame);
      for (const member of Object.keys(schema.shape)) {
        const full = frames.find((frame) => frame[member] !== undefined && frame[member] !== null);
        expect(full, `${type}.${member}`).toBeDefined();
        if (member === 'type' || full === undefined) continue;
        const { [member]: _left, ...without } = full;
        const optional = OPTIONAL.has(`${type}.${member}`);
        expect(decodeEnsembleMessage(without).kind, `${type} without ${member}`).toBe(
          optional ? 'known' : 'unreadable',
        );
        const withNull = decodeEnsembleMessage({ ...full, [member]: null });
        expect(withNull.kind, `${type} with ${member} null`).toBe(optional ? 'known' : 'unreadable');
      }
    },
  );
});

/** What a sender may leave out or write as null. */
const OPTIONAL: ReadonlySet<string> = new Set([
  'task_input.expectedOutput',
  'task_input.agentGoal',
  'task_input.agentBackground',
  'task_input.toolNames',
  'task_input.assembledContext',
  'task_input.sentAt',
  'task_failed.reason',
  'tool_called.outcome',
  'tool_called.toolArguments',
  'tool_called.toolResult',
  'tool_called.structuredResult',
  'delegation_failed.reason',
  'review_requested.taskOutput',
  'review_requested.prompt',
  'review_requested.requiredRole',
  'llm_iteration_started.totalMessageCount',
  'llm_iteration_completed.responseText',
  'llm_iteration_completed.toolRequests',
  'token.agentRole',
  'token.taskDescription',
  'token.sentAt',
  'metrics_snapshot.costEstimate',
  'heartbeat.serverTimeMs',
]);
