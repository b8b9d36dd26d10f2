import { refusePattern, type IdentityAccept, type IdentityFieldName } from '@hefu/trust-list';
import { isDatedIdNumber, isIdCardNumber } from '../id-card.js';
import { hasValidOrgCodeCheck, hasValidUsccCheck } from '../uscc.js';

/** A way to read a field from a text: the whole of it, or what an anchored pattern takes. */
export interface Shape {
  readonly field: IdentityFieldName;
  readonly accept: IdentityAccept;
  readonly regex?: string;
}

interface Code {
  readonly field: IdentityFieldName;
  readonly accept: IdentityAccept;
  /** What the pattern takes. */
  readonly pattern: string;
  readonly find: RegExp;
  readonly isOne: (text: string) => boolean;
}

export const USCC_PATTERN = '[0-9A-HJ-NPQRTUWXY]{18}';

const CODES: readonly Code[] = [
  // A number that is a person's is a person's, whatever else it may pass for.
  { field: 'personId', accept: 'ID-CARD', pattern: '\\d{17}[\\dXx]', find: /(?<=^|[^0-9A-Za-z]|SF0?|0)\d{17}[\dXx](?![0-9A-Za-z])/g, isOne: (text) => isIdCardNumber(text.toUpperCase()) && !isCertainUscc(text) },
  { field: 'personId', accept: 'ID-CARD', pattern: '\\d{15}', find: /(?<=^|[^0-9A-Za-z]|SF0?)\d{15}(?![0-9A-Za-z])/g, isOne: isDatedIdNumber },
  { field: 'uscc', accept: 'USCC18', pattern: USCC_PATTERN, find: new RegExp(`(?<=^|[^0-9A-Za-z]|XY0?|JJ0?|N|NTRCN-|VATCN-)${USCC_PATTERN}(?![0-9A-Za-z])`, 'g'), isOne: (text) => hasValidUsccCheck(text) && !isDatedIdNumber(text) },
  { field: 'orgCode', accept: 'ORG9', pattern: '[0-9A-Z]{8}-?[0-9X]', find: /(?<=^|[^0-9A-Za-z]|JJ0?)[0-9A-Z]{8}-?[0-9X](?![0-9A-Za-z])/g, isOne: (text) => hasValidOrgCodeCheck(text.replace('-', '')) },
];

/** Both checks may hold of one number of digits; a birth date then decides for the person. */
function isCertainUscc(text: string): boolean {
  return hasValidUsccCheck(text) && /[A-WY]/.test(text);
}

/**
 * Every way in which a text states a code: by itself, in a micro-format (`1@5009JJ0…`), between `@`, behind a label, or
 * glued to the front of a name. What varies from holder to holder is generalised; what remains is anchored at both ends.
 */
export function shapesOf(text: string): readonly Shape[] {
  const shapes: Shape[] = [];
  const opaque = /^[0-9a-f]{32}(?:@\w{1,8})?$/.exec(text);
  if (opaque !== null) shapes.push({ field: 'opaqueId', accept: 'OPAQUE', regex: `^(?<value>[0-9a-f]{32}${text.length > 32 ? '@\\w{1,8}' : ''})$` });
  const taken: [number, number][] = [];
  for (const { field, accept, pattern, find, isOne } of CODES) {
    for (const match of text.matchAll(find)) {
      const [start, end] = [match.index, match.index + match[0].length];
      if (!isOne(match[0]) || taken.some(([from, to]) => start < to && from < end)) continue;
      taken.push([start, end]);
      const [before, after] = [text.slice(0, start), text.slice(end)];
      if (before === '' && after === '') {
        shapes.push({ field, accept });
        continue;
      }
      const regex = safe((digits) => `^${around(before, digits)}(?<value>${pattern})${around(after, digits)}$`);
      if (regex !== undefined) shapes.push({ field, accept, regex });
    }
  }
  return shapes;
}

/** How the text of a name is reached beside a code. */
export function nameShapesOf(text: string): readonly Shape[] {
  const shapes: Shape[] = [];
  const pieces = text.split('@');
  if (pieces.length === 1) {
    const glued = new RegExp(`^${USCC_PATTERN}(?<rest>.+)$`).exec(text);
    if (glued === null) shapes.push({ field: 'name', accept: 'TEXT' });
    else if (isOrganisationName(glued.groups!['rest']!)) shapes.push({ field: 'name', accept: 'TEXT', regex: `^${USCC_PATTERN}(?<value>.+)$` });
    return shapes;
  }
  const index = pieces.findIndex(isOrganisationName);
  if (index < 0 || pieces.length > 6) return shapes;
  const regex = safe((digits) => `^${pieces.map((piece, at) => (at === index ? '(?<value>[^@]+)' : pieceOf(piece, digits))).join('@')}$`);
  if (regex !== undefined) shapes.push({ field: 'name', accept: 'TEXT', regex });
  return shapes;
}

/** Chinese of more than a person's name, or Latin words that end as companies do. */
export function isOrganisationName(text: string): boolean {
  return (text.match(/\p{Script=Han}/gu) ?? []).length >= 5 || /\b(?:ltd|inc|llc|corp|co|gmbh|company|limited)\.?$/i.test(text.trim());
}

type Digits = 'any' | 'as many';

/** With any number of digits where some stand; with as many as there are when the trust list room refuses that. */
function safe(build: (digits: Digits) => string): string | undefined {
  return [build('any'), build('as many')].find((regex) => refusePattern(regex) === undefined);
}

/** What stands before or after a code, between `@`. */
function around(text: string, digits: Digits): string {
  return text.split('@').map((piece) => (piece === '' ? '' : pieceOf(piece, digits))).join('@');
}

function pieceOf(piece: string, digits: Digits): string {
  // <area or application><SF person | JJ, XY organisation>[0], as BJCA, SHECA, HBCA and FJCA write it.
  const micro = /^\d*(SF|JJ|XY)0?$/.exec(piece);
  if (micro !== null) return `\\d*${micro[1]!}0?`;
  if (/^-?\d+$/.test(piece)) return `${piece.startsWith('-') ? '-?' : ''}\\d${digits === 'any' ? '+' : `{${piece.replace('-', '').length}}`}`;
  // Labels and marks are the CA's words: they stay.
  if (/[:：]$/.test(piece) || /^[A-Z]{1,8}-?$/.test(piece)) return piece.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
  return '[^@]+';
}
