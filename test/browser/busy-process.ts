import type { Publisher } from './publisher.ts';

/** How long it works between two things that it says, ms. */
const WORK_MS = 100;

/** A process that calls one tool after another, each of a name of its own, and says so, until it is stopped. */
export class BusyProcess {
  /** The tools that it has called, in order. */
  readonly said: string[] = [];
  readonly #publisher: Publisher;
  readonly #timer = setInterval(() => this.#callTool(), WORK_MS);

  constructor(publisher: Publisher) {
    this.#publisher = publisher;
  }

  stop(): void {
    clearInterval(this.#timer);
  }

  #callTool(): void {
    const toolName = `tool-${this.said.length + 1}`;
    this.said.push(toolName);
    const call = { toolName, durationMs: 3, outcome: 'SUCCESS', toolArguments: '{}', toolResult: 'ok' };
    this.#publisher.publish({ type: 'tool_called', taskIndex: 1, agentRole: 'Writer', ...call });
  }
}
