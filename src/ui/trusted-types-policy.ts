/** The part of a browser's Trusted Types that the page uses; TypeScript's library does not know it. */
interface PolicyFactory {
  createPolicy(
    name: string,
    rules: { createHTML(markup: string): string; createScriptURL(url: string): string },
  ): { createHTML(markup: string): string; createScriptURL(url: string): string };
}

const rules = {
  createHTML: (markup: string): string => markup,
  createScriptURL: (url: string): string => {
    const { href, origin } = new URL(url, location.href);
    if (origin !== location.origin) {
      throw new TypeError(`The script ${href} was not loaded: scripts come from ${location.origin} only.`);
    }
    return href;
  },
};

let policy: typeof rules | undefined;

/** The one policy that the served Content-Security-Policy allows (`trusted-types app`), made once, when first needed. */
function appPolicy(): typeof rules {
  const factory = (globalThis as { trustedTypes?: PolicyFactory }).trustedTypes;
  policy ??= factory === undefined ? rules : factory.createPolicy('app', rules);
  return policy;
}

/**
 * A template of compiled JSX as the browser's Trusted Types want it. Only the build calls it, from Solid's own
 * `template()`; what agents say never comes this way.
 */
export function trustedTemplate(markup: string): string {
  return appPolicy().createHTML(markup);
}

/**
 * The address of a worker's script as the browser's Trusted Types want it: absolute, and typed where the browser has
 * such types.
 *
 * @throws {TypeError} when the address is not of the page's own origin.
 */
export function trustedScriptUrl(url: string): string {
  return appPolicy().createScriptURL(url);
}
