/** Terminal colour codes (SGR), which carry nothing a reader needs: ECMA-48, section 8.3.117. */
// oxlint-disable-next-line no-control-regex -- the control character is what is looked for
const COLOUR_CODES = /\u001b\[[0-9;:]*m/g;

/** Control characters that a terminal would obey and a page would hide, all but tab and line ends. */
// oxlint-disable-next-line no-control-regex -- the control characters are what is looked for
const CONTROLS = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f]/g;

/** Marks that turn the direction of text or have no width, and could make it read as something else. */
const DISGUISES = /[\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff]/g;

const CONTROL_PICTURES = 0x2400;

/**
 * Text of an agent as it may be shown: colour codes dropped, every other control character as its picture (`␛`), marks that hide or turn text as
 * their code point (`⟨U+202E⟩`). Everything else, markup too, stays what it is: text.
 */
export function plainText(text: string): string {
  return text
    .replace(COLOUR_CODES, '')
    .replaceAll('\r\n', '\n')
    .replace(CONTROLS, (mark) => pictureOf(mark.charCodeAt(0)))
    .replace(DISGUISES, (mark) => codePoint(mark.charCodeAt(0)));
}

function pictureOf(code: number): string {
  return code < 0x20 ? String.fromCharCode(CONTROL_PICTURES + code) : codePoint(code);
}

function codePoint(code: number): string {
  return `⟨U+${code.toString(16).toUpperCase().padStart(4, '0')}⟩`;
}
