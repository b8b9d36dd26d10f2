import type { DigestAlgorithm } from '@hefu/crypto';
import { hexOf, type Certificate } from '@hefu/pki';
import type { IdentityFieldName, IdentityProfile, IdentitySource } from '@hefu/trust-list';
import type { Identity } from '../../report.js';
import { acceptValue } from '../accept.js';
import { extractIdentity, missingIdentityFields } from '../extract.js';
import { maskIdNumber, maskName, maskSubjectText } from '../mask.js';
import { applyPatterns, readSource, sourceName } from '../source.js';

/** What became of one text under one source. */
export interface SourceTrial {
  readonly field: IdentityFieldName;
  /** `ext 1.2.156.10260.4.1.4`, `dn O`. */
  readonly source: string;
  readonly outcome:
    | 'taken'
    | 'absent' // the place is not in the certificate, or holds nothing that decodes
    | 'unreadable' // the place cannot be read at all
    | 'pattern' // strip and regex leave nothing
    | 'refused'; // what they leave is not of the kind asked for
  readonly decoder?: string;
  /** As decoded; masked when personal. */
  readonly text?: string;
  /** After `strip` and `regex`. */
  readonly rest?: string;
  /** As Hefu writes it: upper case, without dashes and white space. */
  readonly value?: string;
  /** Taken though the check character of the USCC is wrong. */
  readonly checkFailed?: true;
}

/** A profile at work on one certificate. */
export interface CertificateTrial {
  /** Lower-case hex. */
  readonly sha256: string;
  readonly trials: readonly SourceTrial[];
  /** The result, as a report would state it: masked. */
  readonly identity: Identity;
  /** Fields that must yield and did not. */
  readonly missing: readonly IdentityFieldName[];
  /** What a sample of the profile states of this certificate, and whether it came out; absent when none is of it. */
  readonly expected?: readonly { readonly field: IdentityFieldName; readonly expected: string; readonly actual?: string; readonly met: boolean }[];
  readonly passed: boolean;
}

/**
 * Runs a profile over certificates and shows every step: what each source holds, how it was decoded, what its patterns
 * left, whether that was taken, where sources contradict each other. A certificate passes when nothing required is
 * missing, nothing contradicts, and it is what its sample states. Persons' numbers and names are masked throughout.
 *
 * @throws TypeError for a profile whose patterns the trust list room refuses
 */
export function testProfile(profile: IdentityProfile, certificates: readonly Certificate[], { sha256 }: { readonly sha256: DigestAlgorithm }): readonly CertificateTrial[] {
  return certificates.map((certificate) => {
    const hash = hexOf(sha256.digest(certificate.bytes));
    const identity = extractIdentity(certificate, profile, { reveal: false });
    const revealed = extractIdentity(certificate, profile, { reveal: true });
    const personal = identity.subjectType === 'person' || identity.name !== revealed.name || identity.personName !== undefined;
    const trials = (Object.keys(profile.fields) as IdentityFieldName[]).flatMap((field) => profile.fields[field]!.try.flatMap((source) => trySource(certificate, field, source, personal)));
    const sample = profile.samples?.find(({ certSha256 }) => certSha256 === hash);
    const expected = sample && (Object.entries(sample.expect) as [IdentityFieldName, string][]).map(([field, value]) => {
      const met = revealed[field] === value;
      const shown = met ? value : identity[field];
      return { field, expected: value, ...(shown !== undefined && { actual: shown }), met };
    });
    const missing = missingIdentityFields(identity, profile);
    return {
      sha256: hash,
      trials,
      identity,
      missing,
      ...(expected !== undefined && { expected }),
      passed: missing.length === 0 && identity.conflicts.length === 0 && (expected ?? []).every(({ met }) => met),
    };
  });
}

function trySource(certificate: Certificate, field: IdentityFieldName, source: IdentitySource, personal: boolean): readonly SourceTrial[] {
  const where = { field, source: sourceName(source) };
  const texts = readSource(certificate, source);
  if (texts === undefined) return [{ ...where, outcome: 'unreadable' }];
  if (texts.length === 0) return [{ ...where, outcome: 'absent' }];
  return texts.map(({ text, decoder }): SourceTrial => {
    const seen = { ...where, decoder, text: shown(text, field, source, personal) };
    const rest = applyPatterns(text, source);
    if (rest === undefined) return { ...seen, outcome: 'pattern' };
    const stripped = { ...seen, rest: shown(rest, field, source, personal) };
    const accepted = acceptValue(source.accept, rest);
    if (accepted === undefined) return { ...stripped, outcome: 'refused' };
    return { ...stripped, outcome: 'taken', value: shown(accepted.value, field, source, personal), ...(accepted.checkFailed && { checkFailed: true as const }) };
  });
}

/** Whatever field a number stands under, it is masked when it is a person's; Chinese names too, in a person's certificate. */
function shown(text: string, field: IdentityFieldName, { accept }: IdentitySource, personal: boolean): string {
  if (field === 'personId' || accept === 'ID-CARD') return /^[0-9A-Za-z]+$/.test(text) ? maskIdNumber(text) : text.replace(/[0-9A-Za-z]{8,}/g, maskIdNumber);
  if (field === 'personName') return maskName(text);
  const masked = maskSubjectText(text);
  if (!personal) return masked;
  return field === 'name' && !text.includes('@') ? maskName(masked) : masked.replace(/\p{Script=Han}+/gu, maskName);
}
