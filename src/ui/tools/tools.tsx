import { For, Show, createMemo, createSignal } from 'solid-js';
import type { JSX } from 'solid-js';
import { unwrap } from 'solid-js/store';
import type { ToolCallEntity } from '../../protocol/tab/conversation-model.ts';
import type { ProducerKey, RunKey } from '../../protocol/tab/keys.ts';
import { countOf } from '../format/count.ts';
import { AskingHub } from '../hub/asking-hub.tsx';
import { createHubView } from '../hub/create-hub-view.ts';
import { createVirtualRows } from '../virtual/create-virtual-rows.ts';
import { ToolCallRow } from './tool-call-row.tsx';
import { inOrder, outcomeOf } from './tool-words.ts';
import './tools.css';

/** Height of a call that is folded, px. */
const ROW_PX = 38;

/** Every tool call of a run, with what went in and what came out. */
export function Tools(props: {
  producer: ProducerKey;
  run: RunKey | undefined;
  startedAtMs: number | undefined;
}): JSX.Element {
  const [version, setVersion] = createSignal(0);
  const [onlyFailed, setOnlyFailed] = createSignal(false);
  const view = createHubView<'tools'>(
    () => ({ view: 'tools', producer: props.producer, ...(props.run !== undefined && { run: props.run }) }),
    { onUpdate: () => setVersion((last) => last + 1) },
  );
  const calls = createMemo(() => {
    version();
    return inOrder(Object.values(unwrap(view.data)?.entities.toolCalls ?? {}));
  });
  const failed = createMemo(() => calls().filter((call) => outcomeOf(call).glyph === 'failed'));
  const shown = createMemo(() => (onlyFailed() ? failed() : calls()));
  return (
    <Show when={view.data !== undefined} fallback={<AskingHub class="run-none" />}>
      <Show when={calls().length > 0} fallback={<p class="run-none">No tool has been called yet in this run.</p>}>
        <div class="tools">
          <header class="tools-head">
            <span>{countOf(calls().length, 'call')}</span>
            <Show when={failed().length > 0}>
              <button
                type="button"
                class="chip"
                data-state="failed"
                aria-pressed={onlyFailed()}
                onClick={() => setOnlyFailed(!onlyFailed())}
              >
                <b>{failed().length}</b> failed
              </button>
            </Show>
          </header>
          <ToolList calls={shown()} producer={props.producer} startedAtMs={props.startedAtMs} />
        </div>
      </Show>
    </Show>
  );
}

function ToolList(props: {
  calls: readonly ToolCallEntity[];
  producer: ProducerKey;
  startedAtMs: number | undefined;
}): JSX.Element {
  const [scroller, setScroller] = createSignal<HTMLDivElement>();
  const [open, setOpen] = createSignal<ReadonlySet<string>>(new Set());
  const rows = createVirtualRows({
    rows: () => props.calls,
    guessPx: () => ROW_PX,
    scroller,
  });

  function toggle(id: string): void {
    const next = new Set(open());
    if (!next.delete(id)) next.add(id);
    setOpen(next);
  }

  return (
    <div class="tools-scroll" ref={setScroller}>
      <div class="tools-rows" role="list" aria-label="Tool calls" style={{ height: `${rows.totalPx()}px` }}>
        <For each={rows.keys()}>
          {(key) => (
            <Show when={rows.row(key)}>
              {(row) => (
                <div
                  class="tools-row"
                  role="listitem"
                  aria-posinset={row().index + 1}
                  aria-setsize={props.calls.length}
                  data-index={row().index}
                  ref={rows.measure}
                  style={{ transform: `translateY(${row().topPx}px)` }}
                >
                  <Show when={props.calls[row().index]}>
                    {(call) => (
                      <ToolCallRow
                        call={call()}
                        producer={props.producer}
                        startedAtMs={props.startedAtMs}
                        isOpen={open().has(key)}
                        onToggle={() => toggle(key)}
                      />
                    )}
                  </Show>
                </div>
              )}
            </Show>
          )}
        </For>
      </div>
    </div>
  );
}
