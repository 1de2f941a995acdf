import { A, useSearchParams } from '@solidjs/router';
import { For, Show, createComputed, createMemo, createSignal, on } from 'solid-js';
import type { Accessor, JSX } from 'solid-js';
import type { ProducerKey } from '../../protocol/tab/keys.ts';
import type { ProducerWord, RosterEntity } from '../../protocol/tab/roster-model.ts';
import type { ViewData } from '../../protocol/tab/view-data.ts';
import { countOf } from '../format/count.ts';
import { createNow } from '../format/create-now.ts';
import { ageOf, clockDuration } from '../format/duration.ts';
import { StateGlyph } from '../glyphs/state-glyph.tsx';
import type { GlyphState } from '../glyphs/state-glyph.tsx';
import { producerPath, runTabOf } from '../routes.ts';
import { createVirtualRows } from '../virtual/create-virtual-rows.ts';
import { rosterRows } from './roster-rows.ts';
import type { RosterRow } from './roster-rows.ts';
import './roster.css';

/** Heights of rows, in px; the list is laid out from them without measuring. */
const GROUP_HEIGHT = 30;
const PRODUCER_HEIGHT = 48;

const GLYPHS: Record<ProducerWord, GlyphState> = {
  'waiting for you': 'waiting',
  running: 'running',
  failed: 'failed',
  done: 'done',
  gone: 'gone',
  idle: 'idle',
};

const CHIPS: readonly ProducerWord[] = ['waiting for you', 'running', 'failed', 'done', 'gone'];

/** The roster: every producer of every source, with a filter that lives in the page's address. */
export function RosterPanel(props: { roster: ViewData<'roster'>; selected: ProducerKey | undefined }): JSX.Element {
  const [search, setSearch] = useSearchParams<{ filter?: string }>();
  const filter = (): string => (typeof search.filter === 'string' ? search.filter : '');
  const rows = createMemo(() => rosterRows(Object.values(props.roster.entities.producers), filter()));

  return (
    <div class="roster">
      <div class="roster-find">
        <input
          type="search"
          aria-label="Filter producers"
          placeholder="Filter: text, state:failed, tag:env"
          value={filter()}
          onInput={(event) => setSearch({ filter: event.currentTarget.value || undefined }, { replace: true })}
        />
      </div>
      <StateChips
        counts={props.roster.head.counts}
        picked={filter()}
        onPick={(picked) => setSearch({ filter: picked === filter() ? undefined : picked }, { replace: true })}
      />
      <Show
        when={rows().length > 0}
        fallback={
          <p class="roster-empty">{filter() === '' ? 'No producer has said anything yet.' : 'No producer matches.'}</p>
        }
      >
        <RosterList rows={rows()} selected={props.selected} />
      </Show>
    </div>
  );
}

/** What only producers of a state match. */
function filterOf(state: ProducerWord): string {
  return `state:"${state}"`;
}

function StateChips(props: {
  counts: Readonly<Record<ProducerWord, number>>;
  picked: string;
  onPick: (filter: string) => void;
}): JSX.Element {
  return (
    <div class="chips" role="group" aria-label="Producers by state">
      <For each={CHIPS.filter((state) => props.counts[state] > 0 || props.picked === filterOf(state))}>
        {(state) => (
          <button
            type="button"
            class="chip"
            data-state={GLYPHS[state]}
            aria-pressed={props.picked === filterOf(state)}
            onClick={() => props.onPick(filterOf(state))}
          >
            <b>{props.counts[state]}</b> {state}
          </button>
        )}
      </For>
    </div>
  );
}

function RosterList(props: ListProps): JSX.Element {
  const [scroller, setScroller] = createSignal<HTMLDivElement>();
  const now = createNow();
  const byId = createMemo(() => new Map(props.rows.map((row) => [row.id, row])));
  const producers = createMemo(() => props.rows.filter((row) => row.kind === 'producer'));
  const places = createMemo(() => new Map(producers().map((row, index) => [row.id, index + 1])));
  const virtual = createVirtualRows({
    rows: () => props.rows,
    guessPx: (index) => (props.rows[index]?.kind === 'group' ? GROUP_HEIGHT : PRODUCER_HEIGHT),
    scroller,
  });
  const find = (id: string): HTMLElement | null | undefined =>
    scroller()?.querySelector(`[data-row="${CSS.escape(id)}"]`);
  keepFocus(virtual.keys, { scroller, find });

  function move(event: KeyboardEvent): void {
    const to = rowAfterKey(props.rows, event);
    const row = props.rows[to];
    if (row === undefined) return;
    event.preventDefault();
    if (find(row.id) === null) virtual.scrollTo(to);
    requestAnimationFrame(() => find(row.id)?.focus());
  }

  return (
    <div class="roster-scroll" ref={setScroller}>
      <div class="roster-list" role="list" aria-label="Producers" style={{ height: `${virtual.totalPx()}px` }}>
        <For each={virtual.keys()}>
          {(key) => (
            <Show when={byId().get(key)}>
              {(row) => (
                <RosterLine
                  row={row()}
                  top={virtual.row(key)?.topPx ?? 0}
                  selected={props.selected}
                  place={places().get(key) ?? 1}
                  total={producers().length}
                  nowMs={now()}
                  onMove={move}
                />
              )}
            </Show>
          )}
        </For>
      </div>
    </div>
  );
}

/** The producer that an arrow leads to from the one that has the focus, past headings; -1 for any other key. */
function rowAfterKey(rows: readonly RosterRow[], { key, currentTarget }: KeyboardEvent): number {
  const step = { ArrowDown: 1, ArrowUp: -1 }[key];
  const from = rows.findIndex(({ id }) => id === (currentTarget as HTMLElement).dataset['row']);
  if (step === undefined || from < 0) return -1;
  let to = from + step;
  while (rows[to]?.kind === 'group') to += step;
  return to;
}

/** A line that is moved in the page loses the focus, which has to stay with its producer. */
function keepFocus(keys: Accessor<unknown>, list: Focusable): void {
  createComputed(
    on(keys, () => {
      const active = document.activeElement;
      const id = list.scroller()?.contains(active) === true ? (active as HTMLElement).dataset['row'] : undefined;
      if (id !== undefined) queueMicrotask(() => active !== document.activeElement && list.find(id)?.focus());
    }),
  );
}

interface Focusable {
  readonly scroller: Accessor<HTMLElement | undefined>;
  readonly find: (id: string) => HTMLElement | null | undefined;
}

interface ListProps {
  rows: readonly RosterRow[];
  selected: ProducerKey | undefined;
}

interface LineProps {
  row: RosterRow;
  top: number;
  selected: ProducerKey | undefined;
  place: number;
  total: number;
  nowMs: number;
  onMove: (event: KeyboardEvent) => void;
}

function RosterLine(props: LineProps): JSX.Element {
  const [search] = useSearchParams<{ filter?: string; tab?: string }>();
  const producer = (): RosterEntity | undefined => (props.row.kind === 'producer' ? props.row.producer : undefined);
  return (
    <Show when={producer()} fallback={<GroupLine row={props.row} top={props.top} />}>
      {(shown) => (
        <div
          class="roster-item"
          role="listitem"
          aria-posinset={props.place}
          aria-setsize={props.total}
          style={{ transform: `translateY(${props.top}px)` }}
        >
          <A
            href={producerPath(shown().id, { tab: runTabOf(search.tab), filter: search.filter })}
            class="roster-link"
            classList={{ 'roster-link-waiting': shown().state === 'waiting for you' }}
            aria-current={props.selected === shown().id ? 'page' : undefined}
            data-row={shown().id}
            onKeyDown={(event: KeyboardEvent) => props.onMove(event)}
          >
            <StateGlyph state={GLYPHS[shown().state]} />
            <span class="roster-name">
              {shown().producerId}
              <span class="visually-hidden">, {shown().serviceName ?? 'no service name'}</span>
            </span>
            <span class="roster-state">{stateNote(shown(), props.nowMs)}</span>
            <span class="roster-detail">{detailNote(shown(), props.nowMs)}</span>
          </A>
        </div>
      )}
    </Show>
  );
}

function GroupLine(props: { row: RosterRow; top: number }): JSX.Element {
  return (
    <Show when={props.row.kind === 'group' && props.row}>
      {(group) => (
        <div class="roster-group" role="presentation" style={{ transform: `translateY(${props.top}px)` }}>
          <span>{group().name}</span>
          <span>{group().note}</span>
        </div>
      )}
    </Show>
  );
}

/** The state in words, with how long it has lasted where that helps. */
function stateNote(producer: RosterEntity, nowMs: number): string {
  const since = producer.sinceMs;
  if (since === undefined) return producer.state;
  const ticks = producer.state === 'running' || producer.state === 'waiting for you';
  return `${producer.state} · ${ticks ? clockDuration(nowMs - since) : ageOf(nowMs - since)}`;
}

function detailNote(producer: RosterEntity, nowMs: number): string {
  const seen = producer.state === 'gone' ? `last seen ${ageOf(nowMs - producer.lastSeenMs)} ago` : '';
  const lost = producer.missing > 0 ? `${countOf(producer.missing, 'event')} missing` : '';
  const bad = producer.unreadable > 0 ? countOf(producer.unreadable, 'unreadable message') : '';
  return [producer.detail, seen, lost, bad].filter((part) => part !== '').join(' · ');
}
