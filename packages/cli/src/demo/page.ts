import { hanging, padEnd, textWidth, wrap } from '@hefu/verify';
import type { Terminal } from '../terminal.js';

/** ANSI SGR codes. */
export const Style = { bold: 1, red: 31, green: 32, yellow: 33 } as const;

/** A page written line by line, none wider than the terminal and none ending in spaces. */
export class Page {
  readonly #terminal: Terminal;

  constructor(terminal: Terminal) {
    this.#terminal = terminal;
  }

  get width(): number {
    return this.#terminal.width;
  }

  /** A line that fits as it is. */
  line(text = '', style?: number): void {
    const shown = text.trimEnd();
    this.#terminal.out(style === undefined || !this.#terminal.colour ? shown : `\u001b[${style}m${shown}\u001b[0m`);
  }

  paragraph(text: string, indent = '', style?: number): void {
    for (const line of wrap(text, this.width - indent.length)) this.line(indent + line, style);
  }

  heading(text: string): void {
    this.line();
    this.paragraph(text, '', Style.bold);
    this.line();
  }

  /** `label text`, wrapped under itself. */
  field(label: string, text: string): void {
    for (const line of hanging(label, text, this.width)) this.line(line);
  }

  /** A label, its text, and a word at the end of the line; below, where they do not fit side by side. */
  entry(label: string, text: string, word: string, style?: number): void {
    const room = this.width - textWidth(word);
    if (textWidth(label + text) + 2 <= room) {
      this.line(padEnd(label + text, room) + word, style);
      return;
    }
    for (const line of hanging(label, text, this.width)) this.line(line, style);
    this.line(' '.repeat(Math.max(0, room)) + word, style);
  }

  /** Two columns: the left as wide as its widest cell. */
  pairs(rows: readonly (readonly [string, string])[]): void {
    const left = Math.max(...rows.map(([cell]) => textWidth(cell)));
    for (const [cell, text] of rows) this.field(`  ${padEnd(cell, left)}  `, text);
  }
}
