import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { FakeHub } from '../test-support/fake-hub.tsx';
import { renderAt, settle } from '../test-support/render-at.tsx';
import type { Screen } from '../test-support/render-at.tsx';
import {
  PRODUCER,
  bodyOf,
  conversationView,
  sampleConversation,
  sampleIteration,
  sampleMessage,
} from '../test-support/run-samples.ts';
import { conversationRows, conversationsInOrder } from './conversation-rows.ts';
import { conversationName, costText, notSeenText, speakerOf } from './conversation-words.ts';
import { isAtEnd } from './create-stick-to-end.ts';
import { Conversation } from './conversation.tsx';

let screen: Screen | undefined;
let fake: FakeHub;

beforeEach(() => {
  fake = new FakeHub();
});

afterEach(() => screen?.dispose());

async function open(view: Parameters<typeof conversationView>[0]): Promise<Screen> {
  fake.show('conversation', conversationView(view));
  screen = await renderAt(fake, () => <Conversation producer={PRODUCER} run={undefined} isLive={true} />);
  await settle();
  return screen;
}

const request = { name: 'web_search', arguments: bodyOf('{"input":"tides"}') };

describe('the rows of a conversation', () => {
  test('what went in comes before what came out, and an answer is shown once', () => {
    const view = conversationView({
      conversations: [sampleConversation({ id: 'c1' })],
      messages: [
        sampleMessage({ id: 'm0', position: 0, role: 'system' }),
        sampleMessage({ id: 'm1', position: 1 }),
        sampleMessage({ id: 'echo', position: 2, role: 'assistant', toolRequests: [request] }),
        sampleMessage({ id: 'm3', position: 3, role: 'tool', toolName: 'web_search' }),
      ],
      iterations: [
        sampleIteration({ id: 'i0', messageCount: 2, toolRequests: [request] }),
        sampleIteration({ id: 'i1', iterationIndex: 1, messageCount: 4, state: 'running' }),
      ],
    });
    expect(conversationRows(view).map((row) => row.id)).toEqual([
      'head c1',
      'message m0',
      'message m1',
      'answer i0',
      'message m3',
      'answer i1',
    ]);
  });

  test('an answer that was not seen is shown as the message that it came back as', () => {
    const view = conversationView({
      conversations: [sampleConversation({ id: 'c1', messagesNotSeen: 7 })],
      messages: [sampleMessage({ id: 'm2', position: 2, role: 'assistant' })],
      iterations: [sampleIteration({ id: 'i0', messageCount: 2 })],
    });
    expect(conversationRows(view).map((row) => row.id)).toEqual(['head c1', 'not-seen c1', 'answer i0', 'message m2']);
  });

  test('conversations come in the order in which they began', () => {
    const view = conversationView({
      conversations: [sampleConversation({ id: 'b', order: 2 }), sampleConversation({ id: 'a', order: 1 })],
    });
    expect(conversationsInOrder(view).map(({ id }) => id)).toEqual(['a', 'b']);
  });
});

describe('the words of a conversation', () => {
  test('name who speaks', () => {
    expect(speakerOf('tool', 'web_search')).toBe('tool web_search');
    expect(speakerOf('user', undefined)).toBe('user');
    expect(conversationName(sampleConversation({ id: 'c', n: 2 }))).toBe('Find sources about tides (2)');
  });

  test('tell what an answer cost, as far as that is known', () => {
    expect(costText(sampleIteration({ id: 'i', inputTokens: 1220, outputTokens: 32, latencyMs: 36 }))).toBe(
      '1,220 tokens in · 32 out · 36 ms',
    );
    expect(costText(sampleIteration({ id: 'i', inputTokens: -1 }))).toBe('');
  });

  test('tell what was not seen', () => {
    expect(notSeenText(7)).toBe('7 earlier messages were not seen');
    expect(notSeenText(1)).toBe('1 earlier message was not seen');
  });

  test('who reads near the end reads the end', () => {
    expect(isAtEnd({ scrollTop: 480, scrollHeight: 1000, clientHeight: 500 })).toBe(true);
    expect(isAtEnd({ scrollTop: 200, scrollHeight: 1000, clientHeight: 500 })).toBe(false);
  });
});

describe('the conversation', () => {
  test('shows text as text, tools with their arguments, and what it cost', async () => {
    const shown = await open({
      conversations: [sampleConversation({ id: 'c1', messagesNotSeen: 3 })],
      messages: [sampleMessage({ id: 'm', content: bodyOf("<script>alert('never')</script>\n  indented") })],
      iterations: [
        sampleIteration({
          id: 'i',
          messageCount: 1,
          response: bodyOf('Let me look that up.'),
          toolRequests: [request],
          inputTokens: 122,
          outputTokens: 32,
          latencyMs: 36,
        }),
      ],
    });
    expect(shown.root.querySelector('script')).toBeNull();
    expect(shown.root.querySelector('pre')?.textContent).toBe("<script>alert('never')</script>\n  indented");
    expect(shown.text()).toContain('Let me look that up.');
    expect(shown.text()).toContain('asks for web_search{ "input": "tides" }');
    expect(shown.text()).toContain('122 tokens in · 32 out · 36 ms');
    expect(shown.text()).toContain('3 earlier messages were not seen');
  });

  test('text that streams in is added, and nothing else is drawn again', async () => {
    const shown = await open({
      conversations: [sampleConversation({ id: 'c1', state: 'running', streaming: 'The ans' })],
      messages: [sampleMessage({ id: 'm', content: bodyOf('Question') })],
      iterations: [sampleIteration({ id: 'i', messageCount: 1, state: 'running' })],
    });
    const cards = [...shown.root.querySelectorAll('article')];
    const before = cards[0]?.textContent;
    fake.patch('conversation', [
      { op: 'append', collection: 'conversations', id: 'c1', field: 'streaming', text: 'wer is 42' },
    ]);
    expect(shown.root.querySelector('article[data-state=running] pre')?.textContent).toBe('The answer is 42');
    expect(shown.root.querySelector('.caret')).not.toBeNull();
    expect([...shown.root.querySelectorAll('article')]).toEqual(cards);
    expect(cards[0]?.textContent).toBe(before);
  });

  test('the answer takes the place of the stream', async () => {
    const shown = await open({
      conversations: [sampleConversation({ id: 'c1', state: 'running', streaming: 'The ans' })],
      iterations: [sampleIteration({ id: 'i', messageCount: 1, state: 'running' })],
    });
    fake.patch('conversation', [
      { op: 'upsert', collection: 'conversations', entity: sampleConversation({ id: 'c1' }) },
      { op: 'upsert', collection: 'iterations', entity: sampleIteration({ id: 'i', response: bodyOf('All of it.') }) },
    ]);
    expect(shown.root.querySelector('.caret')).toBeNull();
    expect(shown.root.querySelector('article pre')?.textContent).toBe('All of it.');
  });

  test('a long body shows its beginning, and all of it when asked', async () => {
    fake.bodies.set('ref', 'x'.repeat(100_000));
    const shown = await open({
      conversations: [sampleConversation({ id: 'c1' })],
      messages: [sampleMessage({ id: 'm', content: { text: 'x'.repeat(4096), totalChars: 100_000, ref: 'ref' } })],
    });
    expect(shown.root.querySelector('pre')?.textContent).toHaveLength(4096);
    shown.byRole('button', 'Show all (100,000 characters)')?.click();
    await settle();
    expect(shown.root.querySelector('pre')?.textContent).toHaveLength(100_000);
  });

  test('lists the conversations, to jump to', async () => {
    const shown = await open({
      conversations: [
        sampleConversation({ id: 'c1' }),
        sampleConversation({ id: 'c2', order: 2, agentRole: 'Writer', description: 'Draft' }),
      ],
    });
    const list = shown.root.querySelector('.talk-list ul');
    expect(list?.textContent).toBe('ResearcherFind sources about tidesWriterDraft');
  });

  test('says when no model was asked', async () => {
    const shown = await open({});
    expect(shown.text()).toContain('No model has been asked yet in this run.');
  });
});

test('the list of conversations keeps the focus while one goes on', async () => {
  const conversation = sampleConversation({ id: 'c1', state: 'running' });
  const shown = await open({
    conversations: [conversation],
    iterations: [sampleIteration({ id: 'i1', conversationId: 'c1' })],
  });
  const line = shown.root.querySelector<HTMLElement>('.talk-list button');
  line?.focus();
  const entity = { ...conversation, description: 'Find more sources' };
  fake.patch('conversation', [{ op: 'upsert', collection: 'conversations', entity }]);
  await settle();
  expect(line?.textContent).toContain('Find more sources');
  expect(document.activeElement).toBe(line);
});
