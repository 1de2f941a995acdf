import { Publisher } from './publisher.ts';

/** A process that has begun a run, and waits for a person. */
export async function startWaitingProcess(relayUrl: string): Promise<Publisher> {
  const publisher = await Publisher.connect(relayUrl, 'svc-1');
  publisher.startRun('run-1');
  publisher.askForReview('review-1');
  return publisher;
}
