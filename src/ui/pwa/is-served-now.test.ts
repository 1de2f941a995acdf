import { expect, it, vi } from 'vitest';
import { isServedNow } from './is-served-now.ts';

const script = '/assets/index-a1.js';

function served(text: string): typeof fetch {
  return async () => new Response(text);
}

it('knows the page by the name of its script in what the server has now', async () => {
  const same = served('<script type="module" src="/assets/index-a1.js"></script>');
  const newer = served('<script type="module" src="/assets/index-b2.js"></script>');
  expect(await isServedNow(false, { request: same, script })).toBe(true);
  expect(await isServedNow(false, { request: newer, script })).toBe(false);
  expect(await isServedNow(false, { request: same, script: undefined })).toBe(false);
});

it('does not ask for a page that a version in charge has given, and takes no answer for no', async () => {
  const request = vi.fn<typeof fetch>().mockRejectedValue(new TypeError('Failed to fetch'));
  expect(await isServedNow(true, { request, script })).toBe(false);
  expect(request).not.toHaveBeenCalled();
  expect(await isServedNow(false, { request, script })).toBe(false);
});
