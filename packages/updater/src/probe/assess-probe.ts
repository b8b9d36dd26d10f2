import type { Bilingual } from '@hefu/trust-list';
import type { Authority, ProbeFacts } from './probe-facts.js';

export type ProbeFindingCode =
  | 'ENDPOINT_FAILED' | 'ENDPOINT_REFUSED' | 'ENDPOINT_SLOW' | 'ENDPOINT_LARGE'
  | 'WRONG_ISSUER' | 'SIGNATURE_INVALID' | 'NOT_AUTHORISED' | 'AUTHORITY_UNKNOWN'
  | 'EXPIRED' | 'EXPIRES_SOON' | 'TOO_OLD' | 'NO_NEXT_UPDATE' | 'FROM_FUTURE' | 'OCSP_ERROR' | 'TSA_REFUSED' | 'TSA_TOKEN_MISSING' | 'TSA_NOT_VERIFIED';

export interface ProbeFinding {
  readonly code: ProbeFindingCode;
  /** `failed`: the endpoint does not serve; `indeterminate`: that it does is not known; `warning`: it does, with a doubt. */
  readonly outcome: 'failed' | 'indeterminate' | 'warning';
  readonly message: Bilingual;
  readonly expected?: string;
  readonly actual?: string;
}

export interface ProbeAssessment {
  readonly outcome: 'passed' | 'failed' | 'indeterminate';
  readonly findings: readonly ProbeFinding[];
  /** Milliseconds from now to nextUpdate, negative when it is past; absent when there is none. */
  readonly margin?: number;
}

export interface ProbeThresholds {
  /** Verifiers wait this long, and some give up: Microsoft's endpoint test fails at 12 s. */
  readonly slowMs: number;
  /** Octets; the same test warns above 44 MB. */
  readonly largeBytes: number;
  /** A tenth of the lifetime is left: an issue is late (as `schedule` asks for the next). */
  readonly soonShare: number;
  readonly clockSkewMs: number;
}

export const DEFAULT_PROBE_THRESHOLDS: ProbeThresholds = { slowMs: 3000, largeBytes: 44 * 1024 * 1024, soonShare: 0.1, clockSkewMs: 15 * 60_000 };

/** What the facts of one address mean at an instant. Pure. */
export function assessProbe(facts: ProbeFacts, at: number, thresholds: Partial<ProbeThresholds> = {}): ProbeAssessment {
  const bounds = { ...DEFAULT_PROBE_THRESHOLDS, ...thresholds };
  const findings: ProbeFinding[] = [];
  const find = (code: ProbeFindingCode, outcome: ProbeFinding['outcome'], actual?: string, expected?: string): void => {
    findings.push({ code, outcome, message: MESSAGES[code], ...(expected === undefined ? {} : { expected }), ...(actual === undefined ? {} : { actual }) });
  };
  const { failure, crl, ocsp, tsa } = facts;
  if (failure !== undefined) find(REFUSED.has(failure.code) ? 'ENDPOINT_REFUSED' : 'ENDPOINT_FAILED', 'failed', `${failure.code}: ${failure.detail}`);
  if (failure === undefined && facts.latencyMs > bounds.slowMs) find('ENDPOINT_SLOW', 'warning', `${facts.latencyMs} ms`, `${bounds.slowMs} ms`);
  if ((facts.bytes ?? 0) > bounds.largeBytes) find('ENDPOINT_LARGE', 'warning', `${facts.bytes} octets`, `${bounds.largeBytes} octets`);
  if (crl !== undefined) authority(crl.authority, find);
  if (ocsp !== undefined && ocsp.responseStatus !== 'successful') {
    // `unauthorized` is what a responder says that knows nothing of the certificate asked about: it is alive.
    find('OCSP_ERROR', ocsp.responseStatus === 'unauthorized' ? 'indeterminate' : 'failed', ocsp.responseStatus, 'successful');
  } else if (ocsp !== undefined) authority(ocsp.authority, find);
  const dates = crl ?? ocsp;
  const thisUpdate = dates?.thisUpdate;
  const nextUpdate = dates?.nextUpdate;
  if (thisUpdate !== undefined) {
    if (thisUpdate > at + bounds.clockSkewMs) find('FROM_FUTURE', 'failed', iso(thisUpdate));
    if (facts.maxAge !== undefined && at - thisUpdate > facts.maxAge) find('TOO_OLD', 'failed', iso(thisUpdate), `at most ${facts.maxAge} ms old`);
    if (nextUpdate === undefined) {
      if (crl !== undefined) find('NO_NEXT_UPDATE', 'warning');
    } else if (at >= nextUpdate) find('EXPIRED', 'failed', iso(nextUpdate));
    else if (nextUpdate - at < (nextUpdate - thisUpdate) * bounds.soonShare) find('EXPIRES_SOON', 'warning', iso(nextUpdate));
  }
  if (tsa !== undefined) {
    // granted and grantedWithMods, RFC 3161 §2.4.2.
    if (tsa.pkiStatus > 1) find('TSA_REFUSED', 'failed', `PKIStatus ${tsa.pkiStatus}`, '0 or 1');
    else if (!tsa.token) find('TSA_TOKEN_MISSING', 'failed');
    else find('TSA_NOT_VERIFIED', 'indeterminate');
  }
  const has = (outcome: ProbeFinding['outcome']): boolean => findings.some((finding) => finding.outcome === outcome);
  return { outcome: has('failed') ? 'failed' : has('indeterminate') ? 'indeterminate' : 'passed', findings, ...(nextUpdate === undefined ? {} : { margin: nextUpdate - at }) };
}

function authority(found: Authority, find: (code: ProbeFindingCode, outcome: ProbeFinding['outcome'], actual?: string) => void): void {
  if (found === 'other-issuer') find('WRONG_ISSUER', 'failed');
  else if (found === 'signature-invalid') find('SIGNATURE_INVALID', 'failed');
  else if (found === 'not-authorised') find('NOT_AUTHORISED', 'failed');
  else if (found === 'unknown') find('AUTHORITY_UNKNOWN', 'indeterminate');
}

const REFUSED: ReadonlySet<string> = new Set(['URL_INVALID', 'URL_TOO_LONG', 'SCHEME_REFUSED', 'USERINFO_REFUSED', 'HOST_REFUSED', 'ADDRESS_REFUSED', 'PORT_REFUSED']);

const MESSAGES: Readonly<Record<ProbeFindingCode, Bilingual>> = {
  ENDPOINT_FAILED: { zh: '没有得到可用的应答', en: 'no usable answer came' },
  ENDPOINT_REFUSED: { zh: '这个地址不会被访问', en: 'this address is not one to be asked' },
  ENDPOINT_SLOW: { zh: '应答太慢', en: 'the answer was slow' },
  ENDPOINT_LARGE: { zh: '应答太大', en: 'the answer is large' },
  WRONG_ISSUER: { zh: '吊销列表的签发者不是这家 CA', en: 'the CRL was issued under another CA\'s name' },
  SIGNATURE_INVALID: { zh: '应答的签名不是这家 CA 的', en: 'the answer is not signed by this CA' },
  NOT_AUTHORISED: { zh: '应答者没有得到 CA 授权', en: 'the responder is not authorised by the CA' },
  AUTHORITY_UNKNOWN: { zh: '手中没有 CA 证书，无法判断应答由谁签名', en: 'no certificate of the CA is at hand, so nobody can say who signed' },
  EXPIRED: { zh: '已过下次更新时间', en: 'it is past its nextUpdate' },
  EXPIRES_SOON: { zh: '即将到下次更新时间，新的还未发布', en: 'nextUpdate is near and a new issue is not out' },
  TOO_OLD: { zh: '比名单允许的更旧', en: 'it is older than the list allows' },
  NO_NEXT_UPDATE: { zh: '没有下次更新时间', en: 'it has no nextUpdate' },
  FROM_FUTURE: { zh: '签发时间在将来', en: 'it was issued in the future' },
  OCSP_ERROR: { zh: 'OCSP 应答者报告错误', en: 'the OCSP responder reports an error' },
  TSA_REFUSED: { zh: '时间戳服务拒绝了请求', en: 'the time-stamping authority refused' },
  TSA_TOKEN_MISSING: { zh: '没有得到所请求的时间戳', en: 'no time-stamp about what was sent came' },
  TSA_NOT_VERIFIED: { zh: '得到了时间戳，签名未在此验证', en: 'a time-stamp came; its signature is not verified here' },
};

function iso(at: number): string {
  return new Date(at).toISOString();
}
