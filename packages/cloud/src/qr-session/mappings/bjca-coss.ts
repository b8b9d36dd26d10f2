import type { QrMapping } from '../mapping.js';

/**
 * In the shape of BJCA 协同签名 (COSS): calls signed by HMAC, `queryCert`, `addSignJob` with a code, then questions or callbacks. Written
 * from what integrators have published; the names of query and cancel, headers and status words are to be confirmed with the vendor
 * before use.
 *
 * `baseUrl` ends with `service/v1/`; the key `app` is shared with the service.
 */
export const BJCA_COSS_MAPPING: QrMapping = {
  id: 'qr-bjca-coss', version: '1',
  title: { zh: 'BJCA 协同签名', en: 'BJCA COSS' },
  accepts: ['sm2-e', 'digest'],
  algorithms: [
    { name: 'SM2-SM3', digest: 'SM3', oid: '1.2.156.10197.1.501', word: 'SM3withSM2' },
    { name: 'RSASSA-PKCS1-v1_5-SHA-256', digest: 'SHA-256', oid: '1.2.840.113549.1.1.11', word: 'SHA256withRSA' },
    { name: 'ECDSA-SHA-256', digest: 'SHA-256', oid: '1.2.840.10045.4.3.2', word: 'SHA256withECDSA' },
  ],
  batch: 100,
  showsLabels: true, labelMaxChars: 60,
  settings: ['appId'],
  authentication: {
    scheme: 'hmac-sm3', key: 'app', over: '${call.method}\n/${call.path}\n${now}\n${nonce}\n${call.body|sm3|hex}', encoding: 'base64',
    headers: { 'X-Coss-App': '${platform.appId}', 'X-Coss-Timestamp': '${now}', 'X-Coss-Nonce': '${nonce}', 'X-Coss-Signature': '${signature}' },
  },
  answer: {
    code: 'status', success: ['0x00000000'],
    errors: {
      '0x01000001': 'ADAPTER_MISCONFIGURED', '0x01000002': 'RATE_LIMITED', '0x02000001': 'NO_USABLE_CREDENTIAL', '0x02000002': 'CREDENTIAL_LOCKED', '0x02000003': 'CREDENTIAL_DISABLED',
      '0x03000001': 'BATCH_TOO_LARGE', '0x03000002': 'AUTH_EXPIRED', '0x03000003': 'ALGORITHM_UNSUPPORTED',
    },
  },
  credentials: {
    query: {
      call: { method: 'POST', path: 'queryCert', body: { userId: '${user.id}' } },
      list: 'data.certs', leaf: 'signCert', chain: 'caCerts', label: 'userName', fields: { certSn: 'certSn', userId: 'userId' },
      status: { path: 'certStatus', is: { NORMAL: 'enabled', LOCKED: 'locked', FROZEN: 'disabled', REVOKED: 'disabled' } },
    },
  },
  sign: {
    create: {
      method: 'POST', path: 'addSignJob',
      body: {
        transId: '${request.id}', userId: '${credential.userId}', certSn: '${credential.certSn}', algorithm: '${algorithm.word}', title: '${display.text}', verifyCode: '${display.code}', notifyUrl: '${callback.url}',
        dataList: { $items: { dataId: '${item.id}', hash: '${item.value|base64}', name: '${item.label}' } },
      },
    },
    job: { id: 'data.signDataId', idLength: { min: 16, max: 64 }, fields: { link: 'data.qrCode', shortCode: 'data.shortCode' }, secrets: { scan: 'data.scanKey' }, expires: { path: 'data.expireSeconds', unit: 's' }, ttlMs: 180_000 },
    // What opens the job stands behind the fragment, which no server on the way sees.
    qr: { payload: '${job.link}#${secret.scan}', deepLink: '${job.link}#${secret.scan}', shortCode: '${job.shortCode}' },
    status: [{
      call: { method: 'POST', path: 'querySignJob', body: { signDataId: '${job.id}' } },
      words: [{
        path: 'data.jobStatus',
        is: {
          TOSIGN: 'waiting', SCANNED: 'scanned', FINISH: 'signed', REFUSE: 'USER_REFUSED', EXPIRE: 'USER_TIMEOUT', CANCEL: 'USER_CANCELLED', WRONG_CODE: 'WRONG_VERIFICATION_CODE', WRONG_SIGNER: 'CERT_SWAPPED',
          PIN_LOCKED: 'PIN_LOCKED',
        },
      }],
    }],
    binds: [{ path: 'data.signDataId', equals: '${job.id}' }, { path: 'data.transId', equals: '${request.id}' }, { path: 'data.certSn', equals: '${credential.certSn}', code: 'CERT_SWAPPED' }],
    pace: { firstMs: 1000, maxMs: 8000, hint: { path: 'data.pollSeconds', unit: 's' } },
    cancel: { method: 'POST', path: 'cancelSignJob', body: { signDataId: '${job.id}' } },
    reissues: 2,
    values: { list: 'data.results', item: { by: 'id', path: 'dataId' }, value: 'signValue', algorithm: 'signAlg', certificate: 'data.signCert', reference: 'serial' },
  },
  callback: {
    job: 'signDataId',
    signature: {
      scheme: 'hmac-sm3', key: 'app', over: '${callback.header-x-coss-timestamp}\n${callback.body}', header: 'X-Coss-Signature', encoding: 'base64',
      time: { header: 'X-Coss-Timestamp', unit: 'ms', toleranceMs: 300_000 },
    },
    reply: { status: '0x00000000' },
  },
};
