import { codesIn, readText, tableRows } from './read-markdown.ts';

/** What `docs/browsers.md` says a browser has, by feature; what it has only from a version on is left out. */
export function documentedFeatures(engine: 'Chromium' | 'Firefox' | 'WebKit'): Record<string, boolean> {
  const [head = [], ...rows] = tableRows(readText('docs/browsers.md'));
  const column = head.findIndex((cell) => cell.startsWith(engine));
  const said = rows.map((cells) => [codesIn(cells[0] ?? '')[0] ?? '', cells[column] ?? ''] as const);
  const plain = said.filter(([, cell]) => cell === 'yes' || cell === 'no');
  return Object.fromEntries(plain.map(([name, cell]) => [name, cell === 'yes']));
}
