import type { ConversationState } from './conversation-state.ts';
import { LiveStack } from './live-stack.ts';
import { type DelegationState, type TaskState, type Work, isOpenWork } from './work-state.ts';

/** One role on one description: the work on it, and what is said about it. */
export interface Pair {
  readonly works: LiveStack<Work>;
  newestWork: Work | undefined;
  conversation: ConversationState | undefined;
}

/** Finds the work that a message means, at a cost that does not depend on how much work there is. */
export class WorkIndex {
  readonly #byIndex = new Map<number, TaskState>();
  readonly #tasks = new LiveStack<TaskState>(isOpenWork);
  readonly #tasksByRole = new Map<string, LiveStack<TaskState>>();
  readonly #delegationsByRole = new Map<string, LiveStack<DelegationState>>();
  readonly #byDescription = new Map<string, LiveStack<Work>>();
  readonly #unstarted = new LiveStack<TaskState>(isUnstarted);
  readonly #unstartedByDescription = new Map<string, LiveStack<TaskState>>();
  readonly #pairs = new Map<string, Map<string, Pair>>();

  /** Adds a task that begins, or of which the beginning was missed. */
  addTask(task: TaskState): void {
    this.#byIndex.set(task.taskIndex, task);
    this.#tasks.push(task);
    stackOf(this.#tasksByRole, task.role).push(task);
    this.#addWork(task);
  }

  /** Adds a task that is only known from a review before it. */
  addUnstarted(task: TaskState): void {
    this.#unstarted.push(task);
    let stack = this.#unstartedByDescription.get(task.description);
    if (stack === undefined) {
      stack = new LiveStack<TaskState>(isUnstarted);
      this.#unstartedByDescription.set(task.description, stack);
    }
    stack.push(task);
  }

  /** Adds a delegation that begins. */
  addDelegation(delegation: DelegationState): void {
    stackOf(this.#delegationsByRole, delegation.role).push(delegation);
    this.#addWork(delegation);
  }

  /** The newest task of this number, ended or not. */
  taskOfIndex(taskIndex: number): TaskState | undefined {
    return this.#byIndex.get(taskIndex);
  }

  /** The newest task that runs. */
  newestTask(): TaskState | undefined {
    return this.#tasks.newest();
  }

  /** The newest task of a role that runs. */
  newestTaskOfRole(role: string): TaskState | undefined {
    return this.#tasksByRole.get(role)?.newest();
  }

  /** The newest delegation to a role that runs. */
  newestDelegationTo(role: string): DelegationState | undefined {
    return this.#delegationsByRole.get(role)?.newest();
  }

  /** The newest work with this description that runs, whoever does it. */
  newestOfDescription(description: string): Work | undefined {
    return this.#byDescription.get(description)?.newest();
  }

  /** The newest task that has not started. */
  newestUnstarted(): TaskState | undefined {
    return this.#unstarted.newest();
  }

  /** The newest task with this description that has not started. */
  unstartedOf(description: string): TaskState | undefined {
    return this.#unstartedByDescription.get(description)?.newest();
  }

  /** What is known of a role on a description; `undefined` if nothing is. */
  findPair(role: string, description: string): Pair | undefined {
    return this.#pairs.get(role)?.get(description);
  }

  /** The same; made if nothing is known. */
  pair(role: string, description: string): Pair {
    let ofRole = this.#pairs.get(role);
    if (ofRole === undefined) {
      ofRole = new Map();
      this.#pairs.set(role, ofRole);
    }
    let pair = ofRole.get(description);
    if (pair === undefined) {
      pair = { works: new LiveStack<Work>(isOpenWork), newestWork: undefined, conversation: undefined };
      ofRole.set(description, pair);
    }
    return pair;
  }

  #addWork(work: Work): void {
    stackOf<Work>(this.#byDescription, work.description).push(work);
    const pair = this.pair(work.role, work.description);
    pair.works.push(work);
    pair.newestWork = work;
  }
}

function isUnstarted(task: TaskState): boolean {
  return task.phase === 'unstarted';
}

function stackOf<T extends Work>(stacks: Map<string, LiveStack<T>>, key: string): LiveStack<T> {
  const known = stacks.get(key);
  if (known !== undefined) return known;
  const stack = new LiveStack<T>(isOpenWork);
  stacks.set(key, stack);
  return stack;
}
