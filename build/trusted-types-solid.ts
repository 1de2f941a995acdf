import { fileURLToPath } from 'node:url';
import type { Plugin } from 'vite';

const SOLID_WEB = /\/solid-js\/web\/dist\/(?:web|dev)\.js$/;
const TEMPLATE_LINE = 't.innerHTML = html;';
const POLICY_MODULE = fileURLToPath(new URL('../src/ui/trusted-types-policy.ts', import.meta.url));

/**
 * Solid's `web` module with the one assignment that makes elements out of compiled markup routed through the page's
 * Trusted Types policy, which the served Content-Security-Policy demands (`require-trusted-types-for 'script'`).
 *
 * @throws when the line is not there exactly once, which a new version of Solid may bring about: the page would stay
 *   blank under the policy, so the build must not end well.
 */
export function routeTemplatesThroughPolicy(code: string): string {
  const parts = code.split(TEMPLATE_LINE);
  const [before, after] = parts;
  if (parts.length !== 2 || before === undefined || after === undefined) {
    throw new Error(
      `solid-js/web holds \`${TEMPLATE_LINE}\` ${parts.length - 1} times instead of once: see how its template() makes ` +
        'elements now, and change build/trusted-types-solid.ts to match.',
    );
  }
  return `import { trustedTemplate } from ${JSON.stringify(POLICY_MODULE)};\n${before}t.innerHTML = trustedTemplate(html);${after}`;
}

/** The Vite plugin that applies {@link routeTemplatesThroughPolicy}, and fails the build when it never had a chance to. */
export function trustedTypesSolid(): Plugin {
  let isRouted = false;
  return {
    name: 'rostrum:trusted-types-solid',
    enforce: 'pre',
    transform(code, id) {
      if (!SOLID_WEB.test(id)) return undefined;
      isRouted = true;
      return { code: routeTemplatesThroughPolicy(code), map: null };
    },
    buildEnd(error) {
      if (error === undefined && !isRouted) {
        this.error('solid-js/web was not seen by build/trusted-types-solid.ts: the page would be blank.');
      }
    },
  };
}
