import { START_MS } from './hub-driver.ts';
import type { Said } from './naive-run.ts';

/** One role at work on one description: a task, or what a task delegated. */
interface ChaosWork {
  readonly taskIndex: number;
  readonly who: { readonly agentRole: string; readonly taskDescription: string };
  /** The worker's half of a delegation has this. */
  readonly delegationId?: string;
  asked: number;
  answered: number;
  messages: number;
}

const ROLES = ['Writer', 'Editor', '__proto__'];
const DESCRIPTIONS = ['Draft', 'Check', 'Send'];

/**
 * A process that behaves as AgentEnsemble's do: runs with tasks beside each other, conversations whose frames are windows over
 * their end, delegations. What it says next is drawn by a number, so that a story can be told again and be made shorter.
 */
export class ChaosProcess {
  readonly #clockErrorMs: number;
  #nowMs = START_MS;
  #runs = 0;
  #isRunning = false;
  #tasks = 0;
  #delegations = 0;
  #works: ChaosWork[] = [];
  #said = 0;

  /** `clockErrorMs` is by how much its clock is wrong. */
  constructor(clockErrorMs: number) {
    this.#clockErrorMs = clockErrorMs;
  }

  /** Its own clock moves on to the world's. */
  at(worldMs: number): void {
    this.#nowMs = worldMs + this.#clockErrorMs;
  }

  /** What its clock says, as the wire writes it; a clock that was set back by a little is `backMs` behind. */
  stamp(backMs = 0): string {
    return new Date(this.#nowMs - backMs).toISOString();
  }

  /** It begins again: whatever it was at is gone. */
  restart(): void {
    this.#isRunning = false;
    this.#works = [];
  }

  /** The next message; `choice` draws it. */
  say(choice: number): Said {
    this.#said += 1;
    if (!this.#isRunning) return this.#startRun();
    const kind = choice % 40;
    const work = this.#works[Math.floor(choice / 40) % Math.max(1, this.#works.length)];
    if (kind === 0) return this.#endRun(choice);
    if (kind === 1) return { type: 'task_progress', percent: choice };
    if (kind === 2) return { type: 'task_started' };
    if (kind === 3) return { type: 'heartbeat', serverTimeMs: choice };
    if (work === undefined || (kind < 8 && this.#works.length < 4)) return this.#startTask(choice);
    return this.#work(work, kind, choice);
  }

  #work(work: ChaosWork, kind: number, choice: number): Said {
    if (kind < 10) return this.#input(work);
    if (kind < 12) return this.#file(work);
    if (kind < 14) return this.#metrics(work, choice);
    if (kind < 18) return this.#tool(work, choice);
    if (kind < 20) return this.#delegate(work, choice);
    if (kind < 23) return this.#endWork(work, choice);
    if (kind < 29) return work.asked > work.answered ? this.#answer(work, choice) : this.#ask(work, choice);
    return kind < 31 ? this.#ask(work, choice) : this.#token(work, choice);
  }

  #startRun(): Said {
    this.#isRunning = true;
    this.#runs += 1;
    this.#tasks = 0;
    this.#works = [];
    const ensembleId = `run ${this.#runs} of ${this.#clockErrorMs}`;
    return { type: 'ensemble_started', ensembleId, startedAt: this.stamp(), totalTasks: 3, workflow: 'PARALLEL' };
  }

  #endRun(choice: number): Said {
    this.#isRunning = false;
    const exitReason = ['COMPLETED', 'ERROR', 'TIMEOUT', 'USER_EXIT_EARLY'][Math.floor(choice / 40) % 4];
    const ensembleId = `run ${this.#runs} of ${this.#clockErrorMs}`;
    const totals = { durationMs: 5, totalTokens: (choice % 3) - 1, totalToolCalls: (choice % 5) - 1 };
    return { type: 'ensemble_completed', ensembleId, completedAt: this.stamp(), exitReason, ...totals };
  }

  #startTask(choice: number): Said {
    this.#tasks += 1;
    const who = {
      agentRole: ROLES[choice % 3] ?? '',
      taskDescription: DESCRIPTIONS[Math.floor(choice / 3) % 3] ?? '',
    };
    this.#works.push({ taskIndex: this.#tasks, who, asked: 0, answered: 0, messages: 0 });
    return { type: 'task_started', taskIndex: this.#tasks, totalTasks: 3, ...who, startedAt: this.stamp() };
  }

  #input({ taskIndex, who }: ChaosWork): Said {
    const assembledContext = `context ${this.#said}`;
    return { type: 'task_input', taskIndex, ...who, toolNames: [], assembledContext, sentAt: this.stamp() };
  }

  #file({ who: { agentRole } }: ChaosWork): Said {
    const filePath = `${this.#said}.md`;
    const lines = { linesAdded: 1, linesRemoved: 0 };
    return { type: 'file_changed', agentRole, filePath, changeType: 'CREATED', ...lines, timestamp: this.stamp() };
  }

  #metrics({ taskIndex, who: { agentRole } }: ChaosWork, choice: number): Said {
    const used = { inputTokens: choice, outputTokens: 1, llmLatencyMs: 1, toolExecutionTimeMs: 1, iterationCount: 1 };
    return { type: 'metrics_snapshot', agentRole, taskIndex, ...used };
  }

  #tool(work: ChaosWork, choice: number): Said {
    const taskIndex = choice % 2 === 0 ? work.taskIndex : 0;
    const { agentRole } = work.who;
    const toolResult = `result ${this.#said}`;
    return { type: 'tool_called', agentRole, taskIndex, toolName: 'search', durationMs: 3, outcome: null, toolResult };
  }

  #delegate({ who }: ChaosWork, choice: number): Said {
    this.#delegations += 1;
    const delegationId = `d${this.#delegations}`;
    const workerRole = ROLES[Math.floor(choice / 7) % 3] ?? '';
    const taskDescription = DESCRIPTIONS[Math.floor(choice / 11) % 3] ?? '';
    const worker = { agentRole: workerRole, taskDescription };
    this.#works.push({ taskIndex: 0, who: worker, delegationId, asked: 0, answered: 0, messages: 0 });
    return {
      type: 'delegation_started',
      delegationId,
      delegatingAgentRole: who.agentRole,
      workerRole,
      taskDescription,
    };
  }

  #endWork(work: ChaosWork, choice: number): Said {
    this.#works = this.#works.filter((each) => each !== work);
    const { taskIndex, who, delegationId } = work;
    const isFailure = choice % 7 === 0;
    if (delegationId !== undefined) {
      const ends = { delegationId, delegatingAgentRole: 'Editor', workerRole: who.agentRole };
      if (isFailure) return { type: 'delegation_failed', ...ends, reason: `no ${this.#said}` };
      return { type: 'delegation_completed', ...ends, durationMs: 4 };
    }
    if (isFailure)
      return { type: 'task_failed', taskIndex, ...who, failedAt: this.stamp(), reason: `no ${this.#said}` };
    const counts = { totalTasks: 3, durationMs: 4, tokenCount: -1, toolCallCount: (choice % 3) - 1 };
    return { type: 'task_completed', taskIndex, ...who, completedAt: this.stamp(), ...counts };
  }

  /** Two more messages than before, of which the frame carries the last three. */
  #ask(work: ChaosWork, choice: number): Said {
    if (choice % 13 === 0) [work.asked, work.answered, work.messages] = [0, 0, 0];
    work.messages += 2;
    const first = Math.max(0, work.messages - 3);
    const messages = Array.from({ length: work.messages - first }, (_, at) => {
      return { role: 'user', content: `message ${first + at}` };
    });
    const iterationIndex = work.asked;
    work.asked += 1;
    return {
      type: 'llm_iteration_started',
      ...work.who,
      iterationIndex,
      messages,
      ...(first > 0 && { totalMessageCount: work.messages }),
    };
  }

  #answer(work: ChaosWork, choice: number): Said {
    const iterationIndex = work.answered;
    work.answered = work.asked;
    const isFinal = choice % 4 === 0;
    return {
      type: 'llm_iteration_completed',
      ...work.who,
      iterationIndex,
      responseType: isFinal ? 'FINAL_ANSWER' : 'TOOL_CALLS',
      responseText: isFinal ? `answer ${this.#said}` : null,
      inputTokens: choice % 50,
      outputTokens: choice % 7,
      latencyMs: 2,
    };
  }

  #token({ who }: ChaosWork, choice: number): Said {
    const named = choice % 5 === 0 ? { ...who, taskDescription: 'of something else' } : who;
    return { type: 'token', token: `${this.#said} `, ...named, sentAt: this.stamp() };
  }
}
