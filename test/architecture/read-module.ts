import { parseSync } from 'vite';

/** A node of the syntax tree; what it holds depends on its type. */
export interface SyntaxNode {
  readonly type: string;
  readonly [key: string]: unknown;
}

/** One source file as the rules see it. */
export interface SourceModule {
  /** Relative to the project, with forward slashes. */
  readonly path: string;
  /** What it imports or re-exports, types too, as written. */
  readonly imports: readonly string[];
  /** What it loads only when it runs. */
  readonly dynamicImports: readonly string[];
  readonly body: readonly SyntaxNode[];
}

/** Whether a value out of the tree is a node of it. */
export function isNode(value: unknown): value is SyntaxNode {
  return typeof value === 'object' && value !== null && 'type' in value && typeof value.type === 'string';
}

/** All nodes of a tree, parents first; below a node for which `isClosed` is true nothing is visited. */
export function* walk(root: unknown, isClosed: (node: SyntaxNode) => boolean = () => false): Generator<SyntaxNode> {
  if (Array.isArray(root)) {
    for (const item of root) yield* walk(item, isClosed);
    return;
  }
  if (!isNode(root)) return;
  yield root;
  if (isClosed(root)) return;
  for (const value of Object.values(root)) yield* walk(value, isClosed);
}

function literalValue(node: unknown): string | undefined {
  return isNode(node) && node.type === 'Literal' && typeof node['value'] === 'string' ? node['value'] : undefined;
}

function present(texts: readonly (string | undefined)[]): string[] {
  return texts.filter((text) => text !== undefined);
}

/**
 * Reads a file's imports of every kind, and its tree.
 *
 * @throws when the text is no TypeScript: a file that cannot be read must not pass as one that breaks no rule.
 */
export function readModule(path: string, text: string): SourceModule {
  const { errors, program } = parseSync(path, text);
  const [error] = errors;
  if (error !== undefined) throw new SyntaxError(`${path} cannot be parsed: ${error.message}`);
  const body = program.body as unknown as readonly SyntaxNode[];
  const sources: (string | undefined)[] = [];
  const dynamicSources: (string | undefined)[] = [];
  for (const node of walk(body)) {
    if (/^(?:Import|ExportNamed|ExportAll)Declaration$/.test(node.type)) sources.push(literalValue(node['source']));
    if (node.type === 'TSImportType') sources.push(literalValue(node['source']) ?? literalValue(node['argument']));
    if (node.type === 'ImportExpression') dynamicSources.push(literalValue(node['source']) ?? '(computed)');
  }
  return { path, imports: present(sources), dynamicImports: present(dynamicSources), body };
}
