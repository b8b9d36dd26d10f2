import { DOMParser } from '@xmldom/xmldom';
import type { ExchangeLimits, ImportRefusalCode } from '@hefu/trust-list';

/** Why XML was not taken. */
export class XmlRefusal extends Error {
  readonly code: ImportRefusalCode;
  constructor(code: ImportRefusalCode, message: string, options?: { cause?: unknown }) {
    super(message, options);
    this.code = code;
  }
}

/**
 * Parses an XML document that stays within its budgets: UTF-8, no DTD, no entities but the five of XML and character
 * references, no error the parser would repair.
 * @throws XmlRefusal IMPORT_TOO_LARGE | IMPORT_DTD | IMPORT_MALFORMED
 */
export function parseXml(bytes: Uint8Array, limits: ExchangeLimits): Document {
  if (bytes.length > limits.maxBytes) throw new XmlRefusal('IMPORT_TOO_LARGE', `${bytes.length} octets, at most ${limits.maxBytes}`);
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (cause) {
    throw new XmlRefusal('IMPORT_MALFORMED', 'not UTF-8', { cause });
  }
  const declared = /^\s*<\?xml[^>]*\bencoding\s*=\s*["']([\w-]+)["']/.exec(text)?.[1];
  if (declared !== undefined && !/^utf-?8$|^us-ascii$/i.test(declared)) throw new XmlRefusal('IMPORT_MALFORMED', `declared encoding ${declared}`);
  // Refused wherever it stands: no list needs these words, and no parser then needs to be trusted with them.
  if (/<!(?:DOCTYPE|ENTITY|ELEMENT|ATTLIST|NOTATION)/i.test(text)) throw new XmlRefusal('IMPORT_DTD', 'a DTD or entity declaration');
  checkNesting(text, limits);
  return strictDocument(text);
}

/** Parses text that was checked before, refusing whatever the parser would repair. */
export function strictDocument(text: string): Document {
  const refuse = (message: string): never => {
    throw new XmlRefusal('IMPORT_MALFORMED', message.slice(0, 200));
  };
  let document: Document | undefined;
  try {
    document = new DOMParser({ errorHandler: { warning: refuse, error: refuse, fatalError: refuse } }).parseFromString(text, 'text/xml');
  } catch (error) {
    if (error instanceof XmlRefusal) throw error;
    throw new XmlRefusal('IMPORT_MALFORMED', error instanceof Error ? error.message.slice(0, 200) : 'not XML', { cause: error });
  }
  if (document?.documentElement == null) throw new XmlRefusal('IMPORT_MALFORMED', 'no element');
  if (document.doctype !== null && document.doctype !== undefined) throw new XmlRefusal('IMPORT_DTD', 'a document type');
  return document;
}

/** Before any tree is built: canonicalisation recurses as deep as the document does. Comments, CDATA and instructions are skipped as such. */
function checkNesting(text: string, limits: ExchangeLimits): void {
  let depth = 0;
  let elements = 0;
  for (let at = text.indexOf('<'); at !== -1; at = text.indexOf('<', at)) {
    const skipped = text.startsWith('<!--', at) ? '-->' : text.startsWith('<![CDATA[', at) ? ']]>' : text[at + 1] === '?' ? '?>' : undefined;
    const end = skipped === undefined ? tagEnd(text, at) : text.indexOf(skipped, at);
    if (end === -1) throw new XmlRefusal('IMPORT_MALFORMED', 'cut off inside a tag');
    if (skipped === undefined) {
      if (text[at + 1] === '/') depth--;
      else {
        if (++elements > limits.maxElements) throw new XmlRefusal('IMPORT_TOO_LARGE', `more than ${limits.maxElements} elements`);
        if (text[end - 1] !== '/' && ++depth > limits.maxDepth) throw new XmlRefusal('IMPORT_TOO_LARGE', `nested deeper than ${limits.maxDepth}`);
      }
    }
    at = end + 1;
  }
}

/** The `>` that closes a tag: one in an attribute's value does not. */
function tagEnd(text: string, start: number): number {
  let quote = '';
  for (let at = start + 1; at < text.length; at++) {
    const character = text[at]!;
    if (quote !== '') {
      if (character === quote) quote = '';
    } else if (character === '"' || character === "'") quote = character;
    else if (character === '>') return at;
  }
  return -1;
}
