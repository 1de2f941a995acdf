import { describe, expect, it } from 'vitest';
import { decodeDown } from '../../protocol/wire/codec.ts';
import type { DownMessage } from '../../protocol/wire/down.ts';
import type { Socket } from '../sources/socket.ts';
import { FakeClock } from '../test-support/fake-clock.ts';
import { DemoProcess } from './demo-process.ts';
import { PRESS_DESK_TEXT } from '../../../test/support/press-desk.ts';
import { readDemoScript } from './read-demo-script.ts';

type MessageOf<Type extends DownMessage['type']> = Extract<DownMessage, { type: Type }>;

const { parts } = JSON.parse(PRESS_DESK_TEXT) as { parts: Record<string, string> };

function startDemo(loadScript = async () => readDemoScript(PRESS_DESK_TEXT)) {
  const clock = new FakeClock(Date.parse('2026-11-22T12:00:00Z'));
  let ids = 0;
  const newId = (): string => `id-${(ids += 1)}`;
  const failures: unknown[] = [];
  const process = new DemoProcess({ clock, newId, loadScript, onFailed: (error) => failures.push(error) });
  const run = async (): Promise<void> => {
    process.run();
    await new Promise((resolve) => setImmediate(resolve));
  };
  const messages: DownMessage[] = [];
  const unreadable: string[] = [];
  const events: string[] = [];
  const socket: Socket = process.openSocket('demo:', {
    onOpen: () => events.push('open'),
    onBinary: () => events.push('binary'),
    onClosed: ({ code }) => events.push(`closed ${code}`),
    onThrown: () => undefined,
    onText(text) {
      const decoded = decodeDown(text);
      if (decoded.ok && decoded.value.kind === 'known') messages.push(decoded.value.message);
      else unreadable.push(text);
    },
  });
  const of = <Type extends DownMessage['type']>(type: Type): MessageOf<Type>[] =>
    messages.filter((message): message is MessageOf<Type> => message.type === type);
  return { clock, process, run, socket, messages, unreadable, events, failures, of };
}

async function runToReview() {
  const demo = startDemo();
  await demo.run();
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

  it('asks for a review within eight seconds and really waits for it', async () => {
    const { review, clock, messages, of } = await runToReview();
    expect(review).toMatchObject({ taskOutput: parts['@release'], timing: 'AFTER_EXECUTION', timeoutMs: 300_000 });
    expect(of('task_completed')).toHaveLength(1);
    const before = messages.length;
    clock.advance(280_000);
    expect(messages).toHaveLength(before);
  });

  it('is hardly late where every timer is', async () => {
    const demo = startDemo();
    const punctual = demo.clock.after.bind(demo.clock);
    demo.clock.after = (delayMs, ring) => punctual(delayMs + 30, ring);
    await demo.run();
    demo.clock.advance(9_000);
    expect(demo.of('review_requested')).toHaveLength(1);
  });

  it('goes on to the end when it is approved', async () => {
    const { decide, clock, of, messages, unreadable } = await runToReview();
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

  it('streams exactly what its model then answers', async () => {
    const { decide, clock, of } = await runToReview();
    decide('CONTINUE');
    clock.advance(60_000);
    const answers = of('llm_iteration_completed').filter(({ responseType }) => responseType === 'FINAL_ANSWER');
    expect(answers.map(({ responseText }) => responseText)).toEqual(
      expect.arrayContaining([parts['@facts'], parts['@release'], parts['@checked']]),
    );
    for (const { agentRole, responseText } of answers) {
      const tokens = of('token').filter((token) => token.agentRole === agentRole);
      expect(tokens.map(({ token }) => token).join('')).toBe(responseText);
    }
  });

  it('is measured by one clock: what it says of durations is what passed', async () => {
    const { decide, clock, of } = await runToReview();
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

  it('ends at once when it is told to exit early, without an end of the task', async () => {
    const { decide, clock, of, messages } = await runToReview();
    decide('EXIT_EARLY');
    clock.advance(60_000);
    expect(messages.at(-1)).toMatchObject({ type: 'ensemble_completed', exitReason: 'USER_EXIT_EARLY' });
    expect(of('task_completed')).toHaveLength(1);
    expect(of('task_started')).toHaveLength(2);
  });

  it('takes a word that it does not know for an early exit', async () => {
    const { decide, clock, messages } = await runToReview();
    decide('maybe');
    clock.advance(60_000);
    expect(messages.at(-1)).toMatchObject({ exitReason: 'USER_EXIT_EARLY' });
  });

  it('works on with the text that was edited', async () => {
    const { decide, clock, of } = await runToReview();
    decide('EDIT', 'The tide has turned.');
    clock.advance(60_000);
    expect(of('task_input').find(({ taskIndex }) => taskIndex === 3)?.assembledContext).toContain(
      'The tide has turned.',
    );
    expect(of('task_input').find(({ taskIndex }) => taskIndex === 4)?.assembledContext).not.toContain('{{');
  });

  it('goes on by itself after five minutes, and says so', async () => {
    const { clock, of, review } = await runToReview();
    clock.advance(360_000);
    expect(of('review_timed_out')).toEqual([
      { type: 'review_timed_out', reviewId: review.reviewId, action: 'CONTINUE' },
    ]);
    expect(of('ensemble_completed')).toMatchObject([{ exitReason: 'COMPLETED' }]);
  });

  it('takes a decision once, and only on the review that waits', async () => {
    const { socket, decide, clock, of } = await runToReview();
    socket.send(JSON.stringify({ type: 'review_decision', reviewId: 'another', decision: 'EXIT_EARLY' }));
    socket.send('not a message');
    clock.advance(1_000);
    expect(of('ensemble_completed')).toEqual([]);
    decide('CONTINUE');
    decide('EXIT_EARLY');
    clock.advance(60_000);
    expect(of('ensemble_completed')).toMatchObject([{ exitReason: 'COMPLETED' }]);
  });

  it('runs again in the same process, but not twice at once', async () => {
    const { run, decide, clock, of } = await runToReview();
    await run();
    clock.advance(1_000);
    expect(of('ensemble_started')).toHaveLength(1);
    decide('EXIT_EARLY');
    clock.advance(1_000);
    await run();
    clock.advance(1_000);
    const ids = of('ensemble_started').map(({ ensembleId }) => ensembleId);
    expect(new Set(ids).size).toBe(2);
  });

  it('says why it has no script, and can be asked again', async () => {
    const answers = [() => Promise.reject(new TypeError('Failed to fetch')), async () => PRESS_DESK_TEXT];
    const { run, clock, failures, of } = startDemo(async () => readDemoScript((await answers.shift()?.()) ?? ''));
    clock.advance(0);
    await run();
    expect([failures, of('ensemble_started')]).toEqual([[new TypeError('Failed to fetch')], []]);
    await run();
    expect([failures.length, of('ensemble_started').length]).toEqual([1, 1]);
  });

  it('loads its script once, however often it is asked meanwhile', async () => {
    let loads = 0;
    const { process, run, clock, of } = startDemo(async () => {
      loads += 1;
      return readDemoScript(PRESS_DESK_TEXT);
    });
    clock.advance(0);
    process.run();
    await run();
    expect([loads, of('ensemble_started').length]).toEqual([1, 1]);
  });

  it('begins nothing when its script comes after its connection has ended', async () => {
    const { process, socket, clock } = startDemo();
    clock.advance(0);
    process.run();
    socket.close();
    await new Promise((resolve) => setImmediate(resolve));
    clock.advance(0);
    expect(clock.pending).toBe(0);
  });

  it('answers a ping', () => {
    const { socket, clock, messages } = startDemo();
    socket.send('{"type":"ping"}');
    clock.advance(0);
    expect(messages.at(-1)).toEqual({ type: 'pong' });
  });

  it('ends with its connection', async () => {
    const { socket, clock, messages, events } = await runToReview();
    const before = messages.length;
    socket.close();
    clock.advance(600_000);
    expect([messages.length, events.at(-1), clock.pending]).toEqual([before, 'closed 1000', 0]);
  });
});
