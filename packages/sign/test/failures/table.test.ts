import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { SIGN_ERRORS } from '../../src/index.js';

const DOCS = new URL('../../../../docs/', import.meta.url);
const LINE = /^\| (\d{1,2}) \| ([^|]+) \| \[[^\]]+\]\(([^)]+)\) \| `((?:[^`\\]|\\.)+)` \| (.+) \|$/;

interface Row {
  readonly number: number;
  readonly file: string;
  readonly marker: string;
  readonly codes: readonly string[];
}

const rows = readFileSync(new URL('signing-failures.md', DOCS), 'utf8').split('\n').filter((line) => /^\| \d/.test(line)).map((line): Row => {
  const [, number, , file, marker, codes] = LINE.exec(line) ?? (() => { throw new Error(`cannot be read: ${line}`); })();
  return { number: Number(number), file: file!, marker: marker!.replace(/\\\|/g, '|'), codes: [...codes!.matchAll(/`([A-Za-z_]+)`/g)].map(([, code]) => code!) };
});

describe('the table of the fifty failures', () => {
  it('has every number, in order', () => {
    expect([...new Set(rows.map(({ number }) => number))]).toEqual(Array.from({ length: 50 }, (_, index) => index + 1));
    expect(rows.map(({ number }) => number)).toEqual(rows.map(({ number }) => number).sort((a, b) => a - b));
  });

  it.each([...grouped()])('%i is where it says, with codes that exist', (_, each) => {
    for (const { file, marker, codes } of each) {
      const url = new URL(file, DOCS);
      expect(existsSync(url), fileURLToPath(url)).toBe(true);
      const text = readFileSync(url, 'utf8');
      expect(text.includes(marker), `${file} has no ${marker}`).toBe(true);
      for (const code of codes) {
        expect(['done', 'cancelled', 'CALLBACK_IGNORED'].includes(code) || code in SIGN_ERRORS, `${code} is no code`).toBe(true);
        expect(text.includes(code), `${file} asserts no ${code}`).toBe(true);
      }
    }
    // A failure is held to a code, or got over, somewhere.
    if (![34, 44, 48].includes(each[0]!.number)) expect(each.some(({ codes }) => codes.length > 0)).toBe(true);
  });
});

/** By number; Node 20 has no Map.groupBy. */
function grouped(): Map<number, Row[]> {
  const found = new Map<number, Row[]>();
  for (const row of rows) found.set(row.number, [...(found.get(row.number) ?? []), row]);
  return found;
}
