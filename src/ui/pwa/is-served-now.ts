/** What the question needs of the page. */
export interface ServedPage {
  readonly request: typeof fetch;
  /** Address of its own first script, whose name has the hash of the build in it; undefined where it has none. */
  readonly script: string | undefined;
}

/**
 * Whether the page is what the server has now. One that a version in charge has given is not asked about: its requests would
 * be answered by that version too.
 */
export async function isServedNow(isControlled: boolean, page: ServedPage = thisPage()): Promise<boolean> {
  if (isControlled || page.script === undefined) return false;
  try {
    const response = await page.request('/index.html', { cache: 'no-store' });
    return response.ok && (await response.text()).includes(`"${page.script}"`);
  } catch {
    return false; // out of reach: what waits may be newer
  }
}

function thisPage(): ServedPage {
  const script = document.querySelector('script[type="module"][src]')?.getAttribute('src') ?? undefined;
  return { request: (...asked) => fetch(...asked), script };
}
