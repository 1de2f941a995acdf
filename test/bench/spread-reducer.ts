import type { Envelope } from '../../src/protocol/wire/envelope.ts';

// The peer of the reducer bench: the same messages, reduced the way a React page does it, every object on the way to what changes
// copied. It neither orders, nor finds repeats or gaps, nor keeps the events: it has less to do than the hub.

interface SpreadTool {
  readonly toolName: unknown;
  readonly outcome: unknown;
}

interface SpreadTask {
  readonly taskIndex: unknown;
  readonly description: unknown;
  readonly agentRole: unknown;
  readonly status: 'running' | 'completed' | 'failed';
  readonly startedAt: unknown;
  readonly completedAt?: unknown;
  readonly durationMs?: unknown;
  readonly input?: unknown;
  readonly toolCalls: readonly SpreadTool[];
  readonly streamingOutput: string;
}

/** One role on one task description, as in the original. */
interface SpreadConversation {
  readonly messages: readonly unknown[];
  readonly iterations: readonly Message[];
}

interface SpreadLive {
  readonly ensembleId: unknown;
  readonly tasks: readonly SpreadTask[];
  readonly conversations: Readonly<Record<string, SpreadConversation>>;
  readonly isDone: boolean;
}

interface SpreadProducer {
  readonly producerId: string;
  readonly serviceName: unknown;
  readonly lastSequence: number;
  readonly lastSeen: string;
  readonly live: SpreadLive;
}

/** What such a page knows: one object, never changed, always replaced. */
export interface SpreadState {
  readonly producers: Readonly<Record<string, SpreadProducer>>;
}

type Message = Readonly<Record<string, unknown>>;

const NO_LIVE: SpreadLive = { ensembleId: undefined, tasks: [], conversations: {}, isDone: false };

/** A page that knows nothing yet. */
export const NO_SPREAD_STATE: SpreadState = { producers: {} };

/** The next state after an event. */
export function spreadReducer(state: SpreadState, envelope: Envelope): SpreadState {
  const { producerId, serviceName } = envelope.producer;
  const before = state.producers[producerId];
  const producer: SpreadProducer = {
    ...before,
    producerId,
    serviceName,
    lastSequence: envelope.sequence,
    lastSeen: envelope.receivedAt,
    live: reduceLive(before?.live ?? NO_LIVE, envelope.message as Message),
  };
  return { ...state, producers: { ...state.producers, [producerId]: producer } };
}

/** What the list of producers shows, made anew from the state. */
export function spreadRoster({ producers }: SpreadState): readonly object[] {
  return Object.values(producers).map(({ producerId, serviceName, lastSeen, live }) => {
    const running = live.tasks.filter(({ status }) => status === 'running');
    const failed = live.tasks.some(({ status }) => status === 'failed');
    const state = failed ? 'failed' : live.isDone ? 'done' : 'running';
    return { producerId, serviceName, lastSeen, state, detail: running.at(-1)?.description, tasks: live.tasks.length };
  });
}

function reduceLive(live: SpreadLive, message: Message): SpreadLive {
  switch (message['type']) {
    case 'ensemble_started':
      return { ...NO_LIVE, ensembleId: message['ensembleId'] };
    case 'ensemble_completed':
      return { ...live, isDone: true };
    case 'task_started':
      return { ...live, tasks: [...live.tasks, startTask(message)] };
    case 'task_input':
      return withTask(live, message, (task) => ({ ...task, input: message }));
    case 'task_completed':
      return withTask(live, message, (task) => {
        return { ...task, status: 'completed', completedAt: message['completedAt'], durationMs: message['durationMs'] };
      });
    case 'task_failed':
      return withTask(live, message, (task) => ({ ...task, status: 'failed', completedAt: message['failedAt'] }));
    case 'tool_called': {
      const call = { toolName: message['toolName'], outcome: message['outcome'] };
      return withTask(live, message, (task) => ({ ...task, toolCalls: [...task.toolCalls, call] }));
    }
    case 'token':
      return withRunning(live, message, (task) => {
        return { ...task, streamingOutput: task.streamingOutput + String(message['token']) };
      });
    case 'llm_iteration_started':
      return withConversation(live, message, (conversation) => {
        return { ...conversation, messages: message['messages'] as unknown[] };
      });
    case 'llm_iteration_completed':
      return withConversation(live, message, (conversation) => {
        return { ...conversation, iterations: [...conversation.iterations, message] };
      });
    default:
      return live;
  }
}

function startTask(message: Message): SpreadTask {
  return {
    taskIndex: message['taskIndex'],
    description: message['taskDescription'],
    agentRole: message['agentRole'],
    status: 'running',
    startedAt: message['startedAt'],
    toolCalls: [],
    streamingOutput: '',
  };
}

function withConversation(
  live: SpreadLive,
  { agentRole, taskDescription }: Message,
  change: (conversation: SpreadConversation) => SpreadConversation,
): SpreadLive {
  const key = `${String(agentRole)}:${String(taskDescription)}`;
  const conversation = change(live.conversations[key] ?? { messages: [], iterations: [] });
  return { ...live, conversations: { ...live.conversations, [key]: conversation } };
}

function withTask(live: SpreadLive, message: Message, change: (task: SpreadTask) => SpreadTask): SpreadLive {
  return changeNewest(live, (task) => task.taskIndex === message['taskIndex'], change);
}

function withRunning(live: SpreadLive, message: Message, change: (task: SpreadTask) => SpreadTask): SpreadLive {
  const { agentRole, taskDescription } = message;
  const isMeant = (task: SpreadTask): boolean => task.agentRole === agentRole && task.description === taskDescription;
  return changeNewest(live, isMeant, change);
}

function changeNewest(
  live: SpreadLive,
  isMeant: (task: SpreadTask) => boolean,
  change: (task: SpreadTask) => SpreadTask,
): SpreadLive {
  const found = live.tasks.findLast(isMeant);
  return { ...live, tasks: live.tasks.map((task) => (task === found ? change(task) : task)) };
}
