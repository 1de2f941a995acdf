import { Show } from 'solid-js';
import type { JSX } from 'solid-js';
import type { ConversationMessageEntity } from '../../protocol/tab/conversation-model.ts';
import type { ProducerKey } from '../../protocol/tab/keys.ts';
import { BodyText } from '../bodies/body-text.tsx';
import { speakerOf } from './conversation-words.ts';
import { ToolRequests } from './tool-requests.tsx';

/** One message that went in. */
export function MessageCard(props: { message: ConversationMessageEntity; producer: ProducerKey }): JSX.Element {
  const isEmpty = (): boolean => props.message.content === undefined && props.message.toolRequests.length === 0;
  return (
    <article class="card" data-role={props.message.role}>
      <header class="card-head">
        <b>{speakerOf(props.message.role, props.message.toolName)}</b>
      </header>
      <Show when={props.message.content}>{(content) => <BodyText body={content()} producer={props.producer} />}</Show>
      <ToolRequests requests={props.message.toolRequests} producer={props.producer} />
      <Show when={isEmpty()}>
        <p class="card-note">no text</p>
      </Show>
    </article>
  );
}
