/** How long the text of each event is, in bytes. */
export const EVENT_BYTES = 500;

const START_MS = Date.UTC(2026, 0, 1);
const AT = '2026-01-01T00:00:00Z';
const TASKS_PER_RUN = 20;
const PROSE = 'Tidal power is steadier than wind, and the sea has to be asked first. ';
/** A client masks what it sends (RFC 6455, 5.3). This mask leaves the bytes as they are; to take it off costs the same. */
const MASK = Buffer.alloc(4);

interface Message {
  readonly type: string;
  readonly [field: string]: unknown;
}

/** The endless story of one process: runs of twenty tasks, six events a task, all of one size. */
export class EventStream {
  readonly #producerId: string;
  readonly #messages: Iterator<Message>;
  #sequence = 0;

  constructor(producerId: string) {
    this.#producerId = producerId;
    this.#messages = story();
  }

  /** The texts of the next envelopes, each of {@link EVENT_BYTES} unless told otherwise. */
  take(count: number, bytes = EVENT_BYTES): string[] {
    return Array.from({ length: count }, () => this.#next(bytes));
  }

  #next(bytes: number): string {
    this.#sequence += 1;
    const producerId = this.#producerId;
    const message = this.#messages.next().value as Message;
    const envelope = (detail: string) =>
      JSON.stringify({
        type: 'event',
        producer: { producerId, serviceName: 'bench', instanceId: 'i-1', host: 'host', version: '1', tags: {} },
        sequence: this.#sequence,
        receivedAt: new Date(START_MS + this.#sequence).toISOString(),
        message: { ...message, detail },
      });
    const missing = bytes - envelope('').length;
    if (missing < 0) throw new Error(`An event of type ${message.type} does not fit into ${bytes} bytes.`);
    return envelope(PROSE.repeat(Math.ceil(missing / PROSE.length)).slice(0, missing));
  }
}

/** Text frames as a client sends them, so many behind each other in one buffer. */
export function maskedFrames(texts: readonly string[], perBuffer: number): Buffer[] {
  const buffers: Buffer[] = [];
  for (let from = 0; from < texts.length; from += perBuffer) {
    buffers.push(Buffer.concat(texts.slice(from, from + perBuffer).flatMap((text) => maskedFrame(0x1, text))));
  }
  return buffers;
}

/** One frame as a client sends it. */
export function maskedFrame(opcode: number, text = ''): Buffer[] {
  const payload = Buffer.from(text);
  const isShort = payload.length <= 125;
  const head = Buffer.alloc(isShort ? 2 : payload.length <= 0xffff ? 4 : 10);
  head[0] = 0x80 | opcode;
  head[1] = 0x80 | (isShort ? payload.length : head.length === 4 ? 126 : 127);
  if (head.length === 4) head.writeUInt16BE(payload.length, 2);
  if (head.length === 10) head.writeBigUInt64BE(BigInt(payload.length), 2);
  return [head, MASK, payload];
}

function* story(): Generator<Message> {
  for (let run = 1; ; run += 1) {
    const ensembleId = `run-${run}`;
    yield { type: 'ensemble_started', ensembleId, startedAt: AT, totalTasks: TASKS_PER_RUN, workflow: 'SEQUENTIAL' };
    for (let taskIndex = 1; taskIndex <= TASKS_PER_RUN; taskIndex += 1) yield* task(taskIndex);
    const totals = { durationMs: 60_000, exitReason: 'COMPLETED', totalTokens: 9000, totalToolCalls: 20 };
    yield { type: 'ensemble_completed', ensembleId, completedAt: AT, ...totals };
  }
}

function* task(taskIndex: number): Generator<Message> {
  const agentRole = 'Researcher';
  const taskDescription = `Task ${taskIndex}: sources on tides`;
  const about = { taskIndex, taskDescription, agentRole };
  const iteration = { agentRole, taskDescription, iterationIndex: 0 };
  const used = { inputTokens: 500, outputTokens: 40, latencyMs: 800 };
  const counts = { totalTasks: TASKS_PER_RUN, durationMs: 900, tokenCount: -1, toolCallCount: 1 };
  yield { type: 'task_started', ...about, totalTasks: TASKS_PER_RUN, startedAt: AT };
  yield { type: 'task_input', ...about, sentAt: AT };
  yield { type: 'llm_iteration_started', ...iteration, messages: [] };
  yield { type: 'tool_called', agentRole, taskIndex, toolName: 'search', durationMs: 3, outcome: 'SUCCESS' };
  yield { type: 'llm_iteration_completed', ...iteration, responseType: 'FINAL_ANSWER', ...used };
  yield { type: 'task_completed', ...about, completedAt: AT, ...counts };
}
