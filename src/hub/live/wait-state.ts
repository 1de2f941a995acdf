import type { ReviewKey } from '../../protocol/tab/keys.ts';
import type { TaskState } from './work-state.ts';

/** The time for which a run waited for a person. */
export interface WaitState {
  readonly id: string;
  readonly order: number;
  readonly review: ReviewKey;
  readonly task: TaskState | undefined;
  fromMs: number;
  toMs: number | undefined;
  isOpen: boolean;
  /** The run itself went on: whoever says that it still waits is behind. */
  hasEvidence: boolean;
}
