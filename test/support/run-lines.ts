import type { LiveState } from '../../src/hub/live-state.ts';
import { bodyText } from '../../src/hub/live/body-text.ts';
import type { RunState } from '../../src/hub/run-state.ts';
import { createConversationFeed } from '../../src/hub/views/conversation-feed.ts';
import { createRunFeed } from '../../src/hub/views/run-feed.ts';
import { createToolsFeed } from '../../src/hub/views/tools-feed.ts';
import type { ViewEntities } from '../../src/protocol/tab/view-data.ts';
import { PRODUCER, ROSTER } from './live-story.ts';
import type { NaiveRun } from './naive-run.ts';

/** A run in lines of text, so that two accounts of it can be compared and a difference be read. */
export interface RunLines {
  readonly run: string;
  readonly tasks: readonly string[];
  readonly tools: readonly string[];
  readonly delegations: readonly string[];
  /** In no order: what is not kept may have begun one. */
  readonly talks: readonly string[];
  readonly files: readonly string[];
  readonly metrics: readonly string[];
  readonly raw: readonly string[];
}

/** What a run is besides its own messages. */
export interface NaiveStanding {
  /** Another run, or another life of the process, came after it; or nobody can hear its process any more. */
  readonly isLeft: boolean;
}

/**
 * Whether streamed text takes part, and conversations that hold nothing else. It need not be the same where something came late:
 * a hub keeps tokens only until the answer that they seem to belong to is there.
 */
export interface LinesOptions {
  readonly hasStreams: boolean;
}

/** A run as the oracle has it. */
export function naiveLines(run: NaiveRun, standing: NaiveStanding & LinesOptions): RunLines {
  const { tasks } = run;
  const isAlive = aliveOf(run, standing);
  const talks = run.talks.filter(({ iterations }) => standing.hasStreams || iterations.length > 0);
  const nameOf = (task: unknown): string => `task ${tasks.indexOf(task as (typeof tasks)[number]) + 1}`;
  return {
    run: naiveHead(run, standing),
    tasks: tasks.map((task) => {
      const state = task.state === 'running' && !isAlive(task.heardAt) ? 'ended' : task.state;
      const owned = run.talks.filter(({ owner }) => owner === task).flatMap(({ iterations }) => iterations);
      const come = standing.hasStreams ? run.output(task) : task.answer;
      const output = state === 'running' ? undefined : come;
      const tools = task.saidTools < 0 ? task.tools : task.saidTools;
      const rest = `${tools} tools, ${owned.length} iterations, ${told(task.context)}, ${told(output)}`;
      return `${told(task.wireId)} ${task.role} ${task.description}: ${state} ${told(task.failure)}, ${rest}`;
    }),
    tools: run.tools.map(({ task, said }) => {
      return `${nameOf(task)} ${told(said['agentRole'])} ${told(said['toolName'])} ${told(said['toolResult'])}`;
    }),
    delegations: run.delegations.map((each) => {
      const state = each.state === 'running' && !isAlive(each.heardAt) ? 'ended' : each.state;
      const under = topOf(each.under);
      return `${nameOf(under)} ${each.from} to ${each.role}, ${each.description}: ${state} ${told(each.failure)}`;
    }),
    talks: talks
      .map((talk) => {
        const ofPair = talks.filter((each) => each.role === talk.role && each.description === talk.description);
        const isCut = !isAlive(talk.heardAt);
        const messages = talk.messages.map(({ position, text }) => `${position} ${text}`).join(', ');
        const iterations = talk.iterations
          .toSorted((a, b) => a.index - b.index)
          .map(({ index, state, messageCount, answer, streamed }) => {
            const response = answer?.['responseText'] ?? ((standing.hasStreams && streamed) || undefined);
            return `${index} ${state === 'running' && isCut ? 'ended' : state} ${messageCount} ${told(response)}`;
          })
          .join(', ');
        const state = talk.state === 'running' && isCut ? 'ended' : talk.state;
        const who = `${nameOf(topOf(talk.owner))} ${talk.role} ${talk.description} ${ofPair.indexOf(talk) + 1}`;
        const used = talk.iterations
          .map(({ answer }) => Number(answer?.['inputTokens'] ?? 0))
          .reduce((a, b) => a + b, 0);
        const notSeen = Math.min(...talk.messages.map(({ position }) => position));
        return `${who}: ${state}, ${Number.isFinite(notSeen) ? notSeen : 0} before [${messages}] [${iterations}] ${used} in, ${standing.hasStreams ? talk.streaming : ''}`;
      })
      .toSorted(),
    files: run.files.map((file) => `${told(file['filePath'])} ${told(file['changeType'])}`),
    metrics: [...run.metrics].map(([key, said]) => `${key}: ${told(said['inputTokens'])}`).toSorted(),
    raw: run.raw,
  };
}

/** A run as the hub has it, through its views as far as they show it. */
export function hubLines(live: LiveState, run: RunState, options: LinesOptions): RunLines {
  const source = { live: () => live, roster: () => ROSTER };
  const request = { producer: PRODUCER, run: run.key };
  const { head, entities } = createRunFeed(source, request).snapshot();
  const talk = createConversationFeed(source, request).snapshot().entities;
  const tools = createToolsFeed(source, request).snapshot().entities.toolCalls;
  const ids = Object.keys(entities.tasks);
  const nameOf = (id: string | undefined): string => `task ${ids.indexOf(id ?? '') + 1}`;
  const body = (id: string, part: string): string => told(bodyText(run, id, part));
  const talks = Object.values(talk.conversations).filter(({ id }) => options.hasStreams || hasIterations(talk, id));
  const summary = head?.run;
  return {
    run: [
      `${told(head?.ensembleId)} ${told(head?.workflow)} ${told(summary?.state)} ${told(summary?.exitReason)}`,
      `${told(head?.failure?.text)}, ${told(summary?.tasksFinished)} of ${told(summary?.tasksTotal)}`,
      `${told(head?.tokens)} tokens, ${told(head?.toolCalls)} tools, ${run.unreadable} unreadable`,
    ].join('; '),
    tasks: Object.values(entities.tasks).map((task) => {
      const answer = run.tasks.get(task.id)?.finalAnswer?.responseText;
      const come = options.hasStreams ? bodyText(run, task.id, 'output') : answer;
      const output = told(task.output === undefined ? undefined : come);
      const rest = `${task.toolCalls} tools, ${task.iterations} iterations, ${body(task.id, 'context')}, ${output}`;
      const failure = task.failure?.text;
      return `${task.taskIndex} ${task.agentRole} ${task.description}: ${task.state} ${told(failure)}, ${rest}`;
    }),
    tools: Object.values(tools).map(
      (call) => `${nameOf(call.taskId)} ${call.agentRole} ${call.toolName} ${told(call.result?.text)}`,
    ),
    delegations: Object.values(entities.delegations).map((each) => {
      const who = `${each.delegatingRole} to ${each.workerRole}, ${each.description}`;
      return `${nameOf(each.taskId)} ${who}: ${each.state} ${told(each.failure?.text)}`;
    }),
    talks: talks.map((each) => hubTalk(talk, each, { run, nameOf, n: rankOf(each, talks), ...options })).toSorted(),
    files: run.files.map((file) => `${file.filePath} ${file.changeType}`),
    metrics: [...run.metrics]
      .flatMap(([role, byTask]) => [...byTask].map(([task, said]) => `${role} ${task}: ${said.inputTokens}`))
      .toSorted(),
    raw: run.rawEvents.map(({ type }) => type),
  };
}

type Talks = ViewEntities<'conversation'>;

interface Words extends LinesOptions {
  readonly run: RunState;
  readonly n: number;
  readonly nameOf: (id: string | undefined) => string;
}

/** The how manieth it is of its role on its description, of those that take part. */
function rankOf(talk: Talks['conversations'], talks: readonly Talks['conversations'][]): number {
  return talks.filter((each) => {
    return each.agentRole === talk.agentRole && each.description === talk.description && each.n <= talk.n;
  }).length;
}

function hasIterations(
  { iterations }: { readonly iterations: Readonly<Record<string, Talks['iterations']>> },
  talkId: string,
): boolean {
  return Object.values(iterations).some(({ conversationId }) => conversationId === talkId);
}

function hubTalk(
  all: { readonly [C in keyof Talks]: Readonly<Record<string, Talks[C]>> },
  talk: Talks['conversations'],
  { run, nameOf, n, hasStreams }: Words,
): string {
  const messages = Object.values(all.messages)
    .filter(({ conversationId }) => conversationId === talk.id)
    .toSorted((a, b) => a.position - b.position)
    .map(({ position, content }) => `${position} ${content?.text ?? ''}`)
    .join(', ');
  const iterations = Object.values(all.iterations)
    .filter(({ conversationId }) => conversationId === talk.id)
    .toSorted((a, b) => a.iterationIndex - b.iterationIndex)
    .map(({ id, iterationIndex, state, messageCount }) => {
      const answer = run.iterations.get(id)?.completed?.responseText;
      const response = hasStreams ? bodyText(run, id, 'response') : answer;
      return `${iterationIndex} ${state} ${messageCount} ${told(response)}`;
    })
    .join(', ');
  const who = `${nameOf(talk.taskId)} ${talk.agentRole} ${talk.description} ${n}`;
  return `${who}: ${talk.state}, ${talk.messagesNotSeen} before [${messages}] [${iterations}] ${talk.inputTokens} in, ${hasStreams ? talk.streaming : ''}`;
}

function naiveHead(run: NaiveRun, standing: NaiveStanding): string {
  const { tasks, start, end } = run;
  const state = naiveState(run, standing);
  const finished = tasks.filter((task) => task.state !== 'running').length;
  const answers = run.talks.flatMap(({ iterations }) => iterations).map(({ answer }) => answer);
  const used = answers.reduce(
    (sum, each) => sum + Number(each?.['inputTokens'] ?? 0) + Number(each?.['outputTokens'] ?? 0),
    0,
  );
  const failure = state === 'failed' ? run.failure : undefined;
  return [
    `${told(run.name)} ${told(start?.['workflow'])} ${state} ${told(end?.['exitReason'])}`,
    `${told(failure)}, ${finished} of ${Math.max(run.announced, tasks.length)}`,
    `${said(end?.['totalTokens']) ?? used} tokens, ${said(end?.['totalToolCalls']) ?? run.tools.length} tools, ${run.unreadable} unreadable`,
  ].join('; ');
}

/** How a run stands, as one word. */
export function naiveState(run: NaiveRun, { isLeft }: NaiveStanding): string {
  const hasFailed = run.tasks.some(({ state }) => state === 'failed');
  const exitReason = run.end?.['exitReason'];
  if (run.end !== undefined)
    return exitReason === 'ERROR' || (hasFailed && exitReason !== 'COMPLETED') ? 'failed' : 'ended';
  if (run.failedAt !== undefined) return 'failed';
  return isLeft ? 'lost-touch' : 'running';
}

/** Whether something that was last heard of at a step can still be alive: a failure ends what is not heard of after it. */
function aliveOf(run: NaiveRun, { isLeft }: NaiveStanding): (heardAt: number) => boolean {
  return (heardAt) => !isLeft && run.end === undefined && heardAt > (run.failedAt ?? 0);
}

function topOf(work: NaiveRun['works'][number] | undefined): NaiveRun['works'][number] | undefined {
  return work?.kind === 'delegation' ? topOf(work.under) : work;
}

function said(value: unknown): number | undefined {
  return typeof value === 'number' && value >= 0 ? value : undefined;
}

function told(value: unknown): string {
  return typeof value === 'string' || typeof value === 'number' ? String(value) : '-';
}
