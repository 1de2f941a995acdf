import { A } from '@solidjs/router';
import { Show, createSignal } from 'solid-js';
import type { JSX } from 'solid-js';
import type { HistoryRun } from '../../protocol/tab/history-model.ts';
import { sizeText } from '../format/size.ts';
import { StateGlyph } from '../glyphs/state-glyph.tsx';
import { historyPath } from '../routes.ts';
import { runStateView, tasksFigure } from '../run/run-words.ts';
import { endText, tookText, whenText, whoText } from './history-words.ts';
import { DeleteButton, DeleteQuestion, PinButton, TrashIcon } from './run-actions.tsx';

interface LineProps {
  run: HistoryRun;
  nowMs: number;
  onMove: (event: KeyboardEvent) => void;
}

/** One run: what it was, how it ended, and what can be done with it. */
export function HistoryLine(props: LineProps): JSX.Element {
  const [isAsking, setAsking] = createSignal(false);
  const facts = (): string[] => [endText(props.run), whenText(props.run, props.nowMs), tookText(props.run)];
  return (
    <Show
      when={!isAsking()}
      fallback={<DeleteQuestion run={props.run} onDone={() => setAsking(false)} onKeep={() => setAsking(false)} />}
    >
      <A
        class="history-link"
        href={historyPath(props.run.id)}
        data-run={props.run.id}
        onKeyDown={(event: KeyboardEvent) => props.onMove(event)}
      >
        <StateGlyph state={runStateView(props.run.state).glyph} />
        <span class="history-title">{props.run.title}</span>
        <span class="history-who">{whoText(props.run)}</span>
        <span class="history-facts">{facts().join(' · ')}</span>
        <span class="history-state" data-state={runStateView(props.run.state).glyph}>
          {endText(props.run)}
        </span>
        <span class="history-cell">{whenText(props.run, props.nowMs)}</span>
        <span class="history-cell">{tookText(props.run)}</span>
        <span class="history-cell">{tasksFigure(props.run)}</span>
        <span class="history-cell">{sizeText(props.run.bytes)}</span>
      </A>
      <div class="history-actions">
        <PinButton run={props.run} />
        <DeleteButton
          run={props.run}
          class="icon-button"
          label={`Delete run: ${props.run.title}`}
          onAsk={() => setAsking(true)}
        >
          <TrashIcon />
        </DeleteButton>
      </div>
    </Show>
  );
}
