import type { JsonValue } from './json.js';
import { MemberReader, type ProblemLog } from './member-reader.js';
import { attributeTypeOid, OID_PATTERN } from './attribute-type.js';
import type { Criteria } from './model.js';

/** RFC 5280 §4.2.1.3. */
const KEY_USAGES = [
  'digitalSignature', 'nonRepudiation', 'keyEncipherment', 'dataEncipherment', 'keyAgreement', 'keyCertSign', 'cRLSign', 'encipherOnly', 'decipherOnly',
] as const;

const NEVER: Criteria = { any: [] };

/**
 * Reads one criterion: an object with exactly one known member. Anything more would be a condition left
 * unread, so here, unlike elsewhere, unknown members are refused. Depth is bounded by the JSON reader.
 */
export function readCriteria(value: JsonValue, path: string, log: ProblemLog): Criteria {
  const reader = new MemberReader(value, path, log);
  const names = Object.keys(reader.value);
  const name = names[0];
  if (names.length !== 1 || name === undefined) {
    log.add(path, 'is not an object with exactly one criterion');
    return NEVER;
  }
  const branches = (): readonly Criteria[] => reader.list(name, 1, 100, (element, at) => readCriteria(element, at, log));
  const oid = (): string => reader.text(name, { pattern: OID_PATTERN, what: 'a dotted OID' });
  switch (name) {
    case 'all':
      return { all: branches() };
    case 'any':
      return { any: branches() };
    case 'none':
      return { none: branches() };
    case 'extPresent':
      return { extPresent: oid() };
    case 'policy':
      return { policy: oid() };
    case 'eku':
      return { eku: oid() };
    case 'keyUsage':
      return { keyUsage: readKeyUsage(reader.object(name)) };
    case 'dn':
      return { dn: readDn(reader.object(name)) };
    default:
      log.add(path, `${JSON.stringify(name.slice(0, 40))} is not a criterion`);
      return NEVER;
  }
}

function readKeyUsage(reader: MemberReader): { has?: readonly string[]; not?: readonly string[] } {
  const has = reader.optionalChoices('has', KEY_USAGES);
  const not = reader.optionalChoices('not', KEY_USAGES);
  if (has === undefined && not === undefined) reader.log.add(reader.path, 'has neither `has` nor `not`');
  return { ...(has && { has }), ...(not && { not }) };
}

function readDn(reader: MemberReader): { type: string; value?: string } {
  const type = reader.text('type');
  if (type !== '' && attributeTypeOid(type) === undefined) reader.fail('type', 'is neither a dotted OID nor a known attribute name');
  const value = reader.optionalText('value');
  return { type, ...(value !== undefined && { value }) };
}
