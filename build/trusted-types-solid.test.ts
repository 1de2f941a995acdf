import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { routeTemplatesThroughPolicy, trustedTypesSolid } from './trusted-types-solid.ts';

const solidWebFolder = dirname(createRequire(import.meta.url).resolve('solid-js/web'));

describe('routeTemplatesThroughPolicy', () => {
  it.each(['web.js', 'dev.js'])('finds the one line in the installed solid-js/web/dist/%s', (file) => {
    const code = readFileSync(join(solidWebFolder, file), 'utf8');
    const routed = routeTemplatesThroughPolicy(code);
    expect(routed).toContain('t.innerHTML = trustedTemplate(html);');
    expect(routed).not.toContain('t.innerHTML = html;');
    expect(routed).toMatch(/^import \{ trustedTemplate \} from ".*\/src\/ui\/trusted-types-policy\.ts";\n/);
  });

  it('refuses code in which the line is gone', () => {
    expect(() => routeTemplatesThroughPolicy('t.setHTML(html);')).toThrow(/0 times instead of once/);
  });

  it('refuses code in which the line stands twice', () => {
    expect(() => routeTemplatesThroughPolicy('t.innerHTML = html; t.innerHTML = html;')).toThrow(/2 times/);
  });
});

describe('trustedTypesSolid', () => {
  it('fails a build that never met Solid', () => {
    const { buildEnd } = trustedTypesSolid();
    const failures: string[] = [];
    const context = { error: (message: string) => failures.push(message) };
    if (typeof buildEnd !== 'function') throw new TypeError('The plugin has no buildEnd.');
    Reflect.apply(buildEnd, context, []);
    expect(failures).toEqual([expect.stringContaining('solid-js/web was not seen')]);
  });
});
