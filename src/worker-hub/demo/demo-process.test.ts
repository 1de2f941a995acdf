import { describe, expect, it } from 'vitest';
import { decodeDown } from '../../protocol/wire/codec.ts';
import type { DownMessage } from '../../protocol/wire/down.ts';
import type { Socket } from '../sources/socket.ts';
import { FakeClock } from '../test-support/fake-clock.ts';
import { DemoProcess } from './demo-process.ts';
import { PRESS_DESK } from './press-desk.ts';
import { CHECKED, FACTS, RELEASE } from './press-desk-texts.ts';

type MessageOf<Type extends DownMessage['type']> = Extract<DownMessage, { type: Type }>;

function startDemo() {
  const clock = new FakeClock(Date.parse('2026-11-22T12:00:00Z'));
  let ids = 0;
  const newId = (): string => `id-${(ids += 1)}`;
  const process = new DemoProcess({ clock, script: PRESS_DESK, newId });
  const messages: DownMessage[] = [];
  const unreadable: string[] = [];
  const events: string[] = [];
  const socket: Socket = process.openSocket('demo:', {
    onOpen: () => events.push('open'),
    onBinary: () => events.push('binary'),
    onClosed: ({ code }) => events.push(`closed ${code}`),
    onText(text) {
      const decoded = decodeDown(text);
      if (decoded.ok && decoded.value.kind === 'known') messages.push(decoded.value.message);
      else unreadable.push(text);
    },
  });
  const of = <Type extends DownMessage['type']>(type: Type): MessageOf<Type>[] =>
    messages.filter((message): message is MessageOf<Type> => message.type === type);
  return { clock, process, socket, messages, unreadable, events, of };
}

function runToReview() {
  const demo = startDemo();
  demo.process.run();
  demo.clock.advance(8_000);
  const [review] = demo.of('review_requested');
  if (review === undefined) throw new Error('No review within 8 s.');
  const decide = (decision: string, revisedOutput?: string): void =>
    demo.socket.send(JSON.stringify({ type: 'review_decision', reviewId: review.reviewId, decision, revisedOutput }));
  return { ...demo, review, decide };
}

describe('DemoProcess', () => {
  it('greets like an embedded dashboard, and not before its socket is there', () => {
    const { clock, messages, events } = startDemo();
    expect([messages, events]).toEqual([[], []]);
    clock.advance(0);
    expect([messages, events]).toEqual([[{ type: 'hello' }], ['open']]);
    clock.advance(60_000);
    expect(messages).toHaveLength(1);
  });

  it('asks for a review within eight seconds and really waits for it', () => {
    const { review, clock, messages, of } = runToReview();
    expect(review).toMatchObject({ taskOutput: RELEASE, timing: 'AFTER_EXECUTION', timeoutMs: 300_000 });
    expect(of('task_completed')).toHaveLength(1);
    const before = messages.length;
    clock.advance(280_000);
    expect(messages).toHaveLength(before);
  });

  it('is hardly late where every timer is', () => {
    const demo = startDemo();
    const punctual = demo.clock.after.bind(demo.clock);
    demo.clock.after = (delayMs, ring) => punctual(delayMs + 30, ring);
    demo.process.run();
    demo.clock.advance(9_000);
    expect(demo.of('review_requested')).toHaveLength(1);
  });

  it('goes on to the end when it is approved', () => {
    const { decide, clock, of, messages, unreadable } = runToReview();
    decide('approve');
    clock.advance(60_000);
    expect(of('task_started').map(({ taskIndex }) => taskIndex)).toEqual([1, 2, 3, 4]);
    expect(of('task_completed').map(({ taskIndex }) => taskIndex)).toEqual([1, 2, 3, 4]);
    expect(of('delegation_completed')).toHaveLength(1);
    expect(of('tool_called').map(({ toolName, outcome }) => [toolName, outcome])).toEqual([
      ['tide_tables', 'SUCCESS'],
      ['web_search', 'SUCCESS'],
      ['calculator', 'SUCCESS'],
      ['grid_registry', 'FAILURE'],
      ['delegateTask', 'SUCCESS'],
      ['grid_registry', 'SUCCESS'],
      ['save_to_folder', 'SUCCESS'],
    ]);
    expect(messages.at(-1)).toMatchObject({ type: 'ensemble_completed', exitReason: 'COMPLETED', totalToolCalls: 7 });
    expect(unreadable).toEqual([]);
    clock.advance(60_000);
    expect(messages.at(-1)?.type).toBe('ensemble_completed');
  });

  it('streams exactly what its model then answers', () => {
    const { decide, clock, of } = runToReview();
    decide('CONTINUE');
    clock.advance(60_000);
    const answers = of('llm_iteration_completed').filter(({ responseType }) => responseType === 'FINAL_ANSWER');
    expect(answers.map(({ responseText }) => responseText)).toEqual(expect.arrayContaining([FACTS, RELEASE, CHECKED]));
    for (const { agentRole, responseText } of answers) {
      const tokens = of('token').filter((token) => token.agentRole === agentRole);
      expect(tokens.map(({ token }) => token).join('')).toBe(responseText);
    }
  });

  it('is measured by one clock: what it says of durations is what passed', () => {
    const { decide, clock, of } = runToReview();
    decide('CONTINUE');
    clock.advance(60_000);
    for (const { taskIndex, durationMs, completedAt } of of('task_completed')) {
      const started = of('task_started').find((task) => task.taskIndex === taskIndex);
      expect(Date.parse(completedAt) - Date.parse(started?.startedAt ?? '')).toBe(durationMs);
    }
    const [started] = of('ensemble_started');
    const [ended] = of('ensemble_completed');
    expect(Date.parse(ended?.completedAt ?? '') - Date.parse(started?.startedAt ?? '')).toBe(ended?.durationMs);
  });

  it('ends at once when it is told to exit early, without an end of the task', () => {
    const { decide, clock, of, messages } = runToReview();
    decide('EXIT_EARLY');
    clock.advance(60_000);
    expect(messages.at(-1)).toMatchObject({ type: 'ensemble_completed', exitReason: 'USER_EXIT_EARLY' });
    expect(of('task_completed')).toHaveLength(1);
    expect(of('task_started')).toHaveLength(2);
  });

  it('takes a word that it does not know for an early exit', () => {
    const { decide, clock, messages } = runToReview();
    decide('maybe');
    clock.advance(60_000);
    expect(messages.at(-1)).toMatchObject({ exitReason: 'USER_EXIT_EARLY' });
  });

  it('works on with the text that was edited', () => {
    const { decide, clock, of } = runToReview();
    decide('EDIT', 'The tide has turned.');
    clock.advance(60_000);
    expect(of('task_input').find(({ taskIndex }) => taskIndex === 3)?.assembledContext).toContain(
      'The tide has turned.',
    );
    expect(of('task_input').find(({ taskIndex }) => taskIndex === 4)?.assembledContext).not.toContain('{{');
  });

  it('goes on by itself after five minutes, and says so', () => {
    const { clock, of, review } = runToReview();
    clock.advance(360_000);
    expect(of('review_timed_out')).toEqual([
      { type: 'review_timed_out', reviewId: review.reviewId, action: 'CONTINUE' },
    ]);
    expect(of('ensemble_completed')).toMatchObject([{ exitReason: 'COMPLETED' }]);
  });

  it('takes a decision once, and only on the review that waits', () => {
    const { socket, decide, clock, of } = runToReview();
    socket.send(JSON.stringify({ type: 'review_decision', reviewId: 'another', decision: 'EXIT_EARLY' }));
    socket.send('not a message');
    clock.advance(1_000);
    expect(of('ensemble_completed')).toEqual([]);
    decide('CONTINUE');
    decide('EXIT_EARLY');
    clock.advance(60_000);
    expect(of('ensemble_completed')).toMatchObject([{ exitReason: 'COMPLETED' }]);
  });

  it('runs again in the same process, but not twice at once', () => {
    const { process, decide, clock, of } = runToReview();
    process.run();
    clock.advance(1_000);
    expect(of('ensemble_started')).toHaveLength(1);
    decide('EXIT_EARLY');
    clock.advance(1_000);
    process.run();
    clock.advance(1_000);
    const ids = of('ensemble_started').map(({ ensembleId }) => ensembleId);
    expect(new Set(ids).size).toBe(2);
  });

  it('answers a ping', () => {
    const { socket, clock, messages } = startDemo();
    socket.send('{"type":"ping"}');
    clock.advance(0);
    expect(messages.at(-1)).toEqual({ type: 'pong' });
  });

  it('ends with its connection', () => {
    const { socket, clock, messages, events } = runToReview();
    const before = messages.length;
    socket.close();
    clock.advance(600_000);
    expect([messages.length, events.at(-1), clock.pending]).toEqual([before, 'closed 1000', 0]);
  });
});
