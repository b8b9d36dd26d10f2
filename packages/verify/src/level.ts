import { contentTypeOf, id_aa_ets_certValues, id_aa_ets_revocationValues, id_aa_signingCertificate, id_aa_signingCertificateV2, messageDigestOf, PkiError, type SignedData, type SignerInfo } from '@hefu/pki';
import type { RevocationResult, RevocationSource, SignatureLevel, SignerReport } from './report.js';
import type { Surroundings } from './process/surroundings.js';
import type { FoundTimestamp } from './timestamp/find-timestamps.js';

export interface LevelInput {
  readonly signed: SignedData;
  readonly signer: SignerInfo;
  readonly found: readonly FoundTimestamp[];
  /** Whether the signature itself verifies. */
  readonly verified: boolean;
  readonly report: Pick<SignerReport, 'path' | 'revocation' | 'timestamps'>;
  /** Hashes of what is in the message, lower-case hex: asked for only where it matters. */
  readonly carried: () => ReadonlySet<string>;
  /** Hashes of what archive time-stamps that hold cover. */
  readonly archived: ReadonlySet<string>;
  /** Of a message in a PDF: there the levels are those of EN 319 142-1 §6. */
  readonly surroundings?: Surroundings;
}

/** The level of a signature (EN 319 122-1 §6) by what is there, and by what holds. Undefined: not even B-B, as most GM messages without attributes. */
export function levelOf(input: LevelInput): SignerReport['level'] {
  if (!isBasic(input.signer)) return undefined;
  const proven = provenLevel(input);
  return { found: foundLevel(input), ...(proven === undefined ? {} : { proven }) };
}

/** EN 319 122-1 §6.3: content type, digest and a reference to the certificate are signed. */
function isBasic({ signedAttrs }: SignerInfo): boolean {
  if (signedAttrs === undefined) return false;
  if (signedAttrs.find(id_aa_signingCertificateV2).length + signedAttrs.find(id_aa_signingCertificate).length === 0) return false;
  try {
    return contentTypeOf(signedAttrs) !== undefined && messageDigestOf(signedAttrs) !== undefined;
  } catch (error) {
    if (error instanceof PkiError) return false;
    throw error;
  }
}

function foundLevel({ signed, signer, found, surroundings }: LevelInput): SignatureLevel {
  const around = surroundings?.timestamps ?? [];
  if (around.length === 0 && !found.some(({ kind }) => kind === 'signature')) return 'B-B';
  const has = (type: string): boolean => (signer.unsignedAttrs?.find(type).length ?? 0) > 0;
  const certificates = signed.certificates.length + (surroundings?.certificates.length ?? 0) > 0 || has(id_aa_ets_certValues);
  if (!certificates || (signed.crls.length + signed.ocspResponses.length + (surroundings?.revocation.length ?? 0) === 0 && !has(id_aa_ets_revocationValues))) return 'B-T';
  const archived = found.some(({ kind, unsupported }) => kind === 'archive' && unsupported === undefined) || around.some(({ covers }) => covers.some(({ what }) => what === 'revocation'));
  return archived ? 'B-LTA' : 'B-LT';
}

function provenLevel({ verified, report, carried, archived, surroundings }: LevelInput): SignatureLevel | undefined {
  if (!verified) return undefined;
  const holding = (report.timestamps ?? []).filter(({ conclusion }) => conclusion === 'passed');
  const around = (surroundings?.timestamps ?? []).filter(({ valid }) => valid !== undefined).map((stamp) => stamp.report);
  const own = holding.filter(({ kind }) => kind === 'signature');
  // Where none is beside the signature, the first over the document is what dates it (EN 319 142-1 §6.3).
  const stamps = own.length > 0 ? own : around.slice(0, 1);
  if (stamps.length === 0) return 'B-B';
  // The last of a path is the anchor, which the list has.
  const needed = [report, ...stamps].flatMap(({ path, revocation }) => [...path.slice(0, -1).map(({ sha256 }) => sha256), ...revocation.flatMap(sourcesOf).map(({ sha256 }) => sha256)]);
  const known = [report, ...stamps].every(({ path, revocation }) => path.length > 0 && revocation.every(({ status }) => status !== 'unknown'));
  if (!known || !needed.every((hash) => carried().has(hash))) return 'B-T';
  const archive = around.length > 0 || holding.some(({ kind }) => kind === 'archive');
  // The time-stamp's own certificate is as old as the token, which is covered whole.
  return archive && needed.every((hash) => archived.has(hash)) ? 'B-LTA' : 'B-LT';
}

function sourcesOf({ source, evidence }: RevocationResult): readonly RevocationSource[] {
  return evidence ?? (source === undefined ? [] : [source]);
}
