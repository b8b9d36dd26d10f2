import type { IdentityAccept } from '@hefu/trust-list';
import { isIdCardNumber } from './id-card.js';
import { hasValidOrgCodeCheck, hasValidUsccCheck, isUscc } from './uscc.js';

/** A value of the kind asked for, as Hefu writes it. */
export interface AcceptedValue {
  readonly value: string;
  /** For agreement between sources: code as it is; text without white space, dashes, width and case. */
  readonly key: string;
  /** A USCC whose check character is wrong: taken all the same, and said. */
  readonly checkFailed: boolean;
}

/** Filler that CA software writes for "nothing". */
const NOTHING = /^(?:null|undefined|-+)$/i;

/**
 * The value in `text` when it is what the profile says it must be, else undefined. Codes are upper-cased, without
 * dashes and white space. The check character of a USCC only warns, since real certificates carry wrong ones; those of
 * GB 11714 and GB 11643 must hold. An identity number that is no valid USCC is never taken for one: that would make
 * the operator of a company the company.
 */
export function acceptValue(accept: IdentityAccept, text: string): AcceptedValue | undefined {
  if (accept === 'TEXT' || accept === 'OPAQUE') return acceptText(text);
  const code = text.replace(/[\s-]/g, '');
  if (!/^[0-9A-Za-z]+$/.test(code)) return undefined;
  const value = code.toUpperCase();
  switch (accept) {
    case 'USCC18': {
      const checked = hasValidUsccCheck(value);
      if (!isUscc(value) || (!checked && isIdCardNumber(value))) return undefined;
      return { value, key: value, checkFailed: !checked };
    }
    case 'ORG9':
      return taken(value, hasValidOrgCodeCheck(value));
    case 'LICENCE15':
      return taken(value, /^\d{15}$/.test(value) && new Set(value).size > 1);
    case 'ID-CARD':
      return taken(value, isIdCardNumber(value));
  }
}

function acceptText(text: string): AcceptedValue | undefined {
  const value = text.trim();
  if (value === '' || NOTHING.test(value) || /[\p{Cc}\p{Cf}\p{Cs}\u2028\u2029\ufffd]/u.test(value)) return undefined;
  return { value, key: comparable(value), checkFailed: false };
}

function comparable(text: string): string {
  return text.normalize('NFKC').replace(/[\s-]/g, '').toUpperCase();
}

function taken(value: string, accepted: boolean): AcceptedValue | undefined {
  return accepted ? { value, key: value, checkFailed: false } : undefined;
}
