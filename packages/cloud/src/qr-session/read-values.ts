import { parseSignedData } from '@hefu/pki';
import { SignError, type AlgorithmChoice, type BeginRequest, type Json, type JsonObject, type RawSignature } from '@hefu/sign';
import { decodeBase64 } from '@hefu/trust-list';
import { readPath, textAt } from './answer-path.js';
import { encodeText } from './authenticate.js';
import type { QrMapping, ValuesShape } from './mapping.js';
import { certificateAt } from './read-certificate.js';

/** Entries beyond the items asked for that are looked at before an answer is called none. */
const SPARE = 16;
const MAX_VALUE = 64 * 1024;

/**
 * The values of a finished answer, each with the item the provider says it is for. Nobody has verified them.
 * @throws SignError PROVIDER_PROTOCOL, with `outcome: 'signed'`, for an answer without them
 */
export function readValues(answer: JsonObject, shape: ValuesShape, request: BeginRequest, algorithms: QrMapping['algorithms']): readonly RawSignature[] {
  const entries = shape.list === undefined ? [answer] : readPath(answer, shape.list);
  if (!Array.isArray(entries) || entries.length > request.items.length + SPARE) throw unreadable('values');
  // Equal items have equal texts: each takes its own entry.
  const taken = new Set<string>();
  return (entries as readonly Json[]).map((entry) => {
    const value = textAt(entry, shape.value, MAX_VALUE);
    if (value === undefined) throw unreadable('value');
    const itemId = itemOf(entry, shape.item, request, taken);
    taken.add(itemId);
    const certificate = shape.certificate === undefined ? undefined : certificateAt(entry, shape.certificate) ?? certificateAt(answer, shape.certificate);
    const word = shape.algorithm === undefined ? undefined : textAt(entry, shape.algorithm, 64) ?? textAt(answer, shape.algorithm, 64);
    const oid = word === undefined ? undefined : oidOf(word, algorithms, request.algorithm);
    const providerRef = shape.reference === undefined ? undefined : textAt(entry, shape.reference, 128);
    return {
      itemId, value: shape.form === 'pkcs7' ? valueInMessage(value) : value,
      ...(certificate === undefined ? {} : { chain: [certificate] }), ...(oid === undefined ? {} : { algorithmOid: oid }), ...(providerRef === undefined ? {} : { providerRef }),
    };
  });
}

/** @returns an id that no request has where the provider names something else: core refuses the answer whole */
function itemOf(entry: Json, item: ValuesShape['item'], { items }: BeginRequest, taken: ReadonlySet<string>): string {
  if (item.by === 'only') return items[0]!.itemId;
  const said = textAt(entry, item.path, 16 * 1024);
  if (said === undefined) throw unreadable('item');
  if (item.by === 'id') return said.slice(0, 64);
  const same = (text: string): boolean => (item.encoding === 'hex' ? said.toLowerCase() === text : said === text);
  const matching = items.filter(({ toSign }) => same(encodeText(toSign.value, item.encoding)));
  return (matching.find(({ itemId }) => !taken.has(itemId)) ?? matching[0])?.itemId ?? 'none-of-these';
}

/** By its word, or as it stands where it looks like an OID; a word that says nothing of the digest is no statement. */
function oidOf(word: string, algorithms: QrMapping['algorithms'], asked: AlgorithmChoice): string {
  const meant = algorithms.filter((each) => each.word === word);
  return (meant.find(({ name }) => name === asked.name) ?? meant[0])?.oid ?? word;
}

/** A SignerInfo's value (RFC 5652 §5.3) of a message that has one signer. */
function valueInMessage(text: string): Uint8Array {
  try {
    const { signerInfos } = parseSignedData(decodeBase64(text.replace(/\s+/g, ''))!);
    if (signerInfos.length === 1) return signerInfos[0]!.signature;
  } catch {
    // Said below.
  }
  throw unreadable('pkcs7');
}

function unreadable(detail: string): SignError {
  return new SignError('PROVIDER_PROTOCOL', 'the values cannot be read', { detail, outcome: 'signed' });
}
