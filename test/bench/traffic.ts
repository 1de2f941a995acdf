/** One envelope of a relay, before it is text. */
interface Message {
  readonly type: string;
  readonly [field: string]: unknown;
}

const START_MS = Date.UTC(2026, 0, 1);

/** Made-up traffic of one process: envelopes with a rising sequence, one millisecond apart, as text. */
class Process {
  readonly #producerId: string;
  #sequence = 0;

  constructor(producerId: string) {
    this.#producerId = producerId;
  }

  say(message: Message): string {
    this.#sequence += 1;
    return JSON.stringify({
      type: 'event',
      producer: {
        producerId: this.#producerId,
        serviceName: 'bench',
        instanceId: 'i',
        host: 'h',
        version: '1',
        tags: {},
      },
      sequence: this.#sequence,
      receivedAt: this.now(),
      message,
    });
  }

  now(): string {
    return new Date(START_MS + this.#sequence).toISOString();
  }

  start(totalTasks: number, ensembleId = 'e1'): string {
    return this.say({
      type: 'ensemble_started',
      ensembleId,
      startedAt: this.now(),
      totalTasks,
      workflow: 'PARALLEL',
    });
  }

  end(ensembleId: string): string {
    return this.say({
      type: 'ensemble_completed',
      ensembleId,
      completedAt: this.now(),
      durationMs: 5,
      exitReason: 'COMPLETED',
      totalTokens: -1,
      totalToolCalls: 1,
    });
  }

  /** One whole task: six events. */
  task(taskIndex: number): string[] {
    const task = {
      taskIndex,
      taskDescription: `Task ${taskIndex}: find sources on tidal power`,
      agentRole: `Agent ${taskIndex % 20}`,
    };
    const iteration = { agentRole: task.agentRole, taskDescription: task.taskDescription, iterationIndex: 0 };
    return [
      this.say({ type: 'task_started', ...task, totalTasks: 1, startedAt: this.now() }),
      this.say({
        type: 'task_input',
        ...task,
        expectedOutput: 'A list',
        agentGoal: 'Find',
        toolNames: ['search'],
        assembledContext: 'Context of the task',
        sentAt: this.now(),
      }),
      this.say({ type: 'llm_iteration_started', ...iteration, messages: [{ role: 'user', content: 'Find sources' }] }),
      this.say({
        type: 'tool_called',
        ...task,
        toolName: 'search',
        durationMs: 3,
        outcome: 'SUCCESS',
        toolArguments: '{"q":"tides"}',
        toolResult: 'three sources',
      }),
      this.say({
        type: 'llm_iteration_completed',
        ...iteration,
        responseType: 'FINAL_ANSWER',
        responseText: 'Three sources.',
        inputTokens: 500,
        outputTokens: 40,
        latencyMs: 800,
      }),
      this.say({
        type: 'task_completed',
        ...task,
        totalTasks: 1,
        completedAt: this.now(),
        durationMs: 5,
        tokenCount: -1,
        toolCallCount: 1,
      }),
    ];
  }

  token(): string {
    return this.say({
      type: 'token',
      token: 'tide ',
      agentRole: 'Writer',
      taskDescription: 'Write',
      sentAt: this.now(),
    });
  }
}

/** What a relay says of processes that hold a socket: only such may be more than 50. */
export function joined(producers: number): string[] {
  return Array.from({ length: producers }, (_, n) =>
    JSON.stringify({
      type: 'producer_joined',
      producer: { producerId: `p-${n}` },
      joinedAt: new Date(START_MS).toISOString(),
    }),
  );
}

/** Many processes that each do some tasks, their events interleaved as they would arrive. */
export function manyProducers(producers: number, tasksEach: number): string[] {
  const processes = Array.from({ length: producers }, (_, n) => new Process(`p-${n}`));
  const frames = processes.map((process) => process.start(tasksEach));
  for (let task = 1; task <= tasksEach; task += 1) {
    const rows = processes.map((process) => process.task(task));
    for (let step = 0; step < (rows[0]?.length ?? 0); step += 1) frames.push(...rows.flatMap((row) => row[step] ?? []));
  }
  return frames;
}

/** One process with one run of many tasks. */
export function oneLongRun(tasks: number): string[] {
  const process = new Process('long');
  const frames = [process.start(tasks)];
  for (let task = 1; task <= tasks; task += 1) frames.push(...process.task(task));
  return frames;
}

/** One process that streams one long answer. */
export function oneLongAnswer(tokens: number): string[] {
  const process = new Process('stream');
  const frames = [
    process.start(1),
    process.say({
      type: 'task_started',
      taskIndex: 1,
      totalTasks: 1,
      taskDescription: 'Write',
      agentRole: 'Writer',
      startedAt: process.now(),
    }),
    process.say({
      type: 'llm_iteration_started',
      agentRole: 'Writer',
      taskDescription: 'Write',
      iterationIndex: 0,
      messages: [],
    }),
  ];
  for (let n = 0; n < tokens; n += 1) frames.push(process.token());
  return frames;
}

/**
 * Many processes that work without end, each beginning a new run after so many tasks. Yields rows: one event of each process.
 */
export function* endlessTraffic(producers: number, tasksPerRun = 50): Generator<string[]> {
  const processes = Array.from({ length: producers }, (_, n) => new Process(`p-${n}`));
  for (let run = 1; ; run += 1) {
    yield processes.map((process) => process.start(tasksPerRun, `e${run}`));
    for (let task = 1; task <= tasksPerRun; task += 1) {
      const tasks = processes.map((process) => process.task(task));
      for (let step = 0; step < (tasks[0]?.length ?? 0); step += 1) yield tasks.map((steps) => steps[step] ?? '');
    }
    yield processes.map((process) => process.end(`e${run}`));
  }
}
