import { makeReason } from '../../src/remedies.js';
import type { Report, SignerReport } from '../../src/report.js';

/** Reports of an invented signature, as `judge` shapes them. */
const SIGNER: SignerReport = {
  conclusion: 'passed',
  code: 'OK',
  reasons: [],
  checks: [
    { id: 'signature.value', outcome: 'passed', subject: 'signer[0]', actual: 'SM2-SM3, za-content', clause: 'RFC 5652 §5.6' },
    { id: 'message.nonStandard', outcome: 'warning', subject: 'signer[0]', actual: 'digestAlgorithm 1.2.156.10197.1.401.2' },
  ],
  messageVariant: 'za-content',
  digestAlgorithm: 'SM3',
  signatureAlgorithm: 'SM2-SM3',
  claimedSigningTime: '2026-03-01T01:00:00.000Z',
  path: [
    {
      subject: 'CN=某某建设工程有限公司,O=某某建设工程有限公司,C=CN', issuer: 'CN=Invented SM2 CA,C=CN', serialNumber: '0a1b', notBefore: '2025-01-01T00:00:00.000Z',
      notAfter: '2027-01-01T00:00:00.000Z', sha256: '00', publicKey: 'SM2', signatureAlgorithm: '1.2.156.10197.1.501', deviations: [],
    },
  ],
  trustDecision: {
    listId: '42', lists: [], serviceId: 'urn:hefu:svc:invented', serviceName: { zh: '虚构CA', en: 'Invented CA' }, status: 'granted', statusSince: '2025-01-01T00:00:00.000Z', region: '420100', purpose: 'sign',
  },
  revocation: [{ certificate: 0, status: 'good', source: { kind: 'crl', url: 'http://crl.ca.example/sm2.crl', thisUpdate: '2026-02-28T16:00:00.000Z', sha256: '00' } }],
  identity: {
    profile: 'prof:invented', subjectType: 'organization', uscc: '91420199765432101M', name: '某某建设工程有限公司',
    evidence: [{ field: 'uscc', source: 'ext 1.2.156.10260.4.1.4', decoder: 'der-string', value: '91420199765432101M' }],
    conflicts: [], warnings: [],
  },
  warnings: ['MESSAGE_NON_STANDARD'],
};

export const PASSED: Report = {
  type: 'hefu-report',
  version: 1,
  conclusion: 'passed',
  code: 'OK',
  reasons: [],
  scene: 'bid-signing',
  region: '420100',
  transaction: '工程建设',
  purpose: 'sign',
  times: { validation: '2026-03-01T02:00:00.000Z', bestSignature: '2026-03-01T01:30:00.000Z', sources: { validation: 'caller', bestSignature: 'caller' } },
  trustList: { id: '42', sequence: 7, sha256: 'ab'.repeat(32) },
  policy: { id: 'hefu-default', sha256: 'cd'.repeat(32) },
  content: { attached: false, length: 3, digests: { SM3: 'ef'.repeat(32) } },
  signers: [SIGNER],
  identity: SIGNER.identity!,
  gaps: [{ code: 'FETCH_FAILED', what: 'crl http://172.16.0.1/a.crl', detail: 'no route' }],
  warnings: ['MESSAGE_NON_STANDARD'],
};

const SUSPENDED = makeReason('CA_SUSPENDED', { subject: 'service urn:hefu:svc:invented', service: { zh: '虚构CA', en: 'Invented CA' }, when: Date.UTC(2026, 1, 14, 16) });

export const INDETERMINATE: Report = {
  ...PASSED,
  conclusion: 'indeterminate', subIndication: 'TRY_LATER', code: 'CA_SUSPENDED', reasons: [SUSPENDED],
  signers: [{ ...SIGNER, conclusion: 'indeterminate', subIndication: 'TRY_LATER', code: 'CA_SUSPENDED', reasons: [SUSPENDED], warnings: [] }],
  gaps: [],
  warnings: [],
};

const TAMPERED = makeReason('CONTENT_TAMPERED', { subject: 'signer[1]' });

export const FAILED_TWO_SIGNERS: Report = {
  ...PASSED,
  conclusion: 'failed', subIndication: 'HASH_FAILURE', code: 'CONTENT_TAMPERED', reasons: [TAMPERED, SUSPENDED],
  signers: [SIGNER, { ...SIGNER, conclusion: 'failed', subIndication: 'HASH_FAILURE', code: 'CONTENT_TAMPERED', reasons: [TAMPERED] }],
};
