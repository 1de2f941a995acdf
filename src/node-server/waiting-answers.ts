import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';

/**
 * Closes with their connection the answers that wait in it behind another one. Node tells only the one that is being written:
 * the others would wait for ever, and so would the files that are to be sent with them.
 */
export function closeWaitingAnswers(server: Server): void {
  const waiting = new WeakMap<Socket, Set<ServerResponse>>();
  server.on('request', ({ socket }: IncomingMessage, response: ServerResponse) => {
    const answers = waiting.get(socket) ?? new Set();
    answers.add(response);
    response.once('close', () => answers.delete(response));
    if (waiting.has(socket)) return;
    waiting.set(socket, answers);
    socket.once('close', () => {
      for (const answer of answers) if (answer.socket === null) closeUnsent(answer);
    });
  });
}

function closeUnsent(answer: ServerResponse): void {
  answer.destroy();
  answer.emit('close');
}
