import type { Algorithms } from '@hefu/crypto';
import { hexOf, type Seal } from '@hefu/pki';
import type { WarningCode } from '../codes.js';
import { maskName } from '../identity/mask.js';
import type { Policy } from '../policy.js';
import { makeReason } from '../remedies.js';
import type { CheckRow, Reason } from '../report.js';
import { requiredSha256 } from '../required-digest.js';
import { unknownExtensions } from './extensions.js';
import type { SealQuestion } from './input.js';
import { checkMakerSignature } from './maker-signature.js';
import { judgeParty, partyCertificate } from './party.js';
import type { SealParty, SealSummary } from './report.js';
import { checkSealValidity, type SealMoment } from './validity.js';

export interface SealFindings {
  readonly maker: SealParty;
  readonly reasons: readonly Reason[];
  readonly checks: readonly CheckRow[];
  readonly warnings: readonly WarningCode[];
}

/** What holds of a seal by itself: its maker, its dates, its extension data. */
export async function judgeSealItself(seal: Seal, question: SealQuestion, moments: readonly SealMoment[]): Promise<SealFindings> {
  const certificate = partyCertificate(seal.makerCertificate, 'maker');
  const validity = checkSealValidity(seal.info, moments);
  const own = [
    ...(seal.deviations.some(({ id }) => id === 'SES_HEADER_ID') ? [makeReason('SEAL_MALFORMED', { subject: 'seal', actual: 'SES_HEADER_ID' })] : []),
    ...validity.reasons,
    ...unknownExtensions('seal', seal.info.extensions, question.knownExtensions),
  ];
  if ('code' in certificate) return { maker: { path: [], revocation: [] }, reasons: [certificate, ...own], checks: validity.checks, warnings: [] };
  const signature = await checkMakerSignature(seal, certificate, question);
  const { party, ...verdict } = await judgeParty('maker', certificate, question, signature.algorithm);
  return {
    maker: party,
    reasons: [...signature.reasons, ...own, ...verdict.reasons],
    checks: [...signature.checks, ...validity.checks, ...verdict.checks],
    warnings: [...(signature.odd || seal.deviations.length > 0 ? ['MESSAGE_NON_STANDARD' as const] : []), ...verdict.warnings],
  };
}

/** `property.type` of a person's seal in the makers' tables. */
const PERSON = 2;

export function summariseSeal({ bytes, version, info }: Seal, { algorithms, policy }: { readonly algorithms: Algorithms; readonly policy: Policy }): SealSummary {
  const { certList, picture } = info;
  return {
    version,
    esId: info.esId,
    name: info.type === PERSON && !policy.revealPersonalData ? maskName(info.name) : info.name,
    type: info.type,
    vendor: info.vendor,
    createDate: iso(info.createDate),
    validStart: iso(info.validStart),
    validEnd: iso(info.validEnd),
    sha256: hexOf(requiredSha256(algorithms).digest(bytes)),
    people: { kind: certList.kind, count: certList.kind === 'certs' ? certList.certs.length : certList.digests.length },
    picture: { type: picture.type, width: picture.width, height: picture.height, octets: picture.data.length },
  };
}

function iso(at: number): string {
  return new Date(at).toISOString();
}
