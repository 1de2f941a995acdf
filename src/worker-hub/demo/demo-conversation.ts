import type { LlmMessage } from '../../protocol/wire/llm-iteration.ts';
import type { DemoToolCall, DemoWork } from './demo-step.ts';

/** How many messages the wire carries of a conversation, from its end. */
const WINDOW_MESSAGES = 20;

/** What one agent and its model have said to each other about one piece of work. */
export class DemoConversation {
  readonly #messages: LlmMessage[];
  #iterations = 0;

  constructor(work: DemoWork, context: string) {
    const { role, background, goal } = work.agent;
    this.#messages = [
      { role: 'system', content: `You are ${role}.\n${background}\n\nYour personal goal is: ${goal}` },
      {
        role: 'user',
        content: `## Task\n${work.description}\n\n${context}\n\n## Expected Output\n${work.expectedOutput}`,
      },
    ];
  }

  /** Which iteration is under way or comes next, from 0. */
  get iterationIndex(): number {
    return this.#iterations;
  }

  /** What the model is given now. */
  asked(): { messages: LlmMessage[]; totalMessageCount: number } {
    return { messages: this.#messages.slice(-WINDOW_MESSAGES), totalMessageCount: this.#messages.length };
  }

  /** The model has answered, which ends the iteration. */
  answered(text: string, calls: readonly DemoToolCall[]): void {
    const toolCalls = calls.map(toToolRequest);
    this.#messages.push({ role: 'assistant', content: text, toolCalls });
    this.#iterations += 1;
  }

  /** A tool has given something back. */
  returned(toolName: string, result: string): void {
    this.#messages.push({ role: 'tool', content: result, toolName });
  }
}

/** A call as the model writes it down. */
export function toToolRequest(call: DemoToolCall): { name: string; arguments: string } {
  return { name: call.name, arguments: JSON.stringify(call.arguments) };
}
