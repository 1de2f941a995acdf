import { comparePositions, conversationKey, numberField, type LoggedEvent } from './logged-event.ts';

/** One question to a model and its answer, as far as they are kept. */
export interface LoggedIteration<M extends object> {
  readonly started?: LoggedEvent<M>;
  readonly completed?: LoggedEvent<M>;
}

/**
 * Which events of a run are of which of its conversations, so that of each the newest `maxIterations` are kept, and no token of
 * one whose answer is there: the answer holds the whole text.
 */
export class LogConversations<M extends object> {
  #maxIterations: number;
  #iterations = new Map<string, LoggedIteration<M>[]>();
  #tokens = new Map<string, LoggedEvent<M>[]>();

  constructor(maxIterations: number) {
    this.#maxIterations = maxIterations;
  }

  /** So many are kept from now on. Returns what has to go for it. */
  limit(maxIterations: number): LoggedEvent<M>[] {
    this.#maxIterations = maxIterations;
    const excess = [...this.#iterations.values()].flatMap((each) => each.splice(0, each.length - maxIterations));
    return excess.flatMap(eventsOf);
  }

  /** A question is there. Returns what has to go for it. */
  ask(event: LoggedEvent<M>): LoggedEvent<M>[] {
    const key = conversationKey(event.message);
    // What was streamed so far is all that there is of an answer that never came.
    this.#tokens.delete(key);
    return this.#add(key, { started: event });
  }

  /** An answer is there. Returns what has to go for it, and the tokens that it makes needless. */
  answer(event: LoggedEvent<M>): { readonly letGo: LoggedEvent<M>[]; readonly needless: readonly LoggedEvent<M>[] } {
    const key = conversationKey(event.message);
    const iterations = this.#iterations.get(key) ?? [];
    const index = indexOfOpenQuestion(iterations, numberField(event.message, 'iterationIndex'));
    const question = iterations[index];
    // The stream belongs to the question that was asked last, as long as that waits.
    const newest = iterations.at(-1);
    const isStreamOver = newest === question || (question === undefined && newest?.completed !== undefined);
    const letGo = question === undefined ? this.#add(key, { completed: event }) : [];
    if (question !== undefined) iterations[index] = { ...question, completed: event };
    const needless = isStreamOver ? (this.#tokens.get(key) ?? []) : [];
    if (isStreamOver) this.#tokens.delete(key);
    return { letGo, needless };
  }

  /** A piece of an answer is there. */
  stream(event: LoggedEvent<M>): void {
    const key = conversationKey(event.message);
    const tokens = this.#tokens.get(key);
    if (tokens === undefined) this.#tokens.set(key, [event]);
    else tokens.push(event);
  }

  /** Nothing is known any more of the conversation that this message belongs to. */
  forgetAll(message: object): void {
    const key = conversationKey(message);
    this.#iterations.delete(key);
    this.#tokens.delete(key);
  }

  /** These are kept no longer. */
  forget(dropped: ReadonlySet<LoggedEvent<M>>): void {
    const isKept = (event: LoggedEvent<M>): boolean => !dropped.has(event);
    this.#iterations = filterLists(this.#iterations, (iteration) => eventsOf(iteration).every(isKept));
    this.#tokens = filterLists(this.#tokens, isKept);
  }

  /** The kept iterations of all conversations, in the order they began. */
  iterations(): LoggedIteration<M>[] {
    const byPosition = [...this.#iterations.values()].flat().map((iteration) => {
      const [first] = eventsOf(iteration);
      return { iteration, first };
    });
    byPosition.sort((a, b) => (a.first && b.first ? comparePositions(a.first, b.first) : 0));
    return byPosition.map((entry) => entry.iteration);
  }

  #add(key: string, iteration: LoggedIteration<M>): LoggedEvent<M>[] {
    const iterations = this.#iterations.get(key);
    if (iterations === undefined) this.#iterations.set(key, [iteration]);
    else iterations.push(iteration);
    const oldest = (iterations?.length ?? 0) > this.#maxIterations ? iterations?.shift() : undefined;
    return oldest === undefined ? [] : eventsOf(oldest);
  }
}

/** The events of an iteration, its question first. */
export function eventsOf<M extends object>(iteration: LoggedIteration<M>): LoggedEvent<M>[] {
  return [iteration.started, iteration.completed].filter((event) => event !== undefined);
}

/** The newest question with this number that has no answer yet, or -1. */
function indexOfOpenQuestion(
  iterations: readonly LoggedIteration<object>[],
  iterationIndex: number | undefined,
): number {
  for (let index = iterations.length - 1; index >= 0; index -= 1) {
    const iteration = iterations[index];
    if (iteration?.started === undefined || iteration.completed !== undefined) continue;
    if (numberField(iteration.started.message, 'iterationIndex') === iterationIndex) return index;
  }
  return -1;
}

function filterLists<T>(lists: ReadonlyMap<string, readonly T[]>, isKept: (item: T) => boolean): Map<string, T[]> {
  const kept = new Map<string, T[]>();
  for (const [key, items] of lists) {
    const rest = items.filter(isKept);
    if (rest.length > 0) kept.set(key, rest);
  }
  return kept;
}
