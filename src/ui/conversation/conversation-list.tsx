import type { JSX } from 'solid-js';
import type { ConversationEntity } from '../../protocol/tab/conversation-model.ts';
import type { ViewData } from '../../protocol/tab/view-data.ts';
import { StateGlyph } from '../glyphs/state-glyph.tsx';
import type { GlyphState } from '../glyphs/state-glyph.tsx';
import { EachById } from '../lists/each-by-id.tsx';
import { conversationName } from './conversation-words.ts';

const GLYPHS: Record<ConversationEntity['state'], GlyphState> = {
  running: 'running',
  completed: 'done',
  ended: 'gone',
};

/** All conversations, to jump to; on a narrow screen one select does the same. */
export function ConversationList(props: {
  conversations: readonly ConversationEntity[];
  data: ViewData<'conversation'>;
  shown: string | undefined;
  onJump: (conversation: string) => void;
}): JSX.Element {
  return (
    <nav class="talk-list" aria-label="Conversations">
      <select
        aria-label="Conversation"
        value={props.shown ?? ''}
        onChange={(event) => props.onJump(event.currentTarget.value)}
      >
        <EachById items={props.conversations}>
          {(conversation) => (
            <option value={conversation().id}>
              {conversation().agentRole}: {conversationName(conversation())}
            </option>
          )}
        </EachById>
      </select>
      <ul>
        <EachById items={props.conversations}>
          {(conversation) => (
            <li>
              <button
                type="button"
                aria-current={props.shown === conversation().id}
                onClick={() => props.onJump(conversation().id)}
              >
                <StateGlyph state={GLYPHS[props.data.entities.conversations[conversation().id]?.state ?? 'ended']} />
                <b>{conversation().agentRole}</b>
                <span>{conversationName(conversation())}</span>
              </button>
            </li>
          )}
        </EachById>
      </ul>
    </nav>
  );
}
