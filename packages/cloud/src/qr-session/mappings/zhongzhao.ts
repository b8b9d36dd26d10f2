import type { QrMapping } from '../mapping.js';

/**
 * In the shape of the 中招互连 docking interface: a front-end server of the platform hands out code contents, is asked whether a code
 * was scanned and for the signature values, and gets sealed callbacks. Written from its public pages; the names of the calls for
 * signing hashes by a code, and the words for refused and expired, are to be confirmed with the operator before use.
 *
 * `baseUrl` ends with `sweepcodeController/`. Where the pages put tokens and hashes into queries, this posts them.
 */
export const ZHONGZHAO_MAPPING: QrMapping = {
  id: 'qr-zhongzhao', version: '1',
  title: { zh: '中招互连扫码签名', en: '中招互连 (Zhongzhao) code signing' },
  accepts: ['sm2-e', 'digest'],
  algorithms: [
    { name: 'SM2-SM3', digest: 'SM3', oid: '1.2.156.10197.1.501', word: 'SM2' },
    { name: 'RSASSA-PKCS1-v1_5-SHA-256', digest: 'SHA-256', oid: '1.2.840.113549.1.1.11', word: 'RSA' },
  ],
  batch: 50,
  settings: ['platformCode'],
  answer: {
    code: 'header.ret', success: ['0'],
    errors: { '1001': 'ADAPTER_MISCONFIGURED', '2001': 'NO_USABLE_CREDENTIAL', '2002': 'BATCH_TOO_LARGE', '3001': 'AUTH_EXPIRED', 'http 404': 'AUTH_EXPIRED' },
  },
  credentials: {
    choice: {
      create: { method: 'POST', path: 'getQRCodeContent', body: { platformCode: '${platform.platformCode}', userType: '02' } },
      job: { id: 'data.tid', idLength: { min: 43, max: 43 }, fields: { content: 'data.content' }, ttlMs: 120_000 },
      qr: { payload: '${job.content}', deepLink: '${job.content}' },
      status: [
        { call: { method: 'GET', path: 'getQRCodeIsScaned?tId=${job.id}' }, words: [{ path: 'data.isScaned', is: { '00': 'waiting', '01': 'next', '03': 'USER_TIMEOUT' } }] },
        { call: { method: 'GET', path: 'getEncryptUserAndCertInfo?tId=${job.id}' }, words: [{ path: 'data.useStatus', is: { '00': 'scanned', '01': 'signed', '02': 'USER_REFUSED', '03': 'USER_TIMEOUT' } }] },
      ],
      binds: [{ path: 'data.tId', equals: '${job.id}' }],
      pace: { firstMs: 1000, maxMs: 5000 },
      reissues: 2,
      certificate: { leaf: 'data.pubCert', chain: 'data.caCertList', label: 'data.legalName', fields: { certSn: 'data.certSn', legalCode: 'data.legalCode' } },
    },
  },
  sign: {
    create: {
      method: 'POST', path: 'getSignHashQRCodeContent',
      body: {
        platformCode: '${platform.platformCode}', userType: '02', certSn: '${credential.certSn}', algorithm: '${algorithm.word}', verifyCode: '${display.code}', signContinued: '00',
        hashCodeList: { $items: { signKey: '${item.id}', signOriVal: '${item.value|base64}' } },
      },
    },
    job: { id: 'data.tid', idLength: { min: 43, max: 43 }, fields: { content: 'data.content' }, ttlMs: 120_000 },
    qr: { payload: '${job.content}', deepLink: '${job.content}' },
    status: [
      { call: { method: 'GET', path: 'getQRCodeIsScaned?tId=${job.id}' }, words: [{ path: 'data.isScaned', is: { '00': 'waiting', '01': 'next', '03': 'USER_TIMEOUT' } }] },
      {
        call: { method: 'GET', path: 'getSignatureValue?tId=${job.id}' },
        words: [{ path: 'data.useStatus', is: { '00': 'scanned', '01': 'signed', '02': 'USER_REFUSED', '03': 'USER_TIMEOUT', '04': 'WRONG_VERIFICATION_CODE', '05': 'CERT_SWAPPED' } }],
      },
    ],
    binds: [{ path: 'data.tId', equals: '${job.id}' }, { path: 'data.certSn', equals: '${credential.certSn}', code: 'CERT_SWAPPED' }],
    pace: { firstMs: 1000, maxMs: 5000 },
    reissues: 2,
    values: {
      list: 'data.signatureValueList', item: { by: 'id', path: 'signKey' }, value: 'signatureValue', algorithm: 'data.algorithm', certificate: 'data.pubCert',
    },
  },
  callback: { job: 'data.tId', sealed: true, reply: { header: { ret: '0', msg: '' }, data: null } },
};
