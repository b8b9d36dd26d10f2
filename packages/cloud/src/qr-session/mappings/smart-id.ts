import type { JobShape, ProofShape, QrMapping } from '../mapping.js';

const APP_WORDS = {
  OK: 'signed', USER_REFUSED: 'USER_REFUSED', USER_REFUSED_CERT_CHOICE: 'USER_REFUSED', USER_REFUSED_INTERACTION: 'USER_REFUSED', TIMEOUT: 'USER_TIMEOUT', WRONG_VC: 'WRONG_VERIFICATION_CODE',
  DOCUMENT_UNUSABLE: 'CREDENTIAL_LOCKED', ACCOUNT_UNUSABLE: 'CREDENTIAL_DISABLED', REQUIRED_INTERACTION_NOT_SUPPORTED_BY_APP: 'PROVIDER_REFUSED', PROTOCOL_FAILURE: 'PROVIDER_REFUSED',
  EXPECTED_LINKED_SESSION: 'PROVIDER_REFUSED', SERVER_ERROR: 'PROVIDER_REFUSED',
} as const;

const qrLink = (type: string): string => '${job.linkBase}?deviceLinkType=QR&elapsedSeconds=${qr.elapsed}&sessionToken=${job.token}&sessionType=' + type + '&version=1.0&lang=eng';
const appLink = (type: string): string => '${job.linkBase}?deviceLinkType=Web2App&sessionToken=${job.token}&sessionType=' + type + '&version=1.0&lang=eng';
const proof = (head: string, link: string): ProofShape => ({ scheme: 'hmac-sha256', secret: 'session', secretEncoding: 'base64', over: `\${platform.schemeName}|${head}|${link}`, encoding: 'base64url' });

const SESSION: Pick<JobShape, 'job' | 'status' | 'pace' | 'reissues'> = {
  job: {
    id: 'sessionID', idLength: { min: 16, max: 64 }, fields: { token: 'sessionToken', linkBase: 'deviceLinkBase' }, secrets: { session: 'sessionSecret' }, ttlMs: 90_000,
  },
  status: [{
    call: { method: 'GET', path: 'session/${job.id}?timeoutMs=1000' },
    words: [{ path: 'state', is: { RUNNING: 'waiting', COMPLETE: 'next' } }, { path: 'result.endResult', is: APP_WORDS }],
  }],
  pace: { firstMs: 500, maxMs: 2000 },
  reissues: 1,
};
const SIGN_PROOF = 'RAW_DIGEST_SIGNATURE|${item.value|base64}|${platform.relyingPartyName|base64}||${derived.interactions|base64}|';
const CHOICE_PROOF = '||${platform.relyingPartyName|base64}|||';

/**
 * In the shape of the Smart-ID relying party interface v3: device links whose code changes every second and carries a MAC under the
 * session's secret. The certificate is shown before, by an anonymous certificate choice, because the octets to sign name it.
 * One value for one confirmation. RSA keys sign RSASSA-PSS and nothing else, as at the live service, with a digest to choose and a salt
 * as long; the other algorithms are for services of this shape.
 *
 * `baseUrl` ends with `v3/`.
 */
export const SMART_ID_MAPPING: QrMapping = {
  id: 'qr-smart-id', version: '1',
  title: { zh: 'Smart-ID 扫码签名', en: 'Smart-ID device link' },
  accepts: ['digest', 'sm2-e'],
  algorithms: [
    { name: 'ECDSA-SHA-256', digest: 'SHA-256', oid: '1.2.840.10045.4.3.2', word: 'ecdsa-with-SHA256' },
    ...([['SHA-256', 32], ['SHA-384', 48], ['SHA-512', 64]] as const).map(([digest, saltLength]) => ({
      name: 'RSASSA-PSS', digest, oid: '1.2.840.113549.1.1.10', word: 'rsassa-pss', pss: { hash: digest, mgfHash: digest, saltLength },
    })),
    { name: 'SM2-SM3', digest: 'SM3', oid: '1.2.156.10197.1.501', word: 'sm2-with-sm3' },
  ],
  batch: 1,
  verificationCode: 'sha256-of-value',
  showsLabels: true, labelMaxChars: 60,
  settings: ['relyingPartyUUID', 'relyingPartyName', 'schemeName'],
  answer: {
    errors: {
      'http 400': 'ADAPTER_MISCONFIGURED', 'http 401': 'ADAPTER_MISCONFIGURED', 'http 403': 'ADAPTER_MISCONFIGURED', 'http 404': 'NO_USABLE_CREDENTIAL', 'http 471': 'NO_USABLE_CREDENTIAL', 'http 472': 'CREDENTIAL_DISABLED',
    },
  },
  credentials: {
    choice: {
      ...SESSION,
      create: {
        method: 'POST', path: 'signature/certificate-choice/device-link/anonymous',
        body: { relyingPartyUUID: '${platform.relyingPartyUUID}', relyingPartyName: '${platform.relyingPartyName}', certificateLevel: 'QUALIFIED', nonce: '${request.id|sha256|base64url|cut:30}' },
      },
      qr: {
        payload: `${qrLink('cert')}&authCode=\${proof.qr}`, deepLink: `${appLink('cert')}&authCode=\${proof.app}`, rotation: { everyMs: 1000, maxAgeMs: 3000 },
        proofs: { qr: proof(CHOICE_PROOF, qrLink('cert')), app: proof(CHOICE_PROOF, appLink('cert')) },
      },
      binds: [],
      certificate: { leaf: 'cert.value', label: 'result.documentNumber', fields: { documentNumber: 'result.documentNumber' } },
    },
  },
  sign: {
    ...SESSION,
    derived: { interactions: [{ type: 'displayTextAndPIN', displayText60: '${display.text}' }] },
    create: {
      method: 'POST', path: 'signature/device-link/document/${credential.documentNumber}',
      body: {
        relyingPartyUUID: '${platform.relyingPartyUUID}', relyingPartyName: '${platform.relyingPartyName}', certificateLevel: 'QUALIFIED', signatureProtocol: 'RAW_DIGEST_SIGNATURE',
        signatureProtocolParameters: { digest: '${item.value|base64}', signatureAlgorithm: '${algorithm.word}', signatureAlgorithmParameters: { hashAlgorithm: '${algorithm.digest}' } },
        nonce: '${request.id|sha256|base64url|cut:30}', interactions: '${derived.interactions|base64}',
      },
    },
    qr: {
      payload: `${qrLink('sign')}&authCode=\${proof.qr}`, deepLink: `${appLink('sign')}&authCode=\${proof.app}`, rotation: { everyMs: 1000, maxAgeMs: 3000 },
      proofs: { qr: proof(SIGN_PROOF, qrLink('sign')), app: proof(SIGN_PROOF, appLink('sign')) },
    },
    binds: [{ path: 'result.documentNumber', equals: '${credential.documentNumber}', code: 'CERT_SWAPPED' }],
    values: { item: { by: 'only' }, value: 'signature.value', algorithm: 'signature.signatureAlgorithm', certificate: 'cert.value' },
  },
};
