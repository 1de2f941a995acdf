import type { EnsembleMessage } from '../../protocol/wire/ensemble-message.ts';
import type { Decision } from '../../protocol/wire/review.ts';
import type { CancelTimer, Clock } from '../clock.ts';
import { DemoConversation, toToolRequest } from './demo-conversation.ts';
import { ANSWER_PLACE, type DemoScript, type DemoStep, type DemoWork, RELEASE_PLACE } from './demo-step.ts';

/** What a run needs. */
export interface DemoRunOptions {
  readonly clock: Clock;
  readonly script: DemoScript;
  readonly newId: () => string;
  readonly say: (message: EnsembleMessage) => void;
  readonly onEnd: () => void;
}

type StepOf<Does extends DemoStep['does']> = Extract<DemoStep, { does: Does }>;

interface OpenReview {
  readonly reviewId: string;
  readonly output: string;
}

interface OpenDelegation {
  readonly delegationId: string;
  readonly startedAtMs: number;
}

/** Words keep the white space that follows them, as the pieces of a model's stream do. */
const PIECES = /\S+\s*|\s+/g;

/** Plays a script: says at its time what each of its steps says, and waits where it waits for a person. */
export class DemoRun {
  readonly #options: DemoRunOptions;
  readonly #ensembleId: string;
  readonly #startedAtMs: number;
  readonly #conversations = new Map<DemoWork, DemoConversation>();
  readonly #taskStartedAtMs = new Map<number, number>();
  readonly #toolCalls = new Map<number, number>();
  readonly #delegations = new Map<DemoWork, OpenDelegation>();
  #cancelTimer: CancelTimer | undefined;
  #review: OpenReview | undefined;
  #stepIndex = 0;
  #askedAtMs = 0;
  #lastAnswer = '';
  #release = '';
  #totalTokens = 0;
  #totalToolCalls = 0;

  constructor(options: DemoRunOptions) {
    this.#options = options;
    this.#ensembleId = options.newId();
    this.#startedAtMs = options.clock.nowMs();
  }

  begin(): void {
    const { say, script } = this.#options;
    const { totalTasks, workflow } = script;
    const startedAt = this.#instant();
    say({ type: 'ensemble_started', ensembleId: this.#ensembleId, startedAt, totalTasks, workflow });
    this.#next(0);
  }

  /** A person has decided; another review than the one that waits is not meant. */
  decide(reviewId: string, decision: Decision, revisedOutput: string | undefined): void {
    const review = this.#review;
    if (review?.reviewId !== reviewId) return;
    this.#proceed(decision, decision === 'EDIT' ? (revisedOutput ?? review.output) : review.output);
  }

  /** Ends it where it stands, in silence. */
  stop(): void {
    this.#cancelTimer?.();
  }

  #next(index: number): void {
    const step = this.#options.script.steps[index];
    this.#stepIndex = index;
    if (step === undefined) this.#end('COMPLETED');
    else this.#after(step.afterMs, () => this.#play(step));
  }

  #after(delayMs: number, act: () => void): void {
    this.#cancelTimer?.();
    this.#cancelTimer = this.#options.clock.after(delayMs, act);
  }

  #play(step: DemoStep): void {
    if (step.does === 'stream') this.#stream(step, this.#options.clock.nowMs(), 0);
    else if (step.does === 'review') this.#ask(step);
    else {
      this.#playAtOnce(step);
      this.#next(this.#stepIndex + 1);
    }
  }

  #playAtOnce(step: Exclude<DemoStep, { does: 'stream' | 'review' }>): void {
    switch (step.does) {
      case 'task':
        return this.#startTask(step);
      case 'ask':
        return this.#startIteration(step);
      case 'answer':
        return this.#answer(step);
      case 'tool':
        return this.#callTool(step);
      case 'delegate':
        return this.#delegate(step);
      case 'delegated':
        return this.#delegated(step);
      case 'done':
        return this.#finishTask(step);
    }
  }

  #startTask({ index, work }: StepOf<'task'>): void {
    const { say, clock, script } = this.#options;
    this.#taskStartedAtMs.set(index, clock.nowMs());
    say({
      type: 'task_started',
      taskIndex: index,
      totalTasks: script.totalTasks,
      ...whose(work),
      startedAt: this.#instant(),
    });
    this.#giveInput(index, work);
  }

  #giveInput(taskIndex: number, work: DemoWork): void {
    const context = work.context
      .replaceAll(ANSWER_PLACE, () => this.#lastAnswer)
      .replaceAll(RELEASE_PLACE, () => this.#release);
    this.#conversations.set(work, new DemoConversation(work, context));
    const { expectedOutput, agent } = work;
    this.#options.say({
      type: 'task_input',
      taskIndex,
      ...whose(work),
      expectedOutput,
      agentGoal: agent.goal,
      agentBackground: agent.background,
      toolNames: [...agent.tools],
      assembledContext: `## Task\n${work.description}\n\n${context}\n\n## Expected Output\n${expectedOutput}`,
      sentAt: this.#instant(),
    });
  }

  #startIteration({ work }: StepOf<'ask'>): void {
    const conversation = this.#conversations.get(work);
    if (conversation === undefined) return;
    this.#askedAtMs = this.#options.clock.nowMs();
    const { iterationIndex } = conversation;
    this.#options.say({ type: 'llm_iteration_started', ...whose(work), iterationIndex, ...conversation.asked() });
  }

  /** Says every piece that is due by now: a timer that rings late must not make the whole demo late. */
  #stream(step: StepOf<'stream'>, startedAtMs: number, from: number): void {
    const { clock, say } = this.#options;
    const pieces = step.text.match(PIECES) ?? [];
    const due = Math.floor((clock.nowMs() - startedAtMs) / step.everyMs) + 1;
    for (const token of pieces.slice(from, due))
      say({ type: 'token', token, ...whose(step.work), sentAt: this.#instant() });
    if (due > pieces.length) this.#next(this.#stepIndex + 1);
    else this.#after(step.everyMs, () => this.#stream(step, startedAtMs, Math.max(from, due)));
  }

  #answer({ work, text, calls = [], inputTokens, outputTokens }: StepOf<'answer'>): void {
    const conversation = this.#conversations.get(work);
    if (conversation === undefined) return;
    const { iterationIndex } = conversation;
    const latencyMs = this.#options.clock.nowMs() - this.#askedAtMs;
    const isFinal = calls.length === 0;
    const content = isFinal
      ? { responseType: 'FINAL_ANSWER' }
      : { responseType: 'TOOL_CALLS', toolRequests: calls.map(toToolRequest) };
    const sums = { inputTokens, outputTokens, latencyMs };
    this.#options.say({
      type: 'llm_iteration_completed',
      ...whose(work),
      iterationIndex,
      responseText: text,
      ...content,
      ...sums,
    });
    conversation.answered(text, calls);
    this.#totalTokens += inputTokens + outputTokens;
    if (isFinal) this.#lastAnswer = text;
  }

  #callTool({ work, index, call, afterMs }: StepOf<'tool'>): void {
    const { name: toolName, outcome, result: toolResult, structuredResult } = call;
    const toolArguments = toToolRequest(call).arguments;
    const structured = structuredResult === undefined ? {} : { structuredResult };
    const { role: agentRole } = work.agent;
    const outcomeOf = { outcome, toolArguments, toolResult, ...structured };
    this.#options.say({
      type: 'tool_called',
      agentRole,
      taskIndex: index,
      toolName,
      durationMs: afterMs,
      ...outcomeOf,
    });
    this.#conversations.get(work)?.returned(toolName, toolResult);
    this.#countTool(index);
  }

  #countTool(index: number): void {
    this.#toolCalls.set(index, (this.#toolCalls.get(index) ?? 0) + 1);
    this.#totalToolCalls += 1;
  }

  #delegate({ from, to }: StepOf<'delegate'>): void {
    const { clock, newId, say } = this.#options;
    const delegationId = newId();
    this.#delegations.set(to, { delegationId, startedAtMs: clock.nowMs() });
    say({ type: 'delegation_started', delegationId, ...handover(from, to), taskDescription: to.description });
    this.#giveInput(0, to);
  }

  /** To the one who delegates, handing over was a tool call. */
  #delegated({ from, to }: StepOf<'delegated'>): void {
    const delegation = this.#delegations.get(to);
    if (delegation === undefined) return;
    const { delegationId, startedAtMs } = delegation;
    const durationMs = this.#options.clock.nowMs() - startedAtMs;
    this.#options.say({ type: 'delegation_completed', delegationId, ...handover(from, to), durationMs });
    const call = { name: 'delegateTask', arguments: { agentRole: to.agent.role, taskDescription: to.description } };
    const step = { does: 'tool', afterMs: durationMs, work: from, index: 0 } as const;
    this.#callTool({ ...step, call: { ...call, outcome: 'SUCCESS', result: this.#lastAnswer } });
  }

  #ask({ work, prompt, timeoutMs }: StepOf<'review'>): void {
    const { newId, say } = this.#options;
    const reviewId = newId();
    const output = this.#lastAnswer;
    this.#review = { reviewId, output };
    const announced = { timing: 'AFTER_EXECUTION', prompt, timeoutMs, onTimeout: 'CONTINUE' };
    say({ type: 'review_requested', reviewId, taskDescription: work.description, taskOutput: output, ...announced });
    this.#after(timeoutMs, () => {
      say({ type: 'review_timed_out', reviewId, action: 'CONTINUE' });
      this.#proceed('CONTINUE', output);
    });
  }

  #proceed(decision: Decision, release: string): void {
    this.#review = undefined;
    this.#release = release;
    if (decision === 'EXIT_EARLY') this.#after(0, () => this.#end('USER_EXIT_EARLY'));
    else this.#next(this.#stepIndex + 1);
  }

  #finishTask({ index, work }: StepOf<'done'>): void {
    const { clock, script, say } = this.#options;
    const nowMs = clock.nowMs();
    say({
      type: 'task_completed',
      taskIndex: index,
      totalTasks: script.totalTasks,
      ...whose(work),
      completedAt: this.#instant(),
      durationMs: nowMs - (this.#taskStartedAtMs.get(index) ?? nowMs),
      tokenCount: -1,
      toolCallCount: this.#toolCalls.get(index) ?? 0,
    });
  }

  #end(exitReason: string): void {
    const { clock, say, onEnd } = this.#options;
    const ended = { completedAt: this.#instant(), durationMs: clock.nowMs() - this.#startedAtMs, exitReason };
    const sums = { totalTokens: this.#totalTokens, totalToolCalls: this.#totalToolCalls };
    say({ type: 'ensemble_completed', ensembleId: this.#ensembleId, ...ended, ...sums });
    onEnd();
  }

  #instant(): string {
    return new Date(this.#options.clock.nowMs()).toISOString();
  }
}

function whose({ agent, description }: DemoWork): { agentRole: string; taskDescription: string } {
  return { agentRole: agent.role, taskDescription: description };
}

function handover(from: DemoWork, to: DemoWork): { delegatingAgentRole: string; workerRole: string } {
  return { delegatingAgentRole: from.agent.role, workerRole: to.agent.role };
}
