import type { DigestAlgorithm } from '@hefu/crypto';
import { hexOf } from '@hefu/pki';
import type { JsonObject } from '../adapter/index.js';
import type { Redactor } from './redactor.js';

/** Where a journal stands: enough to go on with it elsewhere. */
export interface JournalHead {
  /** Lines so far. */
  readonly length: number;
  /** Of the last line, lower-case hex; 64 zeros at the beginning. */
  readonly hash: string;
}

export interface JournalLine {
  readonly seq: number;
  /** RFC 3339, UTC, by the local clock. */
  readonly at: string;
  readonly event: string;
  readonly facts: JsonObject;
  /** SHA-256 of the line before it as text, lower-case hex. */
  readonly prev: string;
}

export interface Journal {
  append(at: number, event: string, facts?: JsonObject): void;
  head(): JournalHead;
}

export interface JournalOptions {
  /** SHA-256. */
  readonly digest: DigestAlgorithm;
  readonly redactor: Redactor;
  /** Receives every line, without its line end, in order. */
  readonly write: (line: string) => void;
  readonly head?: JournalHead;
}

const START: JournalHead = { length: 0, hash: '0'.repeat(64) };

/** An append-only record for disputes: JSON lines, each with the hash of the one before, free of secrets. */
export function createJournal({ digest, redactor, write, head: given = START }: JournalOptions): Journal {
  let head = given;
  return {
    append(at, event, facts = {}) {
      const line: JournalLine = { seq: head.length, at: new Date(at).toISOString(), event, facts: redactor.redact(facts), prev: head.hash };
      const text = JSON.stringify(line);
      head = { length: head.length + 1, hash: hashOf(text, digest) };
      write(text);
    },
    head: () => head,
  };
}

/** The first line that does not follow from the one before, by index; undefined when all do. A cut-off end shows only against a `head` kept elsewhere. */
export function firstBrokenLine(lines: readonly string[], digest: DigestAlgorithm, start: JournalHead = START, end?: JournalHead): number | undefined {
  let head = start;
  for (const [index, text] of lines.entries()) {
    const line = readLine(text);
    if (line?.seq !== head.length || line.prev !== head.hash) return index;
    head = { length: head.length + 1, hash: hashOf(text, digest) };
  }
  return end === undefined || (end.length === head.length && end.hash === head.hash) ? undefined : lines.length;
}

function readLine(text: string): { readonly seq?: unknown; readonly prev?: unknown } | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? value : undefined;
  } catch {
    return undefined;
  }
}

function hashOf(text: string, digest: DigestAlgorithm): string {
  return hexOf(digest.digest(new TextEncoder().encode(text)));
}
