import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { codeProblems } from './architecture/code-rules.ts';
import { importProblems, workerAddressProblems } from './architecture/import-rules.ts';
import { readModule } from './architecture/read-module.ts';

const projectFolder = fileURLToPath(new URL('..', import.meta.url));

function sourceFiles(folder = 'src'): string[] {
  return readdirSync(join(projectFolder, folder), { withFileTypes: true }).flatMap((entry) => {
    const path = `${folder}/${entry.name}`;
    if (entry.isDirectory()) return sourceFiles(path);
    return /\.tsx?$/.test(entry.name) ? [path] : [];
  });
}

const modules = sourceFiles().map((path) => readModule(path, readFileSync(join(projectFolder, path), 'utf8')));

function importsOf(path: string, text: string): string[] {
  return importProblems(readModule(path, text));
}

function codeOf(path: string, text: string): string[] {
  return codeProblems(readModule(path, text));
}

describe('the project', () => {
  it('has source in the rooms that have an entry', () => {
    const paths = modules.map(({ path }) => path);
    expect(paths).toEqual(expect.arrayContaining(['src/ui/main.tsx', 'src/worker-hub/main.ts']));
  });

  it('imports only what the table allows', () => {
    expect(modules.flatMap(importProblems)).toEqual([]);
  });

  it('names the worker in one place', () => {
    expect(workerAddressProblems(modules)).toEqual([]);
  });

  it('makes no markup from text, does nothing at import, and takes clock and chance from outside', () => {
    expect(modules.flatMap(codeProblems)).toEqual([]);
  });
});

describe('the table of imports', () => {
  it.each([
    ['src/protocol/a.ts', "import { b } from '../hub/b.ts';"],
    ['src/protocol/a.ts', "import ws from 'ws';"],
    ['src/protocol/a.ts', "import { readFileSync } from 'node:fs';"],
    ['src/hub/a.ts', "import type { B } from '../worker-hub/b.ts';"],
    ['src/hub/a.ts', "import * as z from 'zod/mini';"],
    ['src/hub/deep/a.ts', "export { b } from '../../ui/b.ts';"],
    ['src/hub/a.ts', "export type * from '../ui/b.ts';"],
    ['src/hub/a.ts', "type B = import('../ui/b.ts').B;"],
    ['src/worker-hub/a.ts', "import { b } from '../ui/b.ts';"],
    ['src/worker-hub/a.ts', "import { createSignal } from 'solid-js';"],
    ['src/worker-hub/a.test.ts', "import { b } from '../node-server/b.ts';"],
    ['src/node-server/a.ts', "import { b } from '../producer/b.ts';"],
    ['src/node-server/a.ts', "import * as comlink from 'comlink';"],
    ['src/producer/a.ts', "import { b } from '../hub/b.ts';"],
    ['src/ui/a.tsx', "import { b } from '../hub/b.ts';"],
    ['src/ui/a.tsx', "import { b } from '../worker-hub/main.ts';"],
    ['src/ui/a.tsx', "const b = () => import('../worker-hub/b.ts');"],
    ['src/ui/a.tsx', "import '@kobalte/utils';"],
    ['src/ui/a.ts', "import { fake } from './test-support/fake.ts';"],
    ['src/ui/a.ts', "import { b } from '../../test/b.ts';"],
    ['src/worker-hub/a.ts', "const b = () => import('./b.ts');"],
    ['src/elsewhere/a.ts', 'export const a = 1;'],
  ])('refuses in %s: %s', (path, text) => {
    expect(importsOf(path, text)).toEqual([expect.stringContaining(path)]);
  });

  it.each([
    ['src/protocol/a.ts', "import * as z from 'zod/mini';"],
    ['src/hub/a.ts', "import type { B } from '../protocol/wire/b.ts'; import { c } from './c.ts';"],
    ['src/hub/a.test.ts', "import { it } from 'vitest'; import fc from 'fast-check'; import { x } from 'node:fs';"],
    ['src/worker-hub/a.ts', "import { openDB } from 'idb'; import { b } from '../hub/b.ts';"],
    ['src/node-server/a.ts', "import { x } from 'node:http'; import { WebSocketServer } from 'ws';"],
    ['src/ui/a.ts', "import hubUrl from '../worker-hub/main.ts?sharedworker&url';"],
    ['src/ui/a.tsx', "import { For } from 'solid-js'; const b = () => import('./views/b.tsx');"],
  ])('allows in %s: %s', (path, text) => {
    expect(importsOf(path, text)).toEqual([]);
  });

  it('refuses a second file that names the worker', () => {
    const text = "import url from '../worker-hub/main.ts?sharedworker&url';";
    expect(workerAddressProblems([readModule('src/ui/a.ts', text)])).toEqual([]);
    const both = [readModule('src/ui/a.ts', text), readModule('src/ui/b.ts', text)];
    expect(workerAddressProblems(both)).toEqual(['src/ui/a.ts and src/ui/b.ts both name the worker']);
  });
});

describe('the rules of code', () => {
  it.each([
    ['src/ui/a.ts', 'export const a = (e: Element) => { e.innerHTML = ""; };'],
    ['src/ui/a.ts', 'export const a = (e: Element) => { e["outerHTML"] = ""; };'],
    ['src/ui/a.ts', 'export const a = (e: Element) => e.insertAdjacentHTML("beforeend", "");'],
    ['src/ui/a.tsx', 'export const A = () => <p innerHTML="" />;'],
    ['src/ui/a.tsx', 'export const A = () => <p prop:innerHTML="" />;'],
    ['src/ui/a.ts', 'export const a = () => document.write("");'],
    ['src/hub/a.ts', 'export const a = (code: string) => eval(code);'],
    ['src/hub/a.ts', 'export const a = (code: string) => new Function(code);'],
    ['src/hub/a.ts', 'export const a = () => Date.now();'],
    ['src/hub/a.ts', 'export const a = () => new Date();'],
    ['src/protocol/a.ts', 'export const a = () => Math.random();'],
    ['src/hub/a.ts', 'start();'],
    ['src/hub/a.ts', 'if (true) { start(); }'],
    ['src/worker-hub/a.ts', 'export const startedAtMs = Date.now();'],
    ['src/worker-hub/a.ts', 'const socket = new WebSocket("ws://localhost");'],
    ['src/worker-hub/a.ts', 'export const a = await b;'],
    ['src/node-server/a.ts', 'const folder = process.cwd();'],
    ['src/ui/a.ts', 'const root = document.querySelector("#root");'],
    ['src/hub/index.ts', ''],
    ['src/hub/utils.ts', ''],
    ['src/hub/helpers/a.ts', ''],
  ])('refuse in %s: %s', (path, text) => {
    expect(codeOf(path, text)).toEqual([expect.stringContaining(path)]);
  });

  it.each([
    ['src/hub/a.ts', 'const NAMES = new Set(["a"]); export class A { #b = new Map(); } export type B = string;'],
    ['src/hub/a.ts', 'export interface A { readonly innerHTML: string } declare const b: number;'],
    ['src/worker-hub/a.ts', 'export const now = () => Date.now();'],
    ['src/worker-hub/main.ts', 'start(Date.now());'],
    ['src/hub/a.test.ts', 'describe("a", () => {});'],
    ['src/ui/test-support/a.ts', 'register();'],
  ])('allow in %s: %s', (path, text) => {
    expect(codeOf(path, text)).toEqual([]);
  });
});

describe('readModule', () => {
  it('refuses what it cannot read', () => {
    expect(() => readModule('src/hub/a.ts', 'const = ;')).toThrow(/cannot be parsed/);
  });
});
