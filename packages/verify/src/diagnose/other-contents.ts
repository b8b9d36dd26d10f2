import { concatBytes, equalBytes } from '@hefu/pki';
import type { Content } from '../signature/content.js';
import { decodeText, encodeGbk } from './gbk.js';
import { MAX_OTHERS, MAX_TEXT_OCTETS, type Finding, type OtherFile } from './model.js';

/** What may have been hashed instead of the content. */
export interface OtherContent extends Finding {
  readonly content: Content;
}

const BOM = Uint8Array.of(0xef, 0xbb, 0xbf);

/** The same text in another encoding or with other line ends, and other files. */
export function* otherContents(content: Content, files: readonly OtherFile[] = []): Generator<OtherContent> {
  if (content instanceof Uint8Array && content.length > 0 && content.length <= MAX_TEXT_OCTETS) yield* asText(content);
  for (const { name, content: other } of files.slice(0, MAX_OTHERS)) yield { code: 'OTHER_FILE', evidence: { file: name }, content: other };
}

function* asText(content: Uint8Array): Generator<OtherContent> {
  const utf8 = decodeText(content, 'utf-8');
  const gbk = utf8 === undefined ? decodeText(content, 'gbk') : undefined;
  const text = utf8 ?? gbk;
  if (text === undefined) return;
  const plain = text.replace(/^\ufeff/, '');
  const encoded: [string, Uint8Array | undefined][] = [
    ['UTF-8', new TextEncoder().encode(plain)], ['GBK', encodeGbk(plain)], ['UTF-16LE', utf16(plain)], ['UTF-8 with BOM', concatBytes(BOM, new TextEncoder().encode(plain))],
  ];
  for (const [charset, octets] of encoded) {
    if (octets === undefined || equalBytes(octets, content)) continue;
    yield { code: 'CONTENT_CHARSET', evidence: { charset, given: gbk === undefined ? 'UTF-8' : 'GBK' }, content: octets };
  }
  const unix = text.replace(/\r\n?/g, '\n');
  const ends: [string, string][] = [['LF', unix], ['CRLF', unix.replace(/\n/g, '\r\n')], ['no line end at the end', text.replace(/[\r\n]+$/, '')], ['LF at the end', `${text}\n`], ['CRLF at the end', `${text}\r\n`]];
  for (const [lineEnds, changed] of ends) {
    if (changed === text) continue;
    const octets = utf8 === undefined ? encodeGbk(changed) : new TextEncoder().encode(changed);
    if (octets !== undefined) yield { code: 'CONTENT_LINE_ENDINGS', evidence: { lineEnds }, content: octets };
  }
}

function utf16(text: string): Uint8Array {
  const out = new Uint8Array(2 * text.length);
  for (let i = 0; i < text.length; i++) {
    out[2 * i] = text.charCodeAt(i) & 0xff;
    out[2 * i + 1] = text.charCodeAt(i) >>> 8;
  }
  return out;
}
