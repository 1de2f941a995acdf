/** Letters that are written from right to left: Hebrew, Arabic, Syriac, Thaana, N'Ko and their forms. */
const RIGHT_TO_LEFT = /[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]/;

/** How much of a text is laid out at once, in UTF-16 units, unless a line is longer. */
const BLOCK_CHARS = 16_000;

/** Whether a text has to be ordered by direction. To do so for every long text would hold up the page. */
export function isRightToLeft(text: string): boolean {
  return RIGHT_TO_LEFT.test(text);
}

/** A text in blocks of whole lines, without the line ends between them, so that a browser can lay out only those that are seen. */
export function textBlocks(text: string): string[] {
  const blocks: string[] = [];
  let from = 0;
  while (text.length - from > BLOCK_CHARS) {
    const end = text.indexOf('\n', from + BLOCK_CHARS);
    if (end < 0) break;
    blocks.push(text.slice(from, end));
    from = end + 1;
  }
  return [...blocks, text.slice(from)];
}

/** How many lines a block has, unwrapped. */
export function linesOf(block: string): number {
  let lines = 1;
  for (let at = block.indexOf('\n'); at >= 0; at = block.indexOf('\n', at + 1)) lines += 1;
  return lines;
}
