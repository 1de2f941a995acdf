import { DURABLE_TYPES } from '../../src/protocol/wire/ensemble-message.ts';
import { START_MS } from './hub-driver.ts';

type Said = Record<string, unknown>;

/** A process with an embedded dashboard: what it says, and what it would greet with now. Each life begins with a run. */
export class KeptDashboard {
  nowMs = START_MS;
  #trace: Said[] = [];
  #said = 0;

  constructor() {
    this.restart();
  }

  get greeting(): Said {
    return { type: 'hello', snapshotTrace: this.#trace };
  }

  say(message: (at: string) => Said): Said {
    this.nowMs += 7;
    this.#said += 1;
    const said = message(new Date(this.nowMs).toISOString());
    // No process gives two runs or two reviews one id, or keeps in its own trace what says nothing.
    if (said['type'] === 'ensemble_started') said['ensembleId'] = `run ${this.#said}`;
    if (said['type'] === 'review_requested') said['reviewId'] = `review ${this.#said}`;
    const isReadable = said['type'] !== 'task_started' || said['taskIndex'] !== undefined;
    if (isReadable && DURABLE_TYPES.has(String(said['type']))) this.#trace.push(said);
    return said;
  }

  restart(): void {
    this.#trace = [];
    this.say((startedAt) => ({ type: 'ensemble_started', startedAt, totalTasks: 1, workflow: 'SEQUENTIAL' }));
  }

  /** It keeps no run but the newest. */
  forget(): void {
    const types = this.#trace.map(({ type }) => type);
    this.#trace = this.#trace.slice(types.lastIndexOf('ensemble_started'));
  }
}
