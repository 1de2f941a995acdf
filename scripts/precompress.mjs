import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';

/** Files that shrink; pictures and fonts are compressed already. */
const TEXT = /\.(?:css|html|js|json|svg|webmanifest)$/;

/** Below this a compressed body is no smaller once its headers are counted. */
const WORTH_IT_BYTES = 1024;

/** Writes `x.gz` and `x.br` beside each text file of a folder, as the relay's file server looks for them. */
function precompress(/** @type {string} */ folder) {
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    const path = join(entry.parentPath, entry.name);
    if (!entry.isFile() || !TEXT.test(entry.name)) continue;
    const content = readFileSync(path);
    if (content.length < WORTH_IT_BYTES) continue;
    writeFileSync(`${path}.gz`, gzipSync(content, { level: 9 }));
    writeFileSync(
      `${path}.br`,
      brotliCompressSync(content, { params: { [constants.BROTLI_PARAM_SIZE_HINT]: content.length } }),
    );
  }
}

const [folder] = process.argv.slice(2);
if (folder === undefined) throw new Error('Name the folder whose files are to be compressed.');
precompress(folder);
