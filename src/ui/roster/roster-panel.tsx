import { A, useSearchParams } from '@solidjs/router';
import { createVirtualizer } from '@tanstack/solid-virtual';
import { For, Show, createMemo } from 'solid-js';
import type { JSX } from 'solid-js';
import type { ProducerKey } from '../../protocol/tab/keys.ts';
import type { ProducerWord, RosterEntity } from '../../protocol/tab/roster-model.ts';
import type { ViewData } from '../../protocol/tab/view-data.ts';
import { countOf } from '../format/count.ts';
import { createNow } from '../format/create-now.ts';
import { ageOf, clockDuration } from '../format/duration.ts';
import { StateGlyph } from '../glyphs/state-glyph.tsx';
import type { GlyphState } from '../glyphs/state-glyph.tsx';
import { producerPath } from '../routes.ts';
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
          placeholder="Filter: text, state:failed, tag:env=prod"
          value={filter()}
          onInput={(event) => setSearch({ filter: event.currentTarget.value || undefined }, { replace: true })}
        />
      </div>
      <StateChips
        counts={props.roster.head.counts}
        onPick={(state) => setSearch({ filter: `state:"${state}"` }, { replace: true })}
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

function StateChips(props: {
  counts: Readonly<Record<ProducerWord, number>>;
  onPick: (state: ProducerWord) => void;
}): JSX.Element {
  return (
    <div class="chips" role="group" aria-label="Producers by state">
      <For each={CHIPS.filter((state) => props.counts[state] > 0)}>
        {(state) => (
          <button type="button" class="chip" data-state={GLYPHS[state]} onClick={() => props.onPick(state)}>
            <b>{props.counts[state]}</b> {state}
          </button>
        )}
      </For>
    </div>
  );
}

function RosterList(props: { rows: readonly RosterRow[]; selected: ProducerKey | undefined }): JSX.Element {
  let scroller: HTMLDivElement | undefined;
  const now = createNow();
  const producers = createMemo(() => props.rows.filter((row) => row.kind === 'producer'));
  const places = createMemo(() => new Map(producers().map((row, index) => [row.id, index + 1])));
  const virtual = createVirtualizer({
    get count() {
      return props.rows.length;
    },
    getScrollElement: () => scroller ?? null,
    estimateSize: (index) => (props.rows[index]?.kind === 'group' ? GROUP_HEIGHT : PRODUCER_HEIGHT),
    getItemKey: (index) => props.rows[index]?.id ?? index,
    overscan: 8,
  });

  function move(event: KeyboardEvent): void {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    const from = props.rows.findIndex((row) => row.id === (event.currentTarget as HTMLElement).dataset['row']);
    if (step === undefined || from < 0) return;
    let to = from + step;
    while (props.rows[to]?.kind === 'group') to += step;
    const row = props.rows[to];
    if (row === undefined) return;
    event.preventDefault();
    virtual.scrollToIndex(to);
    requestAnimationFrame(() => scroller?.querySelector<HTMLElement>(`[data-row="${CSS.escape(row.id)}"]`)?.focus());
  }

  return (
    <div class="roster-scroll" ref={(element) => (scroller = element)}>
      <div class="roster-list" role="list" aria-label="Producers" style={{ height: `${virtual.getTotalSize()}px` }}>
        <For each={virtual.getVirtualItems()}>
          {(item) => (
            <Show when={props.rows[item.index]}>
              {(row) => (
                <RosterLine
                  row={row()}
                  top={item.start}
                  selected={props.selected}
                  place={places().get(row().id) ?? 1}
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
            href={producerPath(shown().id) + location.search}
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
