import { isOnPair, type NaiveTalk, NaiveTalks, text } from './naive-talk.ts';
/** A message of a process at its place: what the oracle reduces. */
export interface NaiveEvent {
  readonly epoch: number;
  readonly sequence: number;
  readonly message: Said;
}

/** A message as the wire carries it. The oracle's own traffic is well-formed, so that its members are just read. */
export type Said = Readonly<Record<string, unknown>>;

/** A task, or what was delegated `under` one. */
export interface NaiveWork {
  readonly kind: 'task' | 'delegation';
  readonly wireId: unknown;
  readonly role: string;
  readonly description: string;
  readonly startedAt: unknown;
  readonly from: string;
  readonly under: NaiveWork | undefined;
  state: 'running' | 'completed' | 'failed' | 'ended';
  heardAt: number;
  tools: number;
  saidTools: number;
  durationMs: unknown;
  failure: unknown;
  context: unknown;
  answer: unknown;
}

/** What `naiveRuns` makes of one run: lists and plain scans, in the words of docs/protocol.md and nothing cleverer. */
export class NaiveRun {
  readonly works: NaiveWork[] = [];
  readonly #talks = new NaiveTalks({
    hear: (work) => this.#hear(work),
    ownerOf: (said) => this.#ownerOf(said),
    workOfToken: (said) => this.#workOfToken(said),
  });
  readonly tools: { readonly task: NaiveWork | undefined; readonly said: Said }[] = [];
  readonly files: Said[] = [];
  readonly metrics = new Map<string, Said>();
  readonly raw: string[] = [];
  unreadable = 0;
  start: Said | undefined;
  end: Said | undefined;
  name: unknown;
  /** Why it failed last. */
  failure: unknown;
  failedAt: number | undefined;
  announced = 0;
  #step = 0;

  take(said: Said): void {
    this.#step += 1;
    if (isUnreadable(said)) this.unreadable += 1;
    else this.#take(said);
  }

  get talks(): readonly NaiveTalk[] {
    return this.#talks.all;
  }

  get tasks(): NaiveWork[] {
    return this.works.filter(({ kind }) => kind === 'task');
  }

  get delegations(): NaiveWork[] {
    return this.works.filter((work) => !this.tasks.includes(work));
  }

  /** What comes of a task: its last final answer, else what was streamed. */
  output(task: NaiveWork): unknown {
    if (task.answer !== undefined) return task.answer;
    const talk = this.talks.findLast(({ owner }) => owner === task);
    const last = talk?.iterations.toSorted((a, b) => a.index - b.index).at(-1)?.streamed;
    return talk?.streaming || last || undefined;
  }

  #take(said: Said): void {
    switch (said['type']) {
      case 'ensemble_started':
        this.start = said;
        this.name = said['ensembleId'];
        return this.#announce(said);
      case 'ensemble_completed':
        this.end = said;
        this.name ??= said['ensembleId'];
        return;
      case 'task_started':
        return this.#taskStarted(said);
      case 'task_input':
        return this.#taskInput(said);
      case 'task_completed':
      case 'task_failed':
        return this.#taskEnded(said);
      case 'tool_called':
        return this.#toolCalled(said);
      case 'delegation_started':
        return this.#delegationStarted(said);
      case 'delegation_completed':
      case 'delegation_failed':
        return this.#delegationEnded(said);
      case 'llm_iteration_started':
        return this.#talks.asked(said, this.#step);
      case 'llm_iteration_completed':
        return this.#talks.answered(said, this.#step);
      case 'token':
        return this.#talks.token(said, this.#step);
      case 'file_changed':
        this.files.push(said);
        return;
      case 'metrics_snapshot':
        this.metrics.set(`${text(said, 'agentRole')} ${text(said, 'taskIndex')}`, said);
        return;
      default:
        this.raw.push(text(said, 'type'));
    }
  }

  #announce({ totalTasks }: Said): void {
    this.announced = Number(totalTasks);
  }

  #begin(kind: NaiveWork['kind'], said: Said, about: Partial<NaiveWork>): NaiveWork {
    const work: NaiveWork = {
      kind,
      wireId: undefined,
      role: text(said, kind === 'task' ? 'agentRole' : 'workerRole'),
      description: text(said, 'taskDescription'),
      startedAt: undefined,
      from: text(said, 'delegatingAgentRole'),
      under: undefined,
      state: 'running',
      heardAt: this.#step,
      tools: 0,
      saidTools: -1,
      durationMs: undefined,
      failure: undefined,
      context: undefined,
      answer: undefined,
      ...about,
    };
    this.works.push(work);
    return work;
  }

  #hear(work: NaiveWork | undefined): void {
    if (work === undefined) return;
    work.heardAt = this.#step;
    const task = taskOf(work);
    if (task !== undefined) task.heardAt = this.#step;
  }

  #newest(test: (work: NaiveWork) => boolean): NaiveWork | undefined {
    return this.works.findLast((work) => work.state === 'running' && test(work));
  }

  #newestTask(role?: string): NaiveWork | undefined {
    return this.#newest((work) => work.kind === 'task' && (role === undefined || work.role === role));
  }

  #newestDelegationTo(role: string): NaiveWork | undefined {
    return this.#newest((work) => work.kind === 'delegation' && work.role === role);
  }

  #taskOfIndex(said: Said): NaiveWork | undefined {
    return this.tasks.findLast(({ wireId }) => wireId === said['taskIndex']);
  }

  #newestOnPair(said: Said): NaiveWork | undefined {
    return this.#newest((work) => isOnPair(work, said));
  }

  #taskStarted(said: Said): void {
    this.#announce(said);
    const known = this.#taskOfIndex(said);
    const isRepeat = known?.startedAt === said['startedAt'] && known?.description === said['taskDescription'];
    if (!isRepeat) this.#begin('task', said, { wireId: said['taskIndex'], startedAt: said['startedAt'] });
  }

  #taskInput(said: Said): void {
    const isNumbered = Number(said['taskIndex']) > 0;
    const work = isNumbered
      ? (this.#taskOfIndex(said) ?? this.#begin('task', said, { wireId: said['taskIndex'] }))
      : this.#newestOnPair(said);
    if (work === undefined) return;
    work.context = said['assembledContext'];
    this.#hear(work);
  }

  #taskEnded(said: Said): void {
    const known = this.#taskOfIndex(said);
    const isMeant = known?.state === 'running' || known?.description === said['taskDescription'];
    const task = known !== undefined && isMeant ? known : this.#begin('task', said, { wireId: said['taskIndex'] });
    task.heardAt = this.#step;
    if (said['type'] === 'task_failed') {
      task.failure = said['reason'];
      this.failure = task.failure;
      this.failedAt ??= this.#step;
      return this.#end(task, 'failed');
    }
    this.#announce(said);
    task.failure = undefined;
    task.durationMs = said['durationMs'];
    task.saidTools = Number(said['toolCallCount']);
    this.#end(task, 'completed');
  }

  /** With work ends the talk about it, and what it delegated. */
  #end(work: NaiveWork, state: NaiveWork['state']): void {
    work.state = state;
    this.#talks.end(work);
    for (const part of this.works) {
      if (part.under === work && part.state === 'running') this.#end(part, 'ended');
    }
  }

  #toolCalled(said: Said): void {
    const role = text(said, 'agentRole');
    const numbered = Number(said['taskIndex']) > 0 ? this.#taskOfIndex(said) : undefined;
    const byRole = this.#newestTask(role) ?? taskOf(this.#newestDelegationTo(role));
    const task = numbered ?? byRole ?? this.#newestTask();
    this.tools.push({ task, said });
    if (task === undefined) return;
    task.tools += 1;
    this.#hear(task);
  }

  #delegationStarted(said: Said): void {
    const known = this.delegations.findLast(({ wireId }) => wireId === said['delegationId']);
    if (known?.state !== 'running') this.#delegate(said);
  }

  #delegate(said: Said): NaiveWork {
    const from = text(said, 'delegatingAgentRole');
    const under = this.#newestTask(from) ?? this.#newestDelegationTo(from) ?? this.#newestTask();
    this.#hear(under);
    return this.#begin('delegation', said, { wireId: said['delegationId'], under });
  }

  #delegationEnded(said: Said): void {
    const known = this.delegations.findLast(({ wireId }) => wireId === said['delegationId']);
    const delegation = known ?? this.#delegate(said);
    const isFailure = said['type'] === 'delegation_failed';
    delegation.failure = isFailure ? said['reason'] : undefined;
    this.#hear(delegation);
    this.#end(delegation, isFailure ? 'failed' : 'completed');
  }

  /** Whose talk a role's on a description is: of running work on both, else of any on both, else of the role. */
  #ownerOf(said: Said): NaiveWork | undefined {
    const role = text(said, 'agentRole');
    const ofPair = this.#newestOnPair(said) ?? this.works.findLast((work) => isOnPair(work, said));
    return ofPair ?? this.#newestTask(role) ?? this.#newestDelegationTo(role);
  }

  #workOfToken(said: Said): NaiveWork | undefined {
    const role = text(said, 'agentRole');
    const ofRole = this.#newestOnPair(said) ?? this.#newestTask(role) ?? this.#newestDelegationTo(role);
    return ofRole ?? this.#newestTask();
  }
}

/**
 * The runs of a producer, from all of its events in their order. A start begins a run if the one before it had a task or has
 * ended; so does a life that begins at 1.
 */
export function naiveRuns(events: readonly NaiveEvent[]): NaiveRun[] {
  const fresh = new Set(events.filter(({ sequence }) => sequence === 1).map(({ epoch }) => epoch));
  const told = events.filter(({ message }) => message['type'] !== 'heartbeat');
  const runs: NaiveRun[] = [];
  let isOver = false;
  for (const [at, { epoch, message }] of told.entries()) {
    const isOtherLife = epoch !== told[at - 1]?.epoch && fresh.has(epoch);
    const type = text(message, 'type');
    let run = runs.at(-1);
    if (run === undefined || isOtherLife || (type === 'ensemble_started' && isOver)) {
      run = new NaiveRun();
      runs.push(run);
      isOver = false;
    }
    isOver ||= ['task_started', 'task_completed', 'task_failed', 'ensemble_completed'].includes(type);
    takerOf(message, run, runs).take(message);
  }
  return runs;
}

/** An end names its run: it may be an older one. */
function takerOf(message: Said, newest: NaiveRun, runs: readonly NaiveRun[]): NaiveRun {
  const { type, ensembleId } = message;
  if (type !== 'ensemble_completed' || newest.name === ensembleId) return newest;
  return runs.find(({ name }) => name === ensembleId) ?? newest;
}

/** Of the oracle's traffic only a start that says nothing cannot be read. */
const isUnreadable = (said: Said): boolean => said['type'] === 'task_started' && said['taskIndex'] === undefined;

function taskOf(work: NaiveWork | undefined): NaiveWork | undefined {
  return work?.kind === 'delegation' ? taskOf(work.under) : work;
}
