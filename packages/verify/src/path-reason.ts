import type { Certificate } from '@hefu/pki';
import type { Federation } from '@hefu/trust-list';
import type { ReasonCode } from './codes.js';
import type { PathFailure, PathOutcome } from './path/model.js';
import { makeReason } from './reason.js';
import type { NearestMiss, Reason } from './report.js';
import { allMembers, type ListAnchors } from './trust/anchors.js';
import { bilingual } from './trust-reason.js';

/** Where a path was looked for in vain. */
export interface PathSought {
  readonly services: ListAnchors['services'];
  readonly federation: Federation;
  readonly region?: string;
  readonly at: number;
  /** Time before which the signature is proven not to have been made. */
  readonly notBefore?: number;
  /** The leaf has expired and is known not to have been revoked. */
  readonly notRevoked?: boolean;
}

/** Why no path was found, and how near one came. */
export function pathReason(outcome: PathOutcome, leaf: Certificate, { services, federation, region, at, notBefore, notRevoked = false }: PathSought): Reason {
  if (allMembers(federation).every(({ list }) => list.services.length === 0)) return makeReason('LIST_EMPTY', { subject: `list ${federation.top.listId}` });
  const failure: PathFailure | undefined = outcome.failure;
  if (failure === undefined) return makeReason('PATH_NOT_FOUND', { subject: 'certificate[0]' });
  const hint = failure.anchorHint;
  const listed = hint?.source === undefined ? undefined : services.get(hint.source)?.[0];
  const nearestMiss: NearestMiss | undefined =
    hint === undefined
      ? undefined
      : {
          code: hint.kind === 'same-name-other-key' ? 'SAME_SUBJECT_OTHER_KEY' : hint.kind === 'issuer-unknown' ? 'ISSUER_CERTIFICATE_MISSING' : 'ISSUER_KNOWN_BUT_NOT_LISTED',
          ...(listed === undefined ? {} : { serviceId: listed.id, serviceName: bilingual(listed.name) }),
          // What is not here might name it.
          ...(hint.kind === 'same-name-other-key' ? {} : unseen(federation, region, at)),
        };
  const code: ReasonCode = hint?.kind === 'same-name-other-key' ? 'SAME_NAME_OTHER_KEY' : failure.code;
  return makeReason(code, {
    subject: `certificate[${failure.certificate}]`,
    ...(failure.expected === undefined ? {} : { expected: failure.expected }),
    ...(failure.actual === undefined ? {} : { actual: failure.actual }),
    ...(nearestMiss === undefined ? {} : { nearestMiss }),
    ...whenOf(failure, leaf),
    notRevoked,
    provenAfter: failure.code === 'CERTIFICATE_EXPIRED' && notBefore !== undefined && notBefore > (failure.partial[failure.certificate] ?? leaf).validity.notAfter,
  });
}

function unseen(federation: Federation, region: string | undefined, at: number): Pick<NearestMiss, 'code' | 'detail'> | undefined {
  const missing = [
    ...(region === undefined ? federation.missing : federation.missingFor(region)).map(({ listId }) => listId),
    ...federation.peers.filter((peer) => peer.federation === undefined).map(({ peer }) => peer.schemeId),
  ];
  if (missing.length > 0) return { code: 'LIST_NOT_LOADED', detail: [...new Set(missing)].join(', ') };
  const members = region === undefined ? federation.members : federation.membersFor(region);
  const stale = members.filter(({ list }) => at > list.nextUpdate).map(({ list }) => list.listId);
  if (stale.length > 0) return { code: 'LIST_STALE', detail: stale.join(', ') };
  return undefined;
}

/** The date a reader wants to see beside EXPIRED and NOT_YET_VALID. */
function whenOf(failure: PathFailure, leaf: Certificate): { when?: number } {
  const certificate = failure.partial[failure.certificate] ?? leaf;
  if (failure.code === 'CERTIFICATE_EXPIRED') return { when: certificate.validity.notAfter };
  if (failure.code === 'CERTIFICATE_NOT_YET_VALID') return { when: certificate.validity.notBefore };
  return {};
}
