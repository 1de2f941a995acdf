import type { TaskStarted } from '../protocol/wire/task.ts';

/** How many unfinished tasks of one producer are remembered; a run has far fewer. */
const UNFINISHED_MAX = 10_000;

/** What of a start tells it from others. */
export type StartOfTask = Pick<TaskStarted, 'taskDescription' | 'taskIndex' | 'startedAt'>;

/** Unfinished tasks with one description: when each started, by its index. */
interface AlikeTasks {
  count: number;
  readonly startsByIndex: Map<number, Set<string>>;
}

/**
 * The tasks of one run that have started and not finished, by description: a review names
 * its task by nothing else. What a call costs does not depend on how many tasks there are.
 */
export class UnfinishedTasks {
  readonly #byDescription = new Map<string, AlikeTasks>();
  #size = 0;

  get size(): number {
    return this.#size;
  }

  /** How many unfinished tasks have this description. */
  count(description: string): number {
    return this.#byDescription.get(description)?.count ?? 0;
  }

  /** Notes a start; answers `false` if this very start is known. */
  start({ taskDescription, taskIndex, startedAt }: StartOfTask): boolean {
    if (this.#size >= UNFINISHED_MAX) this.#dropOldest();
    const alike = this.#alike(taskDescription);
    const starts = alike.startsByIndex.get(taskIndex) ?? new Set();
    if (starts.has(startedAt)) return false;
    alike.startsByIndex.set(taskIndex, starts.add(startedAt));
    alike.count += 1;
    this.#size += 1;
    return true;
  }

  /** Notes an end: of the newest task with that index, else of any with that description. */
  end({ taskDescription, taskIndex }: { readonly taskDescription: string; readonly taskIndex: number }): void {
    const alike = this.#byDescription.get(taskDescription);
    if (alike === undefined) return;
    const found = alike.startsByIndex.has(taskIndex) ? taskIndex : [...alike.startsByIndex.keys()].at(-1);
    const starts = found === undefined ? undefined : alike.startsByIndex.get(found);
    if (found === undefined || starts === undefined) return;
    starts.delete([...starts].at(-1) ?? '');
    if (starts.size === 0) alike.startsByIndex.delete(found);
    alike.count -= 1;
    this.#size -= 1;
    if (alike.count === 0) this.#byDescription.delete(taskDescription);
  }

  clear(): void {
    this.#byDescription.clear();
    this.#size = 0;
  }

  #alike(description: string): AlikeTasks {
    const known = this.#byDescription.get(description);
    if (known !== undefined) return known;
    const alike: AlikeTasks = { count: 0, startsByIndex: new Map() };
    this.#byDescription.set(description, alike);
    return alike;
  }

  #dropOldest(): void {
    for (const [description, alike] of this.#byDescription) {
      this.#byDescription.delete(description);
      this.#size -= alike.count;
      return;
    }
  }
}
