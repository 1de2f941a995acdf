import { A } from '@solidjs/router';
import { Show, createSignal } from 'solid-js';
import type { JSX } from 'solid-js';
import type { HistoryHead, HistoryRun } from '../../protocol/tab/history-model.ts';
import { sizeText } from '../format/size.ts';
import { StateGlyph } from '../glyphs/state-glyph.tsx';
import { historyPath } from '../routes.ts';
import { runStateView, tasksFigure } from '../run/run-words.ts';
import { endText, tookText, whenText, whoText } from './history-words.ts';
import { DeleteButton, DeleteQuestion, PinButton, TrashIcon } from './run-actions.tsx';

interface LineProps {
  run: HistoryRun;
  storage: HistoryHead['storage'];
  nowMs: number;
  onMove: (event: KeyboardEvent) => void;
  /** The question was answered, after which the focus is nowhere. */
  onAnswered: (isDeleted: boolean) => void;
}

/** One run: what it was, how it ended, and what can be done with it. */
export function HistoryLine(props: LineProps): JSX.Element {
  const [isAsking, setAsking] = createSignal(false);
  function answered(isDeleted: boolean): void {
    setAsking(false);
    props.onAnswered(isDeleted);
  }
  const facts = (): string[] => [endText(props.run), whenText(props.run, props.nowMs), tookText(props.run)];
  return (
    <Show
      when={!isAsking()}
      fallback={<DeleteQuestion run={props.run} onDone={() => answered(true)} onKeep={() => answered(false)} />}
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
        <PinButton run={props.run} storage={props.storage} />
        <DeleteButton
          run={props.run}
          storage={props.storage}
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
