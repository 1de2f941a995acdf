import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const PROJECT_FOLDER = fileURLToPath(new URL('../..', import.meta.url));

/** The text of a file of the project, by its path from the project's folder. */
export function readText(path: string): string {
  return readFileSync(join(PROJECT_FOLDER, path), 'utf8');
}

/** Whether there is such a file or folder in the project. */
export function exists(path: string): boolean {
  return existsSync(join(PROJECT_FOLDER, path));
}

/** The rows of all tables in a Markdown text, their cells trimmed; heads are rows as well. */
export function tableRows(markdown: string): string[][] {
  return markdown
    .split('\n')
    .filter((line) => line.startsWith('|') && !line.startsWith('|-'))
    .map((line) => line.split('|').slice(1, -1))
    .map((cells) => cells.map((cell) => cell.trim()));
}

/** The rows whose first cell is this very text, in backticks or bare. */
export function rowsOf(rows: readonly string[][], name: string): string[][] {
  return rows.filter(([first = '']) => first === name || first === `\`${name}\``);
}

/** What stands in backticks in a cell, outside of parentheses. */
export function codesIn(cell: string): string[] {
  return [...cell.replaceAll(/\([^()]*\)/g, '').matchAll(/`([^`]+)`/g)].map(([, code = '']) => code);
}

/** The part of a Markdown text below a heading, up to the next heading of its level or above. */
export function section(markdown: string, heading: string): string {
  const lines = markdown.split('\n');
  const start = lines.indexOf(heading);
  if (start < 0) throw new Error(`There is no heading "${heading}".`);
  const level = heading.indexOf(' ');
  const length = lines.slice(start + 1).findIndex((line) => /^#+ /.test(line) && line.indexOf(' ') <= level);
  return lines.slice(start + 1, length < 0 ? undefined : start + 1 + length).join('\n');
}

/** The paths into source, tests and tools that a text names: `src/hub/sequencer.ts`, `test/vectors`. */
export function mentionedPaths(markdown: string): string[] {
  const found = markdown.matchAll(/\b(?:src|test|build|scripts|docs|public)\/[\w./-]*\w/g);
  return [...new Set([...found].map(([path]) => path))];
}

/** The links of one document that lead nowhere: to a file that is not there, or to a heading that it lacks. */
export function deadLinks(path: string): string[] {
  const targets = [...readText(path).matchAll(/\]\(([^)\s]+)\)/g)].map(([, target = '']) => target);
  return targets.filter((target) => !/^https?:/.test(target) && !leadsSomewhere(path, target));
}

function leadsSomewhere(from: string, target: string): boolean {
  const [file = '', anchor] = target.split('#');
  const path = file === '' ? from : join(dirname(from), file);
  if (!exists(path)) return false;
  return anchor === undefined || anchorsOf(readText(path)).includes(anchor);
}

/** As GitHub names headings: lower case, without punctuation, hyphens for spaces. */
function anchorsOf(markdown: string): string[] {
  const headings = [...markdown.matchAll(/^#+ (.+)$/gm)].map(([, text = '']) => text);
  return headings.map((text) => text.toLowerCase().replaceAll(/[^\w\- ]/g, '').replaceAll(' ', '-'));
}
