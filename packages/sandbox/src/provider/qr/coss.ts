import { equalConstantTime, hmac, sm3 } from '@hefu/crypto';
import { hexOf } from '@hefu/pki';
import { jsonAnswer } from '../facade.js';
import type { HsmKey } from '../hsm.js';
import { base64, objects, text, type ApiCall, type ApiGround, type QrApi } from './api.js';
import { isSameRequest, type JobState, type QrJob } from './job-book.js';
import { jobResult } from './job-result.js';

/** The platform's number and the key it shares with this provider: toys, and the same in every sandbox. */
export const COSS_APP = { appId: 'APP-SANDBOX-1', secret: 'sandbox-shared-key-of-app-1' } as const;

const TTL_S = 180;
const MAX_HASHES = 100;
const TOLERANCE_MS = 300_000;
const WORDS: Readonly<Record<JobState, string>> = {
  waiting: 'TOSIGN', scanned: 'SCANNED', signed: 'FINISH', refused: 'REFUSE', expired: 'EXPIRE', cancelled: 'CANCEL', 'wrong-code': 'WRONG_CODE', 'wrong-signer': 'WRONG_SIGNER',
};
const ALGORITHMS: Readonly<Record<string, HsmKey['kind']>> = { SM3withSM2: 'SM2', SHA256withRSA: 'RSA-2048', SHA256withECDSA: 'P-256' };
const STATUS = { good: 'NORMAL', expired: 'NORMAL', revoked: 'REVOKED', frozen: 'FROZEN' } as const;

const key = new TextEncoder().encode(COSS_APP.secret);
const macOf = (message: string): string => base64(hmac(sm3, key, new TextEncoder().encode(message)));
const sameMac = (a: string, b: string): boolean => equalConstantTime(new TextEncoder().encode(a), new TextEncoder().encode(b));

/** An interface in the shape of BJCA COSS: HMAC with SM3 on every call and callback. */
export function cossApi(ground: ApiGround): QrApi {
  const { book, hsm, clock, baseUrl } = ground;
  const nonces = new Set<string>();
  const yes = (data: unknown): Response => jsonAnswer({ status: '0x00000000', message: 'ok', data });
  const no = (status: string, message: string): Response => jsonAnswer({ status, message });
  const certificateOf = (each: HsmKey): object => ({
    userId: each.company.id, userName: each.company.name, certSn: each.id, certStatus: STATUS[each.company.state], signCert: base64(each.chain[0]!), caCerts: each.chain.slice(1).map(base64),
  });

  const isKnown = ({ method, path, headers, text: sent }: ApiCall): boolean => {
    const at = headers.get('x-coss-timestamp') ?? '';
    const nonce = headers.get('x-coss-nonce') ?? '';
    const over = `${method}\n/${path}\n${at}\n${nonce}\n${hexOf(sm3.digest(new TextEncoder().encode(sent)))}`;
    const fresh = Math.abs(clock.now() - Number(at)) <= TOLERANCE_MS && nonce.length >= 16 && !nonces.has(nonce);
    if (headers.get('x-coss-app') !== COSS_APP.appId || !fresh || !sameMac(headers.get('x-coss-signature') ?? '', macOf(over))) return false;
    nonces.add(nonce);
    if (nonces.size > 10_000) nonces.delete(nonces.values().next().value!);
    return true;
  };

  const add = ({ body, faults, path }: ApiCall): Response => {
    const signer = hsm.key(text(body['certSn']));
    if (signer === undefined) return no('0x02000001', 'no such certificate');
    if (signer.company.state === 'frozen') return no('0x02000003', 'frozen');
    if (ALGORITHMS[text(body['algorithm'])] !== signer.kind) return no('0x03000003', 'algorithm does not fit the key');
    const items = objects(body['dataList']).map((each) => ({ id: text(each['dataId']), hash: new Uint8Array(Buffer.from(text(each['hash']), 'base64')), ...(text(each['name']) === '' ? {} : { label: text(each['name']) }) }));
    if (items.length === 0 || items.length > MAX_HASHES) return no('0x03000001', 'too many');
    const asked = { requestId: text(body['transId']), key: signer, items, title: text(body['title']), code: text(body['verifyCode']) };
    const known = book.find((each) => each.api === 'coss' && each.requestId === asked.requestId);
    if (known !== undefined && !isSameRequest(known, asked)) return no('0x03000005', 'transId is of another request');
    const job = book.create({
      api: 'coss', kind: 'sign', id: ground.token('SD'), ...asked, ttlMs: TTL_S * 1000,
      ...(text(body['notifyUrl']) === '' ? {} : { notifyUrl: text(body['notifyUrl']) }),
    });
    const other = faults.hits('job-id-of-other', path) ? book.find((each) => each.api === 'coss' && each.id !== job.id)?.id : undefined;
    return yes({ signDataId: other ?? job.id, qrCode: `${baseUrl}/qr/phone?job=${job.id}`, scanKey: job.scanKey, shortCode: job.shortCode, expireSeconds: Math.round((job.expiresAt - clock.now()) / 1000) });
  };
  const query = ({ body, faults, path }: ApiCall): Response => {
    const job = book.get(text(body['signDataId']));
    if (job?.api !== 'coss' || faults.hits('forgotten', path)) return no('0x03000002', 'no such job');
    const other = faults.hits('echo-other-job', path) ? book.find((each) => each.api === 'coss' && each.id !== job.id) : undefined;
    const head = { signDataId: (other ?? job).id, transId: (other ?? job).requestId, certSn: job.usedKey?.id ?? job.key!.id, jobStatus: faults.hits('unknown-word', path) ? 'DONE' : WORDS[job.state] };
    if (job.state !== 'signed') return yes({ ...head, ...(job.state === 'scanned' ? { pollSeconds: 1 } : {}) });
    const result = jobResult(job, book, hsm, faults, path);
    const algorithm = Object.keys(ALGORITHMS).find((each) => ALGORITHMS[each] === job.usedKey!.kind)!;
    return yes({
      ...head, signCert: base64(result.certificate),
      results: result.entries.map((each, index) => ({ dataId: each.id, signValue: each.value, signAlg: result.downgraded ? 'SHA1withRSA' : algorithm, serial: `${job.id}-${index}` })),
    });
  };

  return {
    path: 'coss/service/v1/',
    handle(call) {
      const { path, body } = call;
      if (!isKnown(call)) return no('0x01000001', 'signature, time or nonce of the call');
      switch (path) {
        case 'queryCert': {
          const userId = text(body['userId']);
          const certs = hsm.keys.filter((each) => (userId === '' ? each.company.state === 'good' : each.company.id === userId) && each.kind !== 'Ed25519').map(certificateOf);
          return yes({ certs: call.faults.hits('duplicate-credential', path) ? certs.flatMap((each) => [each, each]) : certs });
        }
        case 'addSignJob': return add(call);
        case 'querySignJob': return query(call);
        case 'cancelSignJob': {
          const job = book.get(text(body['signDataId']));
          if (job?.api !== 'coss') return no('0x03000002', 'no such job');
          return book.cancel(job) ? yes({ signDataId: job.id }) : no('0x03000004', 'signed already');
        }
        default: return jsonAnswer({ status: '0x0f000000', message: 'no such call' }, 404);
      }
    },
    callback(job: QrJob) {
      if (job.notifyUrl === undefined) return undefined;
      const at = String(clock.now());
      const body = JSON.stringify({ signDataId: job.id, transId: job.requestId, jobStatus: WORDS[job.state], at: clock.now() });
      const signed = (mac: string): { headers: Record<string, string>; body: string } => ({ headers: { 'content-type': 'application/json', 'X-Coss-Timestamp': at, 'X-Coss-Signature': mac }, body });
      return { url: job.notifyUrl, callback: signed(macOf(`${at}\n${body}`)), forge: () => signed(base64(new Uint8Array(32).fill(7))) };
    },
  };
}
