import { posix } from 'node:path';
import { EMPTY_NAMES, ENTRIES, PURE_ROOMS } from './import-table.ts';
import { isTestCode, roomOf } from './import-rules.ts';
import { type SourceModule, type SyntaxNode, isNode, walk } from './read-module.ts';

const MARKUP_SINKS = new Set(['innerHTML', 'outerHTML', 'insertAdjacentHTML', 'createContextualFragment', 'srcdoc']);
const DECLARATIONS =
  /^(?:Import|Export|Variable|Function|Class|TS\w*)\w*(?:Declaration|Statement|Assignment|Signature)$|^EmptyStatement$/;
const LATER = /^(?:FunctionExpression|ArrowFunctionExpression|FunctionDeclaration|MethodDefinition)$/;
const TOUCHES_THE_WORLD = new Set(
  (
    'addEventListener BroadcastChannel caches console crypto document EventSource fetch globalThis history indexedDB localStorage location MessageChannel ' +
    'navigator performance process queueMicrotask requestAnimationFrame self sessionStorage setImmediate setInterval setTimeout SharedWorker WebSocket window Worker'
  ).split(' '),
);

function nameOf(node: unknown): string | undefined {
  if (!isNode(node)) return undefined;
  if (node.type === 'Identifier' || node.type === 'JSXIdentifier') return String(node['name']);
  if (node.type === 'JSXNamespacedName') return nameOf(node['name']);
  return node.type === 'Literal' ? String(node['value']) : undefined;
}

/** `a.b.c` for such an expression, in as far as it is made of names. */
function dottedName(node: unknown): string {
  if (!isNode(node) || node.type !== 'MemberExpression') return nameOf(node) ?? '';
  return `${dottedName(node['object'])}.${nameOf(node['property']) ?? ''}`;
}

function isCall(node: SyntaxNode): boolean {
  return node.type === 'CallExpression' || node.type === 'NewExpression';
}

function sinkProblem(node: SyntaxNode): string | undefined {
  const name =
    node.type === 'MemberExpression'
      ? nameOf(node['property'])
      : node.type === 'JSXAttribute'
        ? nameOf(node['name'])
        : undefined;
  if (name !== undefined && MARKUP_SINKS.has(name)) return `uses ${name}`;
  const callee = isCall(node) ? dottedName(node['callee']) : '';
  return /^(?:(?:window|self|globalThis)\.)?(?:eval|Function|document\.write(?:ln)?)$/.test(callee)
    ? `calls ${callee}`
    : undefined;
}

function impureProblem(node: SyntaxNode): string | undefined {
  if (!isCall(node)) return undefined;
  const callee = dottedName(node['callee']);
  if (callee === 'Date.now' || callee === 'Math.random') return `calls ${callee}() instead of being handed it`;
  const isNow = callee === 'Date' && Array.isArray(node['arguments']) && node['arguments'].length === 0;
  return isNow ? 'asks Date for the time instead of being handed it' : undefined;
}

function importEffects(statement: SyntaxNode): string[] {
  if (!DECLARATIONS.test(statement.type)) return [`does something when it is imported (${statement.type})`];
  return [...walk(statement, (node) => LATER.test(node.type))].flatMap((node) => {
    if (node.type === 'AwaitExpression') return ['waits when it is imported'];
    const callee = isCall(node) ? dottedName(node['callee']) : '';
    const [root = ''] = callee.split('.');
    const touches = TOUCHES_THE_WORLD.has(root) || callee === 'Date.now' || callee === 'Math.random';
    return touches ? [`calls ${callee} when it is imported`] : [];
  });
}

function nameProblems(path: string): string[] {
  return path
    .split(posix.sep)
    .filter((part) => EMPTY_NAMES.test(part))
    .map((part) => `has a name that says nothing: ${part}`);
}

/** What a file does that no file of its kind may do, each as a sentence. */
export function codeProblems(module: SourceModule): string[] {
  const isTest = isTestCode(module.path);
  const nodes = [...walk(module.body)];
  const isPure = PURE_ROOMS.includes(roomOf(module.path) ?? '') && !isTest;
  const mayAct = isTest || ENTRIES.includes(module.path);
  const problems = [
    ...nameProblems(module.path),
    ...nodes.map(sinkProblem),
    ...(isPure ? nodes.map(impureProblem) : []),
    ...(mayAct ? [] : module.body.flatMap(importEffects)),
  ];
  return problems.filter((problem) => problem !== undefined).map((problem) => `${module.path} ${problem}`);
}
