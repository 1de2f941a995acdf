import type { JSX } from 'solid-js';
import type { SourceEntity } from '../../protocol/tab/source-model.ts';
import { countOf } from '../format/count.ts';

/** What closing a connection would do to a process that waits, and the choice to leave it open. */
export function ClosingQuestion(props: {
  source: SourceEntity;
  verb: 'Pause' | 'Remove';
  onClose: () => void;
  onKeep: () => void;
}): JSX.Element {
  const leave = (event: KeyboardEvent): void => {
    if (event.key === 'Escape') props.onKeep();
  };
  return (
    <div
      class="closing-question"
      role="alertdialog"
      aria-label={`${props.verb} ${props.source.label}?`}
      aria-describedby={`closing-${props.source.id}`}
    >
      <p id={`closing-${props.source.id}`}>
        Its process waits for your answer to {countOf(props.source.reviewsAtRisk, 'review')}. If no other browser is
        connected to it, closing this connection answers them as if their time were up.
      </p>
      <button
        type="button"
        class="button"
        ref={(button) => queueMicrotask(() => button.focus())}
        onClick={() => props.onKeep()}
        onKeyDown={leave}
      >
        Keep it connected
      </button>
      <button type="button" class="button button-quiet" onClick={() => props.onClose()} onKeyDown={leave}>
        {props.verb} anyway
      </button>
    </div>
  );
}
