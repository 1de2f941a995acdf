import { For, Show, createMemo, createSignal } from 'solid-js';
import type { JSX } from 'solid-js';
import type { HistoryHead, HistoryRun } from '../../protocol/tab/history-model.ts';
import { createNow } from '../format/create-now.ts';
import { createVirtualRows } from '../virtual/create-virtual-rows.ts';
import { HistoryLine } from './history-line.tsx';

/** The height of a line, px; the list is laid out from it without measuring. */
const LINE_HEIGHT = 56;

/** How often ages are told again, ms. */
const AGE_STEP_MS = 10_000;

interface ListProps {
  runs: readonly HistoryRun[];
  storage: HistoryHead['storage'];
}

/** The runs, of which only those that are seen are drawn. */
export function HistoryList(props: ListProps): JSX.Element {
  const [scroller, setScroller] = createSignal<HTMLDivElement>();
  const now = createNow(AGE_STEP_MS);
  const runs = createMemo(() => new Map(props.runs.map((run) => [run.id, run])));
  const rows = createVirtualRows({
    rows: () => props.runs,
    guessPx: () => LINE_HEIGHT,
    scroller,
  });

  const find = (id: string): HTMLElement | null | undefined =>
    scroller()?.querySelector(`[data-run="${CSS.escape(id)}"]`);

  function move(event: KeyboardEvent, from: number): void {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    const run = step === undefined ? undefined : props.runs[from + step];
    if (run === undefined) return;
    event.preventDefault();
    if (find(run.id) === null) rows.scrollTo(from + (step ?? 0));
    requestAnimationFrame(() => find(run.id)?.focus());
  }

  /** The focus goes back to the button that asked, or on to the run that takes the place of a deleted one. */
  function answered(isDeleted: boolean, from: number): void {
    const { id = '' } = props.runs[isDeleted ? from + 1 : from] ?? props.runs[from - 1] ?? {};
    const act = (): HTMLElement | null | undefined => find(id)?.parentElement?.querySelector('[data-act="delete"]');
    queueMicrotask(() => (isDeleted ? find(id) : act())?.focus());
  }

  return (
    <>
      <div class="history-heads" aria-hidden="true">
        <span />
        <span>Run</span>
        <span>State</span>
        <span>Began</span>
        <span>Took</span>
        <span>Tasks</span>
        <span>Size</span>
        <span />
      </div>
      <div class="history-scroll" ref={setScroller}>
        <div class="history-list" role="list" aria-label="Runs" style={{ height: `${rows.totalPx()}px` }}>
          <For each={rows.keys()}>
            {(key) => (
              <Show when={runs().get(key)}>
                {(run) => (
                  <div
                    class="history-item"
                    role="listitem"
                    aria-posinset={(rows.row(key)?.index ?? 0) + 1}
                    aria-setsize={props.runs.length}
                    style={{ transform: `translateY(${rows.row(key)?.topPx ?? 0}px)` }}
                  >
                    <HistoryLine
                      run={run()}
                      storage={props.storage}
                      nowMs={now()}
                      onMove={(event) => move(event, rows.row(key)?.index ?? 0)}
                      onAnswered={(isDeleted) => answered(isDeleted, rows.row(key)?.index ?? 0)}
                    />
                  </div>
                )}
              </Show>
            )}
          </For>
        </div>
      </div>
    </>
  );
}
