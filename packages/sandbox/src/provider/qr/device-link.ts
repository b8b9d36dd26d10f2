import { createHmac } from 'node:crypto';
import { jsonAnswer } from '../facade.js';
import type { HsmKey } from '../hsm.js';
import { DIGEST_OIDS } from '../sign-value.js';
import { base64, text, type ApiCall, type ApiGround, type QrApi } from './api.js';
import type { JobState, QrJob } from './job-book.js';
import { jobResult } from './job-result.js';

const TTL_MS = 90_000;
/** A code older than this is a photograph of one. */
const MAX_CODE_AGE_S = 10;
const END: Readonly<Record<Exclude<JobState, 'waiting' | 'scanned'>, string>> = {
  signed: 'OK', refused: 'USER_REFUSED', expired: 'TIMEOUT', cancelled: 'TIMEOUT', 'wrong-code': 'WRONG_VC', 'wrong-signer': 'DOCUMENT_UNUSABLE',
};
const WORDS: Readonly<Record<string, HsmKey['kind']>> = { 'ecdsa-with-SHA256': 'P-256', 'rsassa-pss': 'RSA-2048', 'sm2-with-sm3': 'SM2' };
/** Of RSASSA-PSS: the digest is a parameter, its salt as long. */
const PSS_DIGESTS: Readonly<Record<string, string>> = { 'SHA-256': '2.16.840.1.101.3.4.2.1', 'SHA-384': '2.16.840.1.101.3.4.2.2', 'SHA-512': '2.16.840.1.101.3.4.2.3' };
/** The platform's number, and the scheme's name in every code. */
export const DEVICE_LINK_PARTY = { relyingPartyUUID: '00000000-0000-4000-8000-000000000000', relyingPartyName: 'Hefu Sandbox', schemeName: 'smart-id-sandbox' } as const;

export const documentNumber = ({ company }: HsmKey): string => `PNOCN-${company.uscc}-SBOX`;

/** An interface in the shape of Smart-ID v3: device links with a MAC that ages. */
export function deviceLinkApi(ground: ApiGround): QrApi & { openLink(url: URL): QrJob | string } {
  const { book, hsm, baseUrl, clock } = ground;
  const problem = (status: number, title: string): Response => jsonAnswer({ status, title }, status);
  const begin = ({ body }: ApiCall, kind: QrJob['kind'], key?: HsmKey): Response => {
    if (text(body['relyingPartyUUID']) !== DEVICE_LINK_PARTY.relyingPartyUUID || text(body['relyingPartyName']) !== DEVICE_LINK_PARTY.relyingPartyName) return problem(401, 'no such relying party');
    const parameters = (body['signatureProtocolParameters'] ?? {}) as Readonly<Record<string, unknown>>;
    const digest = text(parameters['digest']);
    if (key !== undefined && (digest === '' || WORDS[text(parameters['signatureAlgorithm'])] !== key.kind)) return problem(400, 'digest or algorithm');
    const said = text((parameters['signatureAlgorithmParameters'] as Readonly<Record<string, unknown>> | undefined)?.['hashAlgorithm']);
    const pss = key?.kind === 'RSA-2048' ? PSS_DIGESTS[said] : undefined;
    if (key?.kind === 'RSA-2048' && (pss === undefined || Buffer.from(digest, 'base64').length !== DIGEST_OIDS[pss]!.length)) return problem(400, 'hashAlgorithm, or a digest of another length');
    const interactions = text(body['interactions']);
    const token = ground.token('st');
    const secret = Buffer.from(ground.token('secret')).toString('base64');
    const head = kind === 'sign' ? `RAW_DIGEST_SIGNATURE|${digest}` : '|';
    const job = book.create({
      api: 'device-link', kind, id: ground.token('sid').slice(0, 36), requestId: `${kind}/${text(body['nonce'])}/${digest}`, items: kind === 'sign' ? [{ id: 'value', hash: new Uint8Array(Buffer.from(digest, 'base64')) }] : [],
      title: titleOf(interactions), ttlMs: TTL_MS, ...(key === undefined ? {} : { key }), ...(pss === undefined ? {} : { pss }),
      extra: { token, secret, payload: `${DEVICE_LINK_PARTY.schemeName}|${head}|${base64(Buffer.from(DEVICE_LINK_PARTY.relyingPartyName))}||${interactions}||` },
    });
    return jsonAnswer({ sessionID: job.id, sessionToken: job.extra!['token'], sessionSecret: job.extra!['secret'], deviceLinkBase: `${baseUrl}/qr/phone` });
  };

  return {
    path: 'device-link/v3/',
    handle(call) {
      const { path, url, faults } = call;
      if (path === 'signature/certificate-choice/device-link/anonymous') return begin(call, 'choice');
      const document = /^signature\/device-link\/document\/([^/]+)$/.exec(path)?.[1];
      if (document !== undefined) {
        const key = hsm.keys.find((each) => documentNumber(each) === decodeURIComponent(document));
        return key === undefined ? problem(404, 'no such document') : begin(call, 'sign', key);
      }
      const id = /^session\/([A-Za-z0-9._-]+)$/.exec(path)?.[1];
      const job = id === undefined ? undefined : book.get(id);
      if (job?.api !== 'device-link' || faults.hits('forgotten', path)) return problem(404, url.pathname.includes('/session/') ? 'no such session' : 'no such call');
      if (faults.hits('unknown-word', path)) return jsonAnswer({ state: 'DONE' });
      if (job.state === 'waiting' || job.state === 'scanned') return jsonAnswer({ state: 'RUNNING' });
      const usedKey = job.usedKey ?? job.key;
      const end = { endResult: END[job.state], ...(usedKey === undefined ? {} : { documentNumber: faults.hits('echo-other-job', path) ? 'PNOCN-SOMEBODY-ELSE' : documentNumber(usedKey) }) };
      if (job.state !== 'signed' || usedKey === undefined) return jsonAnswer({ state: 'COMPLETE', result: end });
      if (job.kind === 'choice') return jsonAnswer({ state: 'COMPLETE', result: end, cert: { value: base64(usedKey.chain[0]!), certificateLevel: 'QUALIFIED' } });
      const result = jobResult(job, book, hsm, faults, path);
      const algorithm = Object.keys(WORDS).find((each) => WORDS[each] === usedKey.kind)!;
      const hashAlgorithm = Object.keys(PSS_DIGESTS).find((each) => PSS_DIGESTS[each] === job.pss);
      return jsonAnswer({
        state: 'COMPLETE', result: end, signatureProtocol: 'RAW_DIGEST_SIGNATURE',
        signature: {
          value: result.entries[0]?.value, signatureAlgorithm: result.downgraded ? 'sha1WithRSAEncryption' : algorithm,
          ...(hashAlgorithm === undefined ? {} : { signatureAlgorithmParameters: { hashAlgorithm, maskGenAlgorithm: { algorithm: 'id-mgf1', parameters: { hashAlgorithm } }, saltLength: DIGEST_OIDS[job.pss!]!.length, trailerField: '0xbc' } }),
        },
        cert: { value: base64(result.certificate), certificateLevel: 'QUALIFIED' },
      });
    },
    /** The session a code leads to; a text says why it leads nowhere. */
    openLink(url) {
      const asked = url.searchParams;
      const job = book.find((each) => each.api === 'device-link' && each.extra?.['token'] === asked.get('sessionToken'));
      if (job === undefined) return 'no such session';
      const proof = asked.get('authCode') ?? '';
      const link = url.href.replace(/&authCode=.*$/, '');
      const expected = createHmac('sha256', Buffer.from(job.extra!['secret']!, 'base64')).update(job.extra!['payload']! + link).digest('base64url');
      if (proof !== expected) return 'the code is not this session’s';
      const elapsed = Number(asked.get('elapsedSeconds') ?? 0);
      if (asked.get('deviceLinkType') === 'QR' && !(Math.abs((clock.now() - job.createdAt) / 1000 - elapsed) <= MAX_CODE_AGE_S)) return 'the code is too old';
      return job;
    },
  };
}

function titleOf(interactions: string): string {
  try {
    const [first] = JSON.parse(Buffer.from(interactions, 'base64').toString('utf8')) as readonly { readonly displayText60?: unknown }[];
    return text(first?.displayText60).slice(0, 60);
  } catch {
    return '';
  }
}
