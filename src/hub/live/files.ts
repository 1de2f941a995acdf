import type { FileChanged } from '../../protocol/wire/file-change.ts';
import type { Step } from './step.ts';

/** An agent has written or deleted a file. */
export function fileChanged(step: Step, message: FileChanged): void {
  step.run.files.push(message);
}
