import { createHash } from 'node:crypto';
import { jsonAnswer } from '../facade.js';
import type { HsmKey } from '../hsm.js';
import { base64, objects, text, type ApiCall, type ApiGround, type QrApi } from './api.js';
import type { QrJob } from './job-book.js';
import { jobResult } from './job-result.js';

const PLATFORM_CODE = /^[A-Z0-9]{11}$/;
const TTL_MS = 120_000;
const MAX_HASHES = 50;
const USE: Readonly<Record<QrJob['state'], string>> = { waiting: '00', scanned: '00', signed: '01', refused: '02', expired: '03', cancelled: '03', 'wrong-code': '04', 'wrong-signer': '05' };

/** The certificate number this interface knows a key by. */
export const certSn = ({ id }: HsmKey): string => createHash('sha256').update(id).digest('hex').slice(0, 16).toUpperCase();

/** A front-end server in the shape of the 中招互连 docking interface. @param callbackUrl where `receiveScanData` is */
export function zhongzhaoApi(ground: ApiGround, callbackUrl: string | undefined): QrApi {
  const { book, hsm, baseUrl } = ground;
  const yes = (data: unknown): Response => jsonAnswer({ header: { ret: '0', msg: '' }, data });
  const no = (ret: string, msg: string): Response => jsonAnswer({ header: { ret, msg }, data: null });
  const create = ({ body, faults, path }: ApiCall, kind: QrJob['kind'], key?: HsmKey): Response => {
    const platformCode = text(body['platformCode']);
    if (!PLATFORM_CODE.test(platformCode)) return no('1001', '平台编码无效');
    const items = objects(body['hashCodeList']).map((each) => ({ id: text(each['signKey']), hash: new Uint8Array(Buffer.from(text(each['signOriVal']), 'base64')) }));
    if (kind === 'sign' && (items.length === 0 || items.length > MAX_HASHES)) return no('2002', '哈希数量超限');
    const job = book.create({
      api: 'zhongzhao', kind, id: platformCode + createHash('md5').update(ground.token('tid')).digest('hex'), items, title: kind === 'sign' ? `签名 ${items.length} 项` : '登录', ttlMs: TTL_MS,
      ...(key === undefined ? {} : { key }), ...(text(body['verifyCode']) === '' ? {} : { code: text(body['verifyCode']) }), ...(callbackUrl === undefined ? {} : { notifyUrl: callbackUrl }), extra: { platformCode },
    });
    const other = faults.hits('job-id-of-other', path) ? book.find((each) => each.api === 'zhongzhao' && each.id !== job.id)?.id : undefined;
    return yes({ tid: other ?? job.id, content: `${baseUrl}/qr/phone?tId=${job.id}#${job.scanKey}` });
  };
  const status = (call: ApiCall, shape: (job: QrJob) => object): Response => {
    const job = book.get(call.url.searchParams.get('tId') ?? '');
    if (job?.api !== 'zhongzhao' || call.faults.hits('forgotten', call.path)) return no('3001', 'tId 不存在或已过期');
    const tId = call.faults.hits('echo-other-job', call.path) ? (book.find((each) => each.api === 'zhongzhao' && each.id !== job.id)?.id ?? 'X'.repeat(43)) : job.id;
    return yes({ tId, ...shape(job), ...(call.faults.hits('unknown-word', call.path) ? { isScaned: '09', useStatus: '09' } : {}) });
  };

  return {
    path: 'zhongzhao/sweepcodeController/',
    handle(call) {
      const { path, body } = call;
      switch (path) {
        case 'getQRCodeContent': return create(call, 'choice');
        case 'getSignHashQRCodeContent': {
          const key = hsm.keys.find((each) => certSn(each) === text(body['certSn']));
          return key === undefined ? no('2001', '证书不存在') : create(call, 'sign', key);
        }
        case 'getQRCodeIsScaned': return status(call, ({ state }) => ({ isScaned: state === 'waiting' ? '00' : state === 'expired' ? '03' : '01', qrcodeType: '06' }));
        case 'getEncryptUserAndCertInfo': return status(call, ({ state, usedKey }) => ({
          useStatus: USE[state],
          ...(state !== 'signed' || usedKey === undefined ? {} : {
            pubCert: base64(usedKey.chain[0]!), caCertList: usedKey.chain.slice(1).map(base64), certSn: certSn(usedKey), algorithm: usedKey.kind === 'SM2' ? 'SM2' : 'RSA', legalCode: usedKey.company.uscc, legalName: usedKey.company.name, loginUserType: '02',
          }),
        }));
        case 'getSignatureValue': return status(call, (job) => {
          const { state, usedKey } = job;
          if (state !== 'signed' || usedKey === undefined) return { useStatus: USE[state] };
          const result = jobResult(job, book, hsm, call.faults, path);
          return {
            useStatus: '01', caOrgType: 'SANDBOX', pubCert: base64(result.certificate), certSn: certSn(usedKey), algorithm: result.downgraded ? 'SHA1withRSA' : usedKey.kind === 'SM2' ? 'SM2' : 'RSA',
            signatureValueList: result.entries.map((each) => ({ signKey: each.id, signOriVal: base64(each.hash), signatureValue: each.value })),
          };
        });
        default: return jsonAnswer({ header: { ret: '9999', msg: 'no such call' }, data: null }, 404);
      }
    },
    callback({ id, state, notifyUrl, extra }) {
      if (notifyUrl === undefined) return undefined;
      // The vendor's kit opens what it seals; base64 stands for that cipher here.
      const sealed = (tId: string): string => JSON.stringify({ type: state === 'scanned' ? '01' : '03', data: { encrypt: base64(Buffer.from(JSON.stringify({ tId, state, at: ground.clock.now() }))) }, platformCode: extra?.['platformCode'] });
      return { url: notifyUrl, callback: { headers: { 'content-type': 'application/json' }, body: sealed(id) }, forge: () => ({ headers: { 'content-type': 'application/json' }, body: sealed(id.replace(/.$/, 'f')) }) };
    },
  };
}
