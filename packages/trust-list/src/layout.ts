/**
 * Laying out Chinese and Latin text in terminal columns: an East Asian wide character takes two (UAX #11), a mark none.
 * Ambiguous characters count one, as terminals in UTF-8 show them.
 */

const WIDE: readonly (readonly [number, number])[] = [
  [0x1100, 0x115f], [0x2e80, 0x303e], [0x3041, 0x33ff], [0x3400, 0x4dbf], [0x4e00, 0x9fff], [0xa000, 0xa4cf], [0xa960, 0xa97f], [0xac00, 0xd7a3],
  [0xf900, 0xfaff], [0xfe10, 0xfe19], [0xfe30, 0xfe6f], [0xff00, 0xff60], [0xffe0, 0xffe6], [0x1f300, 0x1f64f], [0x1f680, 0x1f6ff], [0x1f900, 0x1f9ff], [0x20000, 0x3fffd],
];
/** Marks that may not begin a line, and those that may not end one (GB/T 15834; CLREQ §3.1.3). */
const CLOSING = /^[，。、；：！？）》」』】〕〉”’…,.;:!?)\]]$/u;
const OPENING = /^[（《「『【〔〈“‘([]$/u;
/** The least width at which a wide mark can still stand beside its character. */
const MIN_WIDTH = 8;
/** Less than this beside a label reads worse than a line of its own. */
const MIN_TEXT = 16;

/** Columns that text takes on one line. */
export function textWidth(text: string): number {
  let width = 0;
  for (const character of text) width += characterWidth(character);
  return width;
}

/** Text with spaces added up to a width; longer text is left as it is. */
export function padEnd(text: string, width: number): string {
  return text + ' '.repeat(Math.max(0, width - textWidth(text)));
}

/**
 * Text as it may be shown: control, direction and other invisible characters, which could rewrite a line or hide in it,
 * become `\u{hex}`. Line feeds stay when asked for.
 */
export function visible(text: string, options: { readonly lines?: boolean } = {}): string {
  return text.replace(/[\p{Cc}\p{Cf}\p{Cs}\u2028\u2029]/gu, (character) =>
    character === '\n' && options.lines === true ? character : `\\u{${character.codePointAt(0)!.toString(16)}}`,
  );
}

/**
 * Breaks text into lines of at most `width` columns (at least 8): at spaces, between Chinese characters but never before
 * closing or after opening marks, and inside a word only where it is longer than a line. Line feeds in the text break too.
 * Nothing but white space is lost.
 */
export function wrap(text: string, width: number): string[] {
  return text.split('\n').flatMap((paragraph) => wrapParagraph(paragraph, Math.max(width, MIN_WIDTH)));
}

/** Wrapped text behind a label, later lines indented to it; below the label where that would leave too little room. */
export function hanging(label: string, text: string, width: number): string[] {
  const indent = textWidth(label);
  if (width - indent < MIN_TEXT) return [...wrap(label.trimEnd(), width), ...wrap(text, width - 2).map((line) => `  ${line}`)];
  return wrap(text, width - indent).map((line, index) => (index === 0 ? label : ' '.repeat(indent)) + line);
}

/** Rows of cells, columns aligned on their widest cell up to a third of the width; the last cell is wrapped to what is left. */
export function columns(rows: readonly (readonly string[])[], width: number, gap = 2): string[] {
  const count = Math.max(0, ...rows.map((row) => row.length));
  const widest = Math.floor(width / 3);
  const widths = Array.from({ length: count }, (_, column) => Math.min(widest, Math.max(...rows.map((row) => textWidth(row[column] ?? '')))));
  return rows.flatMap((row) => {
    const cells = widths.slice(0, -1).map((cell, column) => padEnd(row[column] ?? '', cell) + ' '.repeat(gap));
    return hanging(cells.join(''), row[count - 1] ?? '', width).map((line) => line.trimEnd());
  });
}

function wrapParagraph(paragraph: string, width: number): string[] {
  const lines: string[] = [];
  let line = '';
  let used = 0;
  let space = false;
  for (const token of tokens(paragraph)) {
    if (token === ' ') {
      space = used > 0;
      continue;
    }
    const needed = textWidth(token);
    if (used > 0 && used + (space ? 1 : 0) + needed > width) {
      lines.push(line);
      line = '';
      used = 0;
      space = false;
    }
    if (space) {
      line += ' ';
      used++;
      space = false;
    }
    for (const part of used + needed > width ? clusters(token) : [token]) {
      const partWidth = textWidth(part);
      if (used > 0 && used + partWidth > width) {
        lines.push(line);
        line = '';
        used = 0;
      }
      line += part;
      used += partWidth;
    }
  }
  lines.push(line);
  return lines;
}

/** Spaces (each run as one), words, and single wide characters with the marks that cling to them. */
function tokens(text: string): string[] {
  const result: string[] = [];
  let glued = false;
  for (const character of clusters(text)) {
    if (/^\s+$/u.test(character)) {
      if (result.at(-1) !== ' ') result.push(' ');
      glued = false;
      continue;
    }
    const last = result.at(-1);
    const joins =
      last !== undefined && last !== ' ' && (glued || CLOSING.test(character) || (characterWidth(character) < 2 && !isWide(last)));
    if (joins) result[result.length - 1] = last + character;
    else result.push(character);
    glued = OPENING.test(character);
  }
  return result;
}

/** Whether a token ends in a wide character, so that a line may break after it. */
function isWide(token: string): boolean {
  const characters = [...token].filter((character) => characterWidth(character) > 0 && !/^[”’…]$/u.test(character));
  return characters.length > 0 && characterWidth(characters.at(-1)!) === 2;
}

/** Characters with the marks that combine with them. */
function clusters(text: string): string[] {
  const result: string[] = [];
  for (const character of text) {
    if (result.length > 0 && characterWidth(character) === 0) result[result.length - 1] += character;
    else result.push(character);
  }
  return result;
}

function characterWidth(character: string): number {
  const point = character.codePointAt(0)!;
  if (point < 0xad) return 1;
  if (/^[\p{Mn}\p{Me}\p{Cf}]/u.test(character)) return 0;
  return WIDE.some(([first, last]) => point >= first && point <= last) ? 2 : 1;
}
