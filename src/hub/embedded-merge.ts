import { DURABLE_TYPES, ITERATION_TYPES } from '../protocol/wire/ensemble-message.ts';
import { jsonEquals } from './json-equality.ts';
import { conversationKey, numberField, textField } from './logged-event.ts';
import { splitRuns } from './run-boundary.ts';

/** A message of an ensemble with its type at hand. A logged event is one. */
export interface TypedMessage {
  readonly type: string;
  readonly message: object;
}

/** A run of an embedded dashboard as it is known so far, its messages in order. */
export interface KnownRun {
  /** `undefined` for what came before any start. */
  readonly ensembleId: string | undefined;
  readonly events: readonly TypedMessage[];
}

/** One iteration of a greeting: its question and, unless the model is still at it, its answer. */
export interface GreetedIteration {
  readonly started: object;
  readonly completed?: object | null | undefined;
}

/** What the greeting of an embedded dashboard repeats. */
export interface EmbeddedGreeting {
  readonly snapshotTrace: readonly TypedMessage[];
  readonly recentIterations: readonly GreetedIteration[];
}

/** What to do with a run. `runIndex` counts the known runs as they were given. */
export type RunInstruction =
  /** It went on: these came after what is known of it. */
  | { readonly kind: 'append'; readonly runIndex: number; readonly messages: readonly TypedMessage[] }
  /** It is not what was known: these are its durable messages; the others stay (see {@link weaveRun}). */
  | { readonly kind: 'replace'; readonly runIndex: number; readonly messages: readonly TypedMessage[] }
  /** Not known so far, or not any more: then `beforeRun` is the known run that came after it. */
  | { readonly kind: 'new'; readonly messages: readonly TypedMessage[]; readonly beforeRun?: number }
  /** It had not ended, and its process knows nothing of it any more. */
  | { readonly kind: 'lost-touch'; readonly runIndex: number };

/** What {@link mergeEmbeddedGreeting} found. */
export interface EmbeddedMerge {
  /** In the order in which they are to be carried out. */
  readonly instructions: readonly RunInstruction[];
  /** Messages of conversations of the greeting's newest run that are not known yet. */
  readonly iterations: readonly TypedMessage[];
  /** The run they belong to: a known one by its index, or the last of the new ones. */
  readonly iterationsRun: number | 'new';
  /** Whether the process is another one than before: it lacks the newest run that was known. */
  readonly hasRestarted: boolean;
}

/**
 * Compares what an embedded dashboard repeats when one connects to it again
 * with what is known of it, run by run, and says what is to be done. Only
 * durable messages take part, by position: the greeting has no others, and
 * carries no numbers. Runs that it lacks stay as history.
 */
export function mergeEmbeddedGreeting(known: readonly KnownRun[], greeting: EmbeddedGreeting): EmbeddedMerge {
  const runs = splitRuns(durableOf(greeting.snapshotTrace));
  const indexes = matchRuns(known, runs);
  const newest = newestWithDurables(known);
  const hasRestarted = newest >= 0 && !indexes.includes(newest);
  const instructions: RunInstruction[] = [];
  if (hasRestarted && !hasEnded(known[newest])) instructions.push({ kind: 'lost-touch', runIndex: newest });
  for (const [position, messages] of runs.entries()) {
    const beforeRun = indexes.slice(position).find((index) => index >= 0);
    const instruction = instructRun(known, messages, { runIndex: indexes[position] ?? -1, beforeRun });
    if (instruction !== undefined) instructions.push(instruction);
  }
  const lastIndex = indexes.at(-1) ?? newest;
  const target = lastIndex < 0 ? undefined : known[lastIndex];
  return {
    instructions,
    iterations: runs.length === 0 ? [] : unknownIterations(target, greeting.recentIterations),
    iterationsRun: lastIndex < 0 ? 'new' : lastIndex,
    hasRestarted,
  };
}

/** How far a message is looked for among those that replace it: its place matters little, a frozen page much. */
const LOOK_AHEAD = 256;

/** A message of a run that was put together again; `index` is where it stood before, if it did. */
export interface WovenMessage extends TypedMessage {
  readonly index?: number;
}

/**
 * Puts the messages that a greeting does not carry (tokens, conversations,
 * reviews) back among the durable ones that replace those known so far: each
 * behind the same durable message as before, or at the end if that is gone.
 */
export function weaveRun(events: readonly TypedMessage[], durables: readonly TypedMessage[]): WovenMessage[] {
  const woven: WovenMessage[] = [];
  let next = 0;
  for (const [index, event] of events.entries()) {
    if (!DURABLE_TYPES.has(event.type)) {
      woven.push({ ...event, index });
      continue;
    }
    const ahead = durables
      .slice(next, next + LOOK_AHEAD)
      .findIndex((durable) => durable.type === event.type && jsonEquals(durable.message, event.message));
    if (ahead < 0) continue;
    const found = next + ahead;
    for (const durable of durables.slice(next, found)) woven.push({ ...durable });
    woven.push({ ...event, index });
    next = found + 1;
  }
  return [...woven, ...durables.slice(next).map((durable) => ({ ...durable }))];
}

function durableOf(messages: readonly TypedMessage[]): TypedMessage[] {
  return messages.filter(({ type }) => DURABLE_TYPES.has(type));
}

function ensembleIdOf(messages: readonly TypedMessage[]): string | undefined {
  let ensembleId: string | undefined;
  for (const { type, message } of messages) {
    if (type === 'ensemble_started') ensembleId = textField(message, 'ensembleId');
  }
  return ensembleId;
}

function hasEnded(run: KnownRun | undefined): boolean {
  return run?.events.some(({ type }) => type === 'ensemble_completed') ?? false;
}

/** A run without a durable message leaves no trace at the process, so its absence there says nothing. */
function newestWithDurables(known: readonly KnownRun[]): number {
  for (let index = known.length - 1; index >= 0; index -= 1) {
    if (known[index]?.events.some(({ type }) => DURABLE_TYPES.has(type))) return index;
  }
  return -1;
}

/** For each run of a greeting the index of the known one, newest first and each at most once, or -1. */
function matchRuns(known: readonly KnownRun[], runs: readonly (readonly TypedMessage[])[]): number[] {
  const indexes = runs.map(() => -1);
  let before = known.length;
  for (let position = runs.length - 1; position >= 0; position -= 1) {
    const ensembleId = ensembleIdOf(runs[position] ?? []);
    const index = lastIndexOfRun(known.slice(0, before), ensembleId);
    if (index < 0) continue;
    indexes[position] = index;
    before = index;
  }
  return indexes;
}

function lastIndexOfRun(known: readonly KnownRun[], ensembleId: string | undefined): number {
  return known.map((run) => run.ensembleId).lastIndexOf(ensembleId);
}

function instructRun(
  known: readonly KnownRun[],
  messages: readonly TypedMessage[],
  { runIndex, beforeRun }: { readonly runIndex: number; readonly beforeRun: number | undefined },
): RunInstruction | undefined {
  const run = known[runIndex];
  if (run === undefined) return { kind: 'new', messages, ...(beforeRun === undefined ? {} : { beforeRun }) };
  const durables = durableOf(run.events);
  const isExtended = durables.every(({ message }, index) => jsonEquals(message, messages[index]?.message));
  if (!isExtended) return { kind: 'replace', runIndex, messages };
  const rest = messages.slice(durables.length);
  return rest.length === 0 ? undefined : { kind: 'append', runIndex, messages: rest };
}

function iterationKey(type: string, message: object): string {
  return JSON.stringify([type, conversationKey(message), numberField(message, 'iterationIndex')]);
}

function unknownIterations(run: KnownRun | undefined, iterations: readonly GreetedIteration[]): TypedMessage[] {
  const known = new Set<string>();
  for (const { type, message } of run?.events ?? []) {
    if (ITERATION_TYPES.has(type)) known.add(iterationKey(type, message));
  }
  return iterations
    .flatMap(({ started, completed }): TypedMessage[] => [
      { type: 'llm_iteration_started', message: started },
      ...(completed ? [{ type: 'llm_iteration_completed', message: completed }] : []),
    ])
    .filter(({ type, message }) => !known.has(iterationKey(type, message)));
}
