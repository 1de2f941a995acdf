import { DURABLE_TYPES } from '../../src/protocol/wire/ensemble-message.ts';
import { NaiveRun, type Said } from './naive-run.ts';

/** One run of an embedded dashboard, as the rules of docs/architecture.md (Embedded greetings) make it. */
export interface DashboardRun {
  messages: Said[];
  /** A greeting said something else, or filled in: where what it does not repeat stands among the rest is not told by the rules. */
  isMended: boolean;
}

/** What is known of an embedded dashboard, by its greetings and what it said live. */
export class NaiveDashboard {
  readonly runs: DashboardRun[] = [];
  /** Whether the process has begun again since it last said something. */
  isNewLife = false;

  /** A live message. */
  hear(message: Said): void {
    if (message['type'] === 'heartbeat' || isUnreadable(message)) return;
    this.#add(message);
  }

  /** A greeting, its durable messages already told apart into runs. */
  greet(greeted: readonly (readonly Said[])[], hasIterations: boolean): void {
    const told = greeted.filter((run) => run.length > 0);
    const newest = this.runs.findLast(({ messages }) => durablesOf(messages).length > 0);
    const isHere = newest === undefined || told.some((run) => nameOf(run) === nameOf(newest.messages));
    if (!isHere) this.isNewLife = true;
    for (const [at, run] of told.entries()) this.#mend(run, told.slice(at + 1));
    const last = this.runs.at(-1);
    if (hasIterations && last !== undefined) last.isMended = true;
  }

  #mend(run: readonly Said[], later: readonly (readonly Said[])[]): void {
    const known = this.runs.find(({ messages }) => nameOf(messages) === nameOf(run));
    if (known === undefined) return this.#insert(run, later);
    const durables = durablesOf(known.messages);
    const isExtended = durables.every((message, at) => JSON.stringify(message) === JSON.stringify(run[at]));
    if (isExtended) {
      known.messages.push(...run.slice(durables.length));
      return;
    }
    const others = known.messages.filter((message) => !durables.includes(message));
    known.messages = [...run, ...others];
    known.isMended = true;
  }

  /** A run that is not known stands before the next one that is. */
  #insert(run: readonly Said[], later: readonly (readonly Said[])[]): void {
    const names = later.map(nameOf);
    const before = this.runs.findIndex(({ messages }) => names.includes(nameOf(messages)));
    const inserted = { messages: [...run], isMended: false };
    if (before >= 0) this.runs.splice(before, 0, inserted);
    else {
      this.runs.push(inserted);
      this.isNewLife = false;
    }
  }

  #add(message: Said): void {
    const newest = this.runs.at(-1);
    const hasBegun = newest?.messages.some(({ type }) => ENDS_BEGINNING.has(String(type))) === true;
    const isNew = newest === undefined || this.isNewLife || (message['type'] === 'ensemble_started' && hasBegun);
    this.isNewLife = false;
    if (isNew) this.runs.push({ messages: [message], isMended: false });
    else newest.messages.push(message);
  }
}

const ENDS_BEGINNING = new Set(['task_started', 'task_completed', 'task_failed', 'ensemble_completed']);

/** The run of these messages, reduced from the beginning. */
export function naiveRunOf(messages: readonly Said[]): NaiveRun {
  const run = new NaiveRun();
  for (const message of messages) run.take(message);
  return run;
}

function durablesOf(messages: readonly Said[]): Said[] {
  return messages.filter(({ type }) => DURABLE_TYPES.has(String(type)));
}

function nameOf(messages: readonly Said[]): unknown {
  return messages.findLast(({ type }) => type === 'ensemble_started')?.['ensembleId'];
}

function isUnreadable(message: Said): boolean {
  return message['type'] === 'task_started' && message['taskIndex'] === undefined;
}
