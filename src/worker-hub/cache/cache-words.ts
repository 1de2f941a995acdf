import { UpgradeError } from './rostrum-database.ts';
import { TakenOverError } from './write-fence.ts';

/** Whether a storage says that it is full. */
export function isQuotaError(error: unknown): boolean {
  return error instanceof Error && error.name === 'QuotaExceededError';
}

/** What is said when some records could not be read. */
export function damageSentence(count: number): string {
  const what = count === 1 ? '1 record' : `${count} records`;
  return `${what} of the history could not be read; everything else is there. A source that is connected sends again what it still has of it.`;
}

/** What is said when runs had to go because the storage was full. */
export function roomSentence(count: number): string {
  const what = count === 1 ? 'run' : `${count} runs`;
  return `The storage of this page is full. To make room, the oldest ${what} of the history had to go; pin a run to keep it.`;
}

/** What is said when the storage is not written to any more. */
export function lostSentence(error: unknown): string {
  const what = isQuotaError(error) ? 'The storage of this page is full.' : failedSentence(error);
  return `${what} What happens from now on is kept only until the last tab is closed.`;
}

/** What is said when the storage could not be written or read. */
export function failedSentence(error: unknown): string {
  if (error instanceof TakenOverError) return 'Another tab has taken over the storage of this page: reload this one.';
  return `The storage of this page failed (${describe(error)}).`;
}

/** What is said when the storage cannot be opened. What it holds stays as it is, for a page that can. */
export function unopenedSentence(error: unknown): string {
  if (error instanceof Error && error.name === 'VersionError') {
    return 'The storage of this page was written by a newer version of it, and is left as it is: reload this tab to get that version.';
  }
  if (error instanceof UpgradeError) {
    return `The storage of this page could not be brought up to date (${error.message}), and is left as it was: reload this tab to try again.`;
  }
  return `The storage of this page cannot be used (${describe(error)}).`;
}

function describe(error: unknown): string {
  return error instanceof Error ? `${error.name}: ${error.message}` : String(error);
}
