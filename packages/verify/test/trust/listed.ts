import type { ScopeQuestion, ServiceStatus, TrustList, TrustService } from '@hefu/trust-list';
import type { Certificate } from '@hefu/pki';
import { judgeCertificate, type CertificateVerdict, type JudgeCertificateInput } from '../../src/judge-certificate.js';
import { NO_EVIDENCE, type Evidence } from '../../src/evidence.js';
import { DEFAULT_POLICY } from '../../src/policy/default-policy.js';
import { ALGORITHMS, AT } from '../path/issue.js';

/** Trust lists in few words: values of their shape, since signatures and reading are tested where they are done. */

export const GRANTED: readonly ServiceStatus[] = [{ status: 'granted', since: 0, recorded: 1 }];

export function serviceOf(id: string, changes: Omit<Partial<TrustService>, 'revocation'> & { readonly revocation?: Partial<TrustService['revocation']> } = {}): TrustService {
  return {
    id, kind: 'ca', name: { zh: id }, anchors: [], intermediates: [], status: GRANTED, scope: [{ regions: ['*'] }], constraints: {}, certKinds: [],
    ...changes,
    revocation: { mode: 'crl-only', overrideCertificateUrls: true, crl: [], ...changes.revocation },
  };
}

export const anchor = (certificate: Certificate): TrustService['anchors'][number] => ({ certificate: certificate.bytes, mode: 'root' });

export function listOf(...services: readonly TrustService[]): TrustList {
  return {
    listId: 'test', sequence: 1, sha256: '00', prev: undefined, issued: 0, nextUpdate: AT * 2, operator: { name: { zh: '测试' } }, territory: ['*'],
    services, identityProfiles: new Map(), tombstones: [], delegations: [], peers: [], signedBy: [], envelope: new Uint8Array(),
  };
}

export const CONTEXT: { readonly scene: 'bid-signing' } & Pick<ScopeQuestion, 'region'> = { scene: 'bid-signing', region: '420100' };

export function judged(certificate: Certificate, trustList: TrustList, evidence: Partial<Evidence>, more: Partial<JudgeCertificateInput> = {}): Promise<CertificateVerdict> {
  return judgeCertificate({
    certificate, trustList, policy: DEFAULT_POLICY, algorithms: ALGORITHMS, at: AT, context: CONTEXT, candidateCertificates: [],
    evidence: { ...NO_EVIDENCE, ...evidence }, ...more,
  });
}
