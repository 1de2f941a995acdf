import { For, Match, Show, Switch, createMemo, createSignal } from 'solid-js';
import type { JSX } from 'solid-js';
import { unwrap } from 'solid-js/store';
import type { ConversationEntity } from '../../protocol/tab/conversation-model.ts';
import type { ProducerKey, RunKey } from '../../protocol/tab/keys.ts';
import type { ViewData } from '../../protocol/tab/view-data.ts';
import { StateGlyph } from '../glyphs/state-glyph.tsx';
import { AskingHub } from '../hub/asking-hub.tsx';
import { createHubView } from '../hub/create-hub-view.ts';
import { createVirtualRows } from '../virtual/create-virtual-rows.ts';
import { AnswerCard } from './answer-card.tsx';
import { ConversationList } from './conversation-list.tsx';
import { conversationRows, conversationsInOrder } from './conversation-rows.ts';
import type { ConversationRow } from './conversation-rows.ts';
import { conversationName, notSeenText } from './conversation-words.ts';
import { createStickToEnd } from './create-stick-to-end.ts';
import { MessageCard } from './message-card.tsx';
import './conversation.css';

/** Everything that agents and models said to each other in a run, as cards in order. */
export function Conversation(props: { producer: ProducerKey; run: RunKey | undefined; isLive: boolean }): JSX.Element {
  /** Counts changes of what there is; text that streams in does not count, as no row moves for it. */
  const [structure, setStructure] = createSignal(0);
  const view = createHubView<'conversation'>(
    () => ({ view: 'conversation', producer: props.producer, ...(props.run !== undefined && { run: props.run }) }),
    {
      onUpdate: (update) => {
        const isAppend = update?.snapshot === undefined && update?.patches.every((patch) => patch.op === 'append');
        if (isAppend !== true) setStructure((last) => last + 1);
      },
    },
  );
  const rows = createMemo(() => {
    structure();
    const raw = unwrap(view.data);
    return raw === undefined ? [] : conversationRows(raw);
  });
  const list = createMemo(() => {
    structure();
    const raw = unwrap(view.data);
    return raw === undefined ? [] : conversationsInOrder(raw);
  });
  return (
    <Show when={view.data} fallback={<AskingHub class="run-none" />}>
      {(data) => (
        <Show when={rows().length > 0} fallback={<p class="run-none">No model has been asked yet in this run.</p>}>
          <ConversationPage
            data={data()}
            rows={rows()}
            conversations={list()}
            producer={props.producer}
            isLive={props.isLive}
          />
        </Show>
      )}
    </Show>
  );
}

interface PageProps {
  readonly data: ViewData<'conversation'>;
  readonly rows: readonly ConversationRow[];
  readonly conversations: readonly ConversationEntity[];
  readonly producer: ProducerKey;
  readonly isLive: boolean;
}

function ConversationPage(props: PageProps): JSX.Element {
  const [scroller, setScroller] = createSignal<HTMLDivElement>();
  const rows = createVirtualRows({
    rows: () => props.rows,
    guessPx: (index) => (props.rows[index]?.kind === 'head' ? 52 : 120),
    scroller,
  });
  createStickToEnd(scroller, { startAtEnd: props.isLive });
  function jump(conversation: string): void {
    const index = props.rows.findIndex((row) => row.kind === 'head' && row.conversation === conversation);
    if (index >= 0) rows.scrollTo(index);
  }

  const shown = (): string | undefined => {
    const first = rows.first();
    const row = first === undefined ? undefined : props.rows[first.index];
    return row === undefined ? undefined : conversationOf(row, props.data);
  };

  return (
    <div class="talk">
      <ConversationList conversations={props.conversations} data={props.data} shown={shown()} onJump={jump} />
      <div class="talk-scroll" ref={setScroller} role="log" aria-label="Conversation" aria-live="off">
        <div class="talk-rows" style={{ height: `${rows.totalPx()}px` }}>
          <For each={rows.keys()}>
            {(key) => (
              <Show when={rows.row(key)}>
                {(place) => (
                  <div
                    class="talk-row"
                    data-index={place().index}
                    ref={rows.measure}
                    style={{ transform: `translateY(${place().topPx}px)` }}
                  >
                    <Show when={props.rows[place().index]}>
                      {(row) => <Row row={row()} data={props.data} producer={props.producer} />}
                    </Show>
                  </div>
                )}
              </Show>
            )}
          </For>
        </div>
      </div>
    </div>
  );
}

function conversationOf(row: ConversationRow, data: ViewData<'conversation'>): string | undefined {
  if (row.kind === 'head' || row.kind === 'answer') return row.conversation;
  return row.kind === 'message'
    ? data.entities.messages[row.message]?.conversationId
    : row.id.slice('not-seen '.length);
}

function Row(props: { row: ConversationRow; data: ViewData<'conversation'>; producer: ProducerKey }): JSX.Element {
  const of = <K extends ConversationRow['kind']>(kind: K): Extract<ConversationRow, { kind: K }> | undefined =>
    props.row.kind === kind ? (props.row as Extract<ConversationRow, { kind: K }>) : undefined;
  return (
    <Switch>
      <Match when={of('head')}>
        {(row) => (
          <Show when={props.data.entities.conversations[row().conversation]}>
            {(conversation) => <ConversationHead conversation={conversation()} />}
          </Show>
        )}
      </Match>
      <Match when={of('not-seen')}>{(row) => <p class="talk-gap">{notSeenText(row().count)}</p>}</Match>
      <Match when={of('message')}>
        {(row) => (
          <Show when={props.data.entities.messages[row().message]}>
            {(message) => <MessageCard message={message()} producer={props.producer} />}
          </Show>
        )}
      </Match>
      <Match when={of('answer')}>
        {(row) => (
          <Show when={props.data.entities.iterations[row().iteration]}>
            {(iteration) => (
              <AnswerCard
                iteration={iteration()}
                conversation={props.data.entities.conversations[row().conversation]}
                producer={props.producer}
              />
            )}
          </Show>
        )}
      </Match>
    </Switch>
  );
}

function ConversationHead(props: { conversation: ConversationEntity }): JSX.Element {
  return (
    <header class="talk-head">
      <h2>{props.conversation.agentRole}</h2>
      <span class="talk-task">{conversationName(props.conversation)}</span>
      <Show when={props.conversation.state === 'running'}>
        <span class="talk-state">
          <StateGlyph state="running" />
          running
        </span>
      </Show>
    </header>
  );
}
