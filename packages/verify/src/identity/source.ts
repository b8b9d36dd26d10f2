import type { Certificate } from '@hefu/pki';
import { attributeTypeOid, compilePattern, MAX_PATTERN_TEXT, type IdentitySource } from '@hefu/trust-list';
import { decodeIdentityText, decodeStringContent, type DecodedText } from './decode.js';

/** Values of one source looked at; certificates carry one. */
const MAX_VALUES = 16;

/** Every text that a source holds in a certificate, before patterns. `undefined`: the source cannot be read at all. */
export function readSource(certificate: Certificate, source: IdentitySource): readonly DecodedText[] | undefined {
  if (source.ext !== undefined) return compact(certificate.extensions.filter(({ oid }) => oid === source.ext).map(({ value }) => decodeIdentityText(value, source.decode)));
  if (source.dn !== undefined) return readSubject(certificate, source, source.dn);
  return source.san === undefined ? undefined : readAltNames(certificate, source, source.san);
}

/** `ext 1.2.156.10260.4.1.4`, `dn O`, `san rfc822Name`. */
export function sourceName(source: IdentitySource): string {
  if (source.ext !== undefined) return `ext ${source.ext}`;
  return source.dn !== undefined ? `dn ${source.dn}` : `san ${source.san ?? ''}`;
}

/**
 * What the source's patterns leave of a text; undefined when they do not match the whole of it. Never a search inside
 * the text: a name that happens to contain digits must not become a code.
 * @throws TypeError for a pattern that the trust list room refuses
 */
export function applyPatterns(text: string, source: IdentitySource): string | undefined {
  if (source.strip === undefined && source.regex === undefined) return text;
  // What keeps patterns from running away holds for texts of this length (trust-list pattern.ts).
  if (text.length > MAX_PATTERN_TEXT) return undefined;
  let rest = text;
  for (const pattern of source.strip ?? []) rest = rest.replace(compilePattern(pattern, 'g'), '');
  if (source.regex === undefined) return rest;
  void compilePattern(source.regex);
  const match = new RegExp(`^(?:${source.regex})$`).exec(rest);
  if (match === null) return undefined;
  // A group that took no part in the match gives nothing, not the whole text.
  if (match.groups !== undefined && 'value' in match.groups) return match.groups['value'];
  return match.length > 1 ? match[1] : match[0];
}

function readSubject(certificate: Certificate, source: IdentitySource, type: string): readonly DecodedText[] | undefined {
  const oid = attributeTypeOid(type);
  if (oid === undefined) return undefined;
  const attributes = certificate.subject.rdns.flat().filter((attribute) => attribute.type === oid);
  return compact(
    attributes.map(({ tag, valueBytes }) => {
      for (const decoder of source.decode ?? ['auto' as const]) {
        const decoded =
          decoder === 'auto' || decoder === 'der-string'
            ? // Some CAs put a whole TLV inside the string; no plain text can be taken for one.
              (decodeIdentityText(valueBytes, ['der-string']) ?? decodeStringContent(tag, valueBytes))
            : decodeIdentityText(valueBytes, [decoder]);
        if (decoded !== undefined) return decoded;
      }
      return undefined;
    }),
  );
}

function readAltNames(certificate: Certificate, source: IdentitySource, wanted: string): readonly DecodedText[] | undefined {
  let names;
  try {
    names = certificate.extSubjectAltName ?? [];
  } catch (error) {
    if (error instanceof Error && error.name === 'PkiError') return undefined;
    throw error;
  }
  return compact(
    names.map((name): DecodedText | undefined => {
      switch (name.kind) {
        case 'otherName':
          return name.oid === wanted ? decodeIdentityText(name.value, source.decode) : undefined;
        case 'rfc822Name':
        case 'dNSName':
        case 'uniformResourceIdentifier':
          return name.kind === wanted ? { text: name.value, decoder: 'ia5-string' } : undefined;
        default:
          return undefined;
      }
    }),
  );
}

function compact(texts: readonly (DecodedText | undefined)[]): readonly DecodedText[] {
  return texts.filter((text) => text !== undefined).slice(0, MAX_VALUES);
}
