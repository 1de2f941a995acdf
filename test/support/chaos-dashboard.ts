import { DURABLE_TYPES } from '../../src/protocol/wire/ensemble-message.ts';
import { ChaosProcess } from './chaos-process.ts';
import type { ChaosStep } from './chaos-story.ts';
import { HubDriver, SOURCE } from './hub-driver.ts';
import { NaiveDashboard } from './naive-dashboard.ts';
import type { Said } from './naive-run.ts';

/** One run as the process itself has it: what a greeting repeats. */
interface TracedRun {
  readonly durables: Said[];
  readonly iterations: { readonly started: Said; completed?: Said }[];
}

/** A process with an embedded dashboard, and a hub that is connected to it at times. */
export class ChaosDashboard {
  readonly hub = new HubDriver({ limits: { maxRuns: 1000, maxIterations: 1000 } });
  /** What the hub should make of it. */
  readonly oracle = new NaiveDashboard();
  /** How many messages the process has said. */
  said = 0;
  readonly #process = new ChaosProcess(0);
  #runs: TracedRun[] = [];
  #isConnected = true;

  constructor() {
    this.hub.add();
    this.#greet(0);
  }

  /** Lives through a step; what is only said of a relay does nothing here. */
  do(step: ChaosStep): void {
    this.hub.wait(7);
    if (step.kind === 'say') this.#say(step.choice);
    else if (step.kind === 'wait') this.hub.wait(step.ms);
    else if (step.kind === 'cut') this.#cut();
    else if (step.kind === 'connect') this.#connect(step.choice);
    else if (step.kind === 'restart') this.#restart();
  }

  get isConnected(): boolean {
    return this.#isConnected;
  }

  #say(choice: number): void {
    this.#process.at(this.hub.nowMs);
    const message = this.#process.say(choice);
    this.said += 1;
    this.#trace(message);
    if (!this.#isConnected) return;
    this.hub.receive(message);
    this.oracle.hear(message);
  }

  #trace(message: Said): void {
    const type = String(message['type']);
    // No process has a start that says nothing in its own trace.
    if (type === 'task_started' && message['taskIndex'] === undefined) return;
    if (type === 'ensemble_started') this.#runs.push({ durables: [], iterations: [] });
    const run = this.#runs.at(-1);
    if (DURABLE_TYPES.has(type)) run?.durables.push(message);
    if (type === 'llm_iteration_started') run?.iterations.push({ started: message });
    if (type !== 'llm_iteration_completed') return;
    const asked = run?.iterations.findLast(({ started }) => started['taskDescription'] === message['taskDescription']);
    if (asked !== undefined) asked.completed = message;
  }

  #restart(): void {
    this.#cut();
    this.#process.restart();
    this.#runs = [];
  }

  #cut(): void {
    if (!this.#isConnected) return;
    this.#isConnected = false;
    this.hub.cut(SOURCE);
  }

  #connect(choice: number): void {
    if (this.#isConnected) return;
    this.#isConnected = true;
    this.hub.connect(SOURCE);
    this.#greet(choice);
  }

  /** A greeting may lack half: its oldest runs, what was said last, some of everything, or all of it. */
  #greet(choice: number): void {
    const runs = this.#runs.map(({ durables }) => durables);
    const lacking = [
      runs,
      runs,
      runs.slice(-1),
      runs.slice(Math.floor(runs.length / 2)),
      runs.map((run, at) => (at < runs.length - 1 ? run : run.slice(0, Math.ceil(run.length / 2)))),
      runs.map((run) => run.filter((message, at) => at % 3 !== 1 || String(message['type']).startsWith('ensemble'))),
    ];
    const told = lacking[choice % lacking.length] ?? [];
    const isNewestKnown = choice % 2 === 0;
    const recentIterations = isNewestKnown ? (this.#runs.at(-1)?.iterations.slice(-5) ?? []) : [];
    const snapshotTrace = told.flat();
    this.hub.receive({ type: 'hello', snapshotTrace, recentIterations });
    this.oracle.greet(told, recentIterations.length > 0);
  }
}
