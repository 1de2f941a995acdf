import { describe, expect, it } from 'vitest';
import { producerEvents, recordedEvents } from '../../test/support/live-events.ts';
import { sourceOf, PRODUCER } from '../../test/support/live-story.ts';
import { liveReducer } from './live-reducer.ts';
import { type LiveEvent, type LiveState, createLiveState } from './live-state.ts';
import { taskOutput } from './live/body-text.ts';
import type { RunState } from './run-state.ts';
import { createConversationFeed } from './views/conversation-feed.ts';
import { createRunFeed } from './views/run-feed.ts';
import { createToolsFeed } from './views/tools-feed.ts';

/** What the recorded model answers in the end, whoever asks. */
const FINDINGS = /^# Findings\n\nThe answer to \*## (Task|Context from Previous Tasks)\* is \*\*42\*\*\./;

function reduce(events: readonly LiveEvent[]): LiveState {
  const live = createLiveState(PRODUCER);
  for (const event of events) liveReducer(live, event, []);
  return live;
}

/** One run in short lines, times in ms after its start where the wire itself said them. */
function tell(live: LiveState, run: RunState): Record<string, unknown> {
  const request = { producer: PRODUCER, run: run.key };
  const { head, entities } = createRunFeed(sourceOf(live), request).snapshot();
  const talk = createConversationFeed(sourceOf(live), request).snapshot().entities;
  const tools = Object.values(createToolsFeed(sourceOf(live), request).snapshot().entities.toolCalls);
  const startMs = head?.run?.startedAtMs ?? 0;
  return {
    run: `${head?.run?.state} ${head?.run?.exitReason} ${head?.run?.durationMs} ms, ${head?.workflow}`,
    figures: `${head?.run?.tasksFinished} of ${head?.run?.tasksTotal} tasks, ${head?.tokens} tokens, ${head?.toolCalls} tools, ${head?.tasksPending} pending`,
    tasks: Object.values(entities.tasks).map(
      (task) =>
        `${task.id} ${task.taskIndex} ${task.agentRole}: ${task.state} ${(task.startedAtMs ?? 0) - startMs}+${task.durationMs}, ${task.iterations} iterations, ${task.toolCalls} tools`,
    ),
    tools: tools.map((call) => `${call.taskId} ${call.agentRole} ${call.toolName} ${call.outcome} ${call.durationMs}`),
    delegations: Object.values(entities.delegations).map(
      (each) => `${each.taskId} ${each.delegatingRole} to ${each.workerRole}: ${each.state} ${each.durationMs}`,
    ),
    conversations: Object.values(talk.conversations).map((each) => {
      const messages = Object.values(talk.messages).filter((message) => message.conversationId === each.id);
      const iterations = Object.values(talk.iterations).filter((iteration) => iteration.conversationId === each.id);
      return `${each.taskId} ${each.agentRole} ${each.n}: ${each.state}, ${messages.map((message) => message.role).join(' ')}; ${iterations.map((iteration) => `${iteration.responseType} ${iteration.messageCount}`).join(', ')}`;
    }),
    waits: Object.values(entities.waits).map((wait) => `${wait.taskId} ${wait.isOpen ? 'open' : 'over'}`),
  };
}

const ONE_FINAL_ANSWER = 'system user; FINAL_ANSWER 2';

/** Read off the recordings by hand. */
const EMBEDDED: Record<string, Record<string, unknown>[]> = {
  hierarchical: [
    {
      run: 'ended COMPLETED 335 ms, HIERARCHICAL',
      figures: '1 of 1 tasks, 2046 tokens, 2 tools, 0 pending',
      tasks: ['t1 1 Manager: completed 16+307, 3 iterations, 2 tools'],
      tools: ['t1 Manager delegateTask SUCCESS 57', 't1 Manager delegateTask SUCCESS 33'],
      delegations: ['t1 Manager to Market Researcher: completed 45', 't1 Manager to Financial Analyst: completed 32'],
      conversations: [
        't1 Manager 1: completed, system user assistant tool assistant tool; TOOL_CALLS 2, TOOL_CALLS 4, FINAL_ANSWER 6',
        `t1 Market Researcher 1: completed, ${ONE_FINAL_ANSWER}`,
        `t1 Financial Analyst 1: completed, ${ONE_FINAL_ANSWER}`,
      ],
      waits: [],
    },
  ],
  pipeline: [
    {
      run: 'ended COMPLETED 286 ms, PARALLEL',
      figures: '4 of 4 tasks, 2472 tokens, 1 tools, 0 pending',
      tasks: [
        't1 1 Scout: completed 25+165, 2 iterations, 1 tools',
        't2 2 Critic: completed 208+38, 1 iterations, 0 tools',
        't3 3 Editor: completed 212+32, 1 iterations, 0 tools',
        't4 4 Editor: completed 248+33, 1 iterations, 0 tools',
      ],
      tools: ['t1 Scout web_search SUCCESS 34'],
      delegations: [],
      conversations: [
        't1 Scout 1: completed, system user assistant tool; TOOL_CALLS 2, FINAL_ANSWER 4',
        `t2 Critic 1: completed, ${ONE_FINAL_ANSWER}`,
        `t3 Editor 1: completed, ${ONE_FINAL_ANSWER}`,
        `t4 Editor 1: completed, ${ONE_FINAL_ANSWER}`,
      ],
      waits: [],
    },
  ],
  tools: [
    {
      run: 'ended COMPLETED 283 ms, SEQUENTIAL',
      figures: '2 of 2 tasks, 1314 tokens, 2 tools, 0 pending',
      tasks: [
        't1 1 Researcher: completed 22+198, 2 iterations, 2 tools',
        't2 2 Summarizer: completed 240+33, 1 iterations, 0 tools',
      ],
      tools: ['t1 Researcher web_search SUCCESS 35', 't1 Researcher flaky_api FAILURE 39'],
      delegations: [],
      conversations: [
        't1 Researcher 1: completed, system user assistant tool tool; TOOL_CALLS 2, FINAL_ANSWER 5',
        `t2 Summarizer 1: completed, ${ONE_FINAL_ANSWER}`,
      ],
      waits: [],
    },
  ],
  sequential: [
    {
      run: 'ended COMPLETED 156 ms, SEQUENTIAL',
      figures: '2 of 2 tasks, 1160 tokens, 0 tools, 0 pending',
      tasks: [
        't1 1 Researcher: completed 19+89, 1 iterations, 0 tools',
        't2 2 Writer: completed 119+32, 1 iterations, 0 tools',
      ],
      tools: [],
      delegations: [],
      conversations: [`t1 Researcher 1: completed, ${ONE_FINAL_ANSWER}`, `t2 Writer 1: completed, ${ONE_FINAL_ANSWER}`],
      waits: [],
    },
    {
      run: 'ended COMPLETED 69 ms, SEQUENTIAL',
      figures: '2 of 2 tasks, 1160 tokens, 0 tools, 0 pending',
      tasks: [
        't1 1 Researcher: completed 2+32, 1 iterations, 0 tools',
        't2 2 Writer: completed 35+33, 1 iterations, 0 tools',
      ],
      tools: [],
      delegations: [],
      conversations: [`t1 Researcher 1: completed, ${ONE_FINAL_ANSWER}`, `t2 Writer 1: completed, ${ONE_FINAL_ANSWER}`],
      waits: [],
    },
  ],
  files: [
    {
      run: 'ended COMPLETED 252 ms, SEQUENTIAL',
      figures: '1 of 1 tasks, 734 tokens, 2 tools, 0 pending',
      tasks: ['t1 1 Writer: completed 30+189, 2 iterations, 2 tools'],
      tools: ['t1 Writer write_file SUCCESS 31', 't1 Writer web_search SUCCESS 28'],
      delegations: [],
      conversations: ['t1 Writer 1: completed, system user assistant tool tool; TOOL_CALLS 2, FINAL_ANSWER 5'],
      waits: [],
    },
  ],
  streaming: [
    {
      run: 'ended COMPLETED 803 ms, SEQUENTIAL',
      figures: '1 of 1 tasks, 580 tokens, 0 tools, 0 pending',
      tasks: ['t1 1 Agent: completed 21+769, 1 iterations, 0 tools'],
      tools: [],
      delegations: [],
      conversations: [`t1 Agent 1: completed, ${ONE_FINAL_ANSWER}`],
      waits: [],
    },
  ],
  review: [
    {
      run: 'ended COMPLETED 1068 ms, SEQUENTIAL',
      figures: '2 of 2 tasks, 1160 tokens, 0 tools, 0 pending',
      tasks: [
        't1 1 Writer: completed 21+84, 1 iterations, 0 tools',
        't2 2 Translator: completed 1027+34, 1 iterations, 0 tools',
      ],
      tools: [],
      delegations: [],
      conversations: [`t1 Writer 1: completed, ${ONE_FINAL_ANSWER}`, `t2 Translator 1: completed, ${ONE_FINAL_ANSWER}`],
      waits: ['t1 over'],
    },
  ],
  'review-short': [
    {
      run: 'ended COMPLETED 2172 ms, SEQUENTIAL',
      figures: '2 of 2 tasks, 1160 tokens, 0 tools, 0 pending',
      tasks: [
        't1 1 Writer: completed 21+86, 1 iterations, 0 tools',
        't2 2 Agent: completed 2134+32, 1 iterations, 0 tools',
      ],
      tools: [],
      delegations: [],
      conversations: [`t1 Writer 1: completed, ${ONE_FINAL_ANSWER}`, `t2 Agent 1: completed, ${ONE_FINAL_ANSWER}`],
      waits: ['t1 over'],
    },
  ],
  'review-exit': [
    {
      run: 'ended USER_EXIT_EARLY 1002 ms, SEQUENTIAL',
      figures: '0 of 2 tasks, 580 tokens, 0 tools, 0 pending',
      tasks: ['t1 1 Writer: ended 27+undefined, 1 iterations, 0 tools'],
      tools: [],
      delegations: [],
      conversations: [`t1 Writer 1: completed, ${ONE_FINAL_ANSWER}`],
      waits: ['t1 over'],
    },
  ],
  'before-continue': [
    {
      run: 'ended COMPLETED 1022 ms, SEQUENTIAL',
      figures: '1 of 1 tasks, 580 tokens, 0 tools, 0 pending',
      tasks: ['t1 1 Agent: completed 898+106, 1 iterations, 0 tools'],
      tools: [],
      delegations: [],
      conversations: [`t1 Agent 1: completed, ${ONE_FINAL_ANSWER}`],
      waits: ['t1 over'],
    },
  ],
};

describe('a recorded embedded dashboard', () => {
  it.each(Object.entries(EMBEDDED))('%s ends in the state its process was in', (name, expected) => {
    const live = reduce(recordedEvents(`embedded-${name}`));
    expect(live.runs.map((run) => tell(live, run))).toEqual(expected);
  });

  it.each(Object.keys(EMBEDDED))('%s: every task has its output', (name) => {
    const live = reduce(recordedEvents(`embedded-${name}`));
    for (const run of live.runs) for (const task of run.tasks.values()) expect(taskOutput(task)).toMatch(FINDINGS);
  });

  it('waits for a person between the request and what ended it', () => {
    const events = recordedEvents('embedded-review-short');
    const asked = events.findIndex(
      ({ message }) => message.kind === 'known' && message.message.type === 'review_requested',
    );
    const live = reduce(events.slice(0, asked + 1));
    const { head, entities } = createRunFeed(sourceOf(live), { producer: PRODUCER }).snapshot();
    expect(head?.run?.state).toBe('waiting');
    expect(entities.tasks['t1']?.state).toBe('waiting for you');
    expect(entities.waits['w1']).toMatchObject({ taskId: 't1', isOpen: true });
    for (const event of events.slice(asked + 1)) liveReducer(live, event, []);
    const wait = createRunFeed(sourceOf(live), { producer: PRODUCER }).snapshot().entities.waits['w1'];
    // The review announced 2,000 ms.
    expect((wait?.toMs ?? 0) - (wait?.fromMs ?? 0)).toBe(2003);
  });

  it('waits before a task that has not begun, and knows it when it begins', () => {
    const events = recordedEvents('embedded-before-continue');
    const live = reduce(events.slice(0, 2));
    const waiting = createRunFeed(sourceOf(live), { producer: PRODUCER }).snapshot();
    expect(waiting.head).toMatchObject({ title: 'Delete the staging database', run: { state: 'waiting' } });
    expect(waiting.entities.tasks).toEqual({
      t1: expect.objectContaining({ state: 'waiting for you', description: 'Delete the staging database' }),
    });
    expect(waiting.entities.tasks['t1']).not.toHaveProperty('startedAtMs');
  });

  it('streams its answer into the conversation, token by token', () => {
    const events = recordedEvents('embedded-streaming');
    const answer = events.findIndex(
      ({ message }) => message.kind === 'known' && message.message.type === 'llm_iteration_completed',
    );
    const live = reduce(events.slice(0, answer));
    const [conversation] = Object.values(
      createConversationFeed(sourceOf(live), { producer: PRODUCER }).snapshot().entities.conversations,
    );
    expect(conversation).toMatchObject({ state: 'running', streamingSkippedChars: 0 });
    expect(conversation?.streaming).toMatch(FINDINGS);
    expect(conversation?.streaming).toContain("<script>alert('never run me')</script>");
  });
});

describe('a recorded producer of a hub', () => {
  it.each([
    ['batch-1', ['ended COMPLETED 1462 ms, SEQUENTIAL'], [1]],
    [
      'svc-a-1',
      [
        'ended COMPLETED 1546 ms, SEQUENTIAL',
        'ended COMPLETED 106 ms, SEQUENTIAL',
        'ended COMPLETED 277 ms, SEQUENTIAL',
      ],
      [2, 2, 2],
    ],
    ['svc-a-2', ['ended COMPLETED 1581 ms, SEQUENTIAL'], [2]],
    ['svc-b-1', ['ended COMPLETED 2227 ms, SEQUENTIAL'], [2]],
  ])('%s ends in the state its process was in', (producerId, runs, tasks) => {
    const live = reduce(producerEvents('hub-viewer', producerId));
    expect(live.runs.map((run) => tell(live, run)['run'])).toEqual(runs);
    expect(live.runs.map((run) => run.tasks.size)).toEqual(tasks);
    for (const run of live.runs) {
      expect(run.tasksFinished).toBe(run.tasks.size);
      for (const task of run.tasks.values()) expect(taskOutput(task)).toMatch(FINDINGS);
    }
  });
});
