import { expect, test } from './fixtures.ts';
import { Publisher } from './publisher.ts';

const MARKUP = `<script>globalThis.harmed = true</script><img src=x onerror="globalThis.harmed = true"><b>bold</b>`;
const TERMINAL = '\u001b[31mred\u001b[0m \u001b]52;c;AAAA\u0007 \u202egpj.exe';
const LONG_LINE = 'x'.repeat(100_000);

test('markup, terminal codes and endless lines are text, and nothing else', async ({ page, relayUrl, pageFaults }) => {
  const requests: string[] = [];
  page.on('request', (request) => requests.push(new URL(request.url()).origin));
  const publisher = await Publisher.connect(relayUrl, '<i>svc</i>');
  publisher.startRun('run-1', MARKUP);
  publisher.publish(
    {
      type: 'llm_iteration_started',
      agentRole: 'Writer',
      taskDescription: MARKUP,
      iterationIndex: 0,
      messages: [{ role: 'user', content: `${TERMINAL}\n![x](https://example.invalid/x.png)` }],
    },
    { type: 'token', token: MARKUP, agentRole: 'Writer', taskDescription: MARKUP, sentAt: new Date().toISOString() },
    {
      type: 'tool_called',
      agentRole: 'Writer',
      taskIndex: 1,
      toolName: MARKUP,
      durationMs: 1,
      outcome: 'FAILURE',
      toolArguments: MARKUP,
      toolResult: LONG_LINE,
    },
  );
  publisher.askForReview('review-1', {
    taskDescription: MARKUP,
    taskOutput: `${MARKUP}\n${LONG_LINE}`,
    prompt: MARKUP,
  });
  await page.goto(relayUrl);
  await page.getByRole('list', { name: 'Producers' }).getByRole('link').click();
  const review = page.getByRole('region', { name: 'Review' });
  await expect(review).toContainText('<script>globalThis.harmed = true</script>');
  await review.getByRole('button', { name: /^Show all \(100,\d{3} characters\)$/ }).click();
  await expect(review.getByRole('button', { name: /^Show all/ })).toBeHidden();
  await expect(review.getByRole('button', { name: /^Approve/ })).toBeInViewport();
  await page.getByRole('tab', { name: 'Conversation' }).click();
  await expect(page.getByRole('tabpanel')).toContainText('⟨U+202E⟩gpj.exe');
  await expect(page.getByRole('tabpanel')).toContainText('![x](https://example.invalid/x.png)');
  await page.getByRole('tab', { name: 'Tools' }).click();
  await expect(page.getByRole('tabpanel')).toContainText('onerror=');

  const harm = await page.evaluate(() => ({
    ran: 'harmed' in globalThis,
    images: document.querySelectorAll('img').length,
    scripts: document.querySelectorAll('body script:not([src])').length,
    widerThanScreen: document.documentElement.scrollWidth > document.documentElement.clientWidth,
  }));
  expect(harm).toEqual({ ran: false, images: 0, scripts: 0, widerThanScreen: false });
  expect(new Set(requests)).toEqual(new Set([relayUrl]));
  expect(pageFaults).toEqual([]);
  await publisher.close();
});
