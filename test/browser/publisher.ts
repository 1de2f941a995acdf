import { once } from 'node:events';
import { WebSocket } from 'ws';

/** What a publisher was told: a decision for one of its reviews. */
export interface DeliveredDecision {
  readonly reviewId: string;
  readonly decision: { readonly decision: string; readonly revisedOutput?: string };
  /** The frame as it came, byte for byte. */
  readonly text: string;
}

/**
 * A process that publishes to a relay as the Java publisher does: its id in the address, envelopes with a rising sequence, no Origin, and decisions that
 * come back on the same socket.
 */
export class Publisher {
  readonly #url: string;
  readonly #producerId: string;
  readonly #decisions: DeliveredDecision[] = [];
  readonly #waiting: ((decision: DeliveredDecision) => void)[] = [];
  #socket: WebSocket;
  #sequence = 0;

  private constructor(relayUrl: string, producerId: string) {
    const url = new URL('/ingress', relayUrl);
    url.protocol = 'ws:';
    url.searchParams.set('producerId', producerId);
    this.#url = url.href;
    this.#producerId = producerId;
    this.#socket = this.#open();
  }

  static async connect(relayUrl: string, producerId: string): Promise<Publisher> {
    const publisher = new Publisher(relayUrl, producerId);
    await once(publisher.#socket, 'open');
    return publisher;
  }

  /** Publishes messages, each as the next event of this process. */
  publish(...messages: Record<string, unknown>[]): void {
    for (const message of messages) {
      this.#sequence += 1;
      const producer = {
        producerId: this.#producerId,
        serviceName: 'svc',
        instanceId: 'i-1',
        host: 'mars',
        version: '1.2',
      };
      const receivedAt = new Date().toISOString();
      this.#socket.send(JSON.stringify({ type: 'event', producer, sequence: this.#sequence, receivedAt, message }));
    }
  }

  /** Starts a run with one task, which is under way. */
  startRun(ensembleId: string, taskDescription = 'Draft the press release'): void {
    const startedAt = new Date().toISOString();
    this.publish(
      { type: 'ensemble_started', ensembleId, startedAt, totalTasks: 2, workflow: 'SEQUENTIAL' },
      { type: 'task_started', taskIndex: 1, totalTasks: 2, taskDescription, agentRole: 'Writer', startedAt },
    );
  }

  /** Asks for a review of the task. */
  askForReview(reviewId: string, more: Record<string, unknown> = {}): void {
    this.publish({
      type: 'review_requested',
      reviewId,
      taskDescription: 'Draft the press release',
      taskOutput: 'The tide is free.',
      timing: 'AFTER_EXECUTION',
      prompt: 'Publish this?',
      timeoutMs: 300_000,
      onTimeout: 'CONTINUE',
      ...more,
    });
  }

  /** Goes on after a decision, which is the evidence that it was applied. */
  completeTask(taskDescription = 'Draft the press release'): void {
    this.publish({
      type: 'task_completed',
      taskIndex: 1,
      totalTasks: 2,
      taskDescription,
      agentRole: 'Writer',
      completedAt: new Date().toISOString(),
      durationMs: 1200,
      tokenCount: -1,
      toolCallCount: 0,
    });
  }

  /** The next decision that comes, or came and was not taken yet. */
  nextDecision(): Promise<DeliveredDecision> {
    const decision = this.#decisions.shift();
    if (decision !== undefined) return Promise.resolve(decision);
    return new Promise((resolve) => this.#waiting.push(resolve));
  }

  /** Decisions that came and were not taken. */
  get undelivered(): number {
    return this.#decisions.length;
  }

  /** Loses the socket without a close frame, as a process or a network does. */
  async drop(): Promise<void> {
    const closed = once(this.#socket, 'close');
    this.#socket.terminate();
    await closed;
  }

  /** Comes back with its address only, and says nothing. */
  async comeBack(): Promise<void> {
    this.#socket = this.#open();
    await once(this.#socket, 'open');
  }

  async close(): Promise<void> {
    if (this.#socket.readyState === WebSocket.CLOSED) return;
    const closed = once(this.#socket, 'close');
    this.#socket.close(1000, 'stopped');
    await closed;
  }

  #open(): WebSocket {
    const socket = new WebSocket(this.#url);
    socket.on('message', (data: Buffer) => this.#receive(data.toString()));
    socket.on('error', () => undefined);
    return socket;
  }

  #receive(text: string): void {
    const frame = JSON.parse(text) as { reviewId?: string; decisionJson?: string };
    if (frame.reviewId === undefined || frame.decisionJson === undefined) return;
    const decision = JSON.parse(frame.decisionJson) as DeliveredDecision['decision'];
    const delivered = { reviewId: frame.reviewId, decision, text };
    const waiting = this.#waiting.shift();
    if (waiting === undefined) this.#decisions.push(delivered);
    else waiting(delivered);
  }
}
