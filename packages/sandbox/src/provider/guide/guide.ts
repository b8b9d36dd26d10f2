import { CSC_MANNERS, CSC_PIN, CSC_TOTP } from '../csc/credentials.js';
import { CSC_PRESETS } from '../csc/presets.js';
import { CSC_SERVICE_TOKEN } from '../csc/state.js';
import type { Facade } from '../facade.js';
import { TRANSPORT_FAULTS } from '../fault-plan.js';
import type { VirtualHsm } from '../hsm.js';
import { FAILURES, type FailureGuide } from './failures.js';

/** Everything a client developer needs to know of a running provider; `GET /` shows it, `GET /sandbox/guide` is it in JSON. */
export interface ProviderGuide {
  readonly baseUrl: string;
  readonly facades: readonly { readonly path: string; readonly zh: string; readonly en: string; readonly faults: readonly string[] }[];
  readonly transportFaults: readonly string[];
  /** The fifty failures, with the faults this provider has for them. */
  readonly failures: readonly FailureGuide[];
  readonly identities: readonly { readonly id: string; readonly company: string; readonly kind: string; readonly state: string }[];
  readonly csc: {
    readonly token: string;
    readonly pin: string;
    readonly totp: string;
    /** What a credentialID may end in, and how it is then authorised. */
    readonly credentials: readonly { readonly suffix: string; readonly mode: string; readonly scal: string; readonly multisign: number }[];
    readonly presets: readonly string[];
  };
  readonly controls: readonly { readonly request: string; readonly zh: string; readonly en: string }[];
}

const ABOUT: Readonly<Record<string, { readonly zh: string; readonly en: string }>> = {
  '/csc/': { zh: '云签名联盟 API：/csc/v1/、/csc/v2/', en: 'Cloud Signature Consortium API: /csc/v1/, /csc/v2/' },
  '/oauth2/': { zh: 'OAuth 2.0：授权码、PKCE、PAR、RAR；任何 client_id', en: 'OAuth 2.0: code, PKCE, PAR, RAR; any client_id' },
  '/.well-known/oauth-authorization-server': { zh: '授权服务器元数据（RFC 8414）', en: 'metadata of the authorization server (RFC 8414)' },
  '/qr/': { zh: '扫码签名：zhongzhao/、coss/、device-link/；手机页面 /qr/phone', en: 'QR sessions: zhongzhao/, coss/, device-link/; the phone is /qr/phone' },
  '/kms/': { zh: '密钥管理服务：{aliyun,tencent,huawei,aws,google,azure,vault}-like/', en: 'key services: {aliyun,tencent,huawei,aws,google,azure,vault}-like/' },
  '/cosign/v1/': { zh: 'SM2 两方协同签名的服务端', en: "the server's half of two-party SM2" },
};

const CONTROLS: ProviderGuide['controls'] = [
  { request: 'x-sandbox-fault: permute', zh: '请求头，只对这一个请求；多个以分号隔开', en: 'a header, for this request; several with semicolons' },
  { request: 'POST /sandbox/fault {"fault":"permute,on=signHash,after=1,times=1"}', zh: '此后的请求；on 为路径结尾，after 先放过几个，times 一共几个', en: 'for requests to come: on the end of the path, after so many, so many times' },
  { request: 'POST /sandbox/faults/clear', zh: '全部取消', en: 'all of them off' },
  { request: 'POST /sandbox/clock {"advanceMs":600000}', zh: '拨动虚拟时钟，可以为负；应答的 Date 随之改变', en: 'moves the virtual clock, backwards too; Date of the answers follows' },
  { request: 'GET /sandbox/transcript', zh: '收到的请求、给出的应答与命中的故障', en: 'requests as they came, answers, and the faults that hit' },
  { request: 'GET /sandbox/guide', zh: '本页的 JSON', en: 'this page in JSON' },
];

/** @param facades what the provider shows: only their faults are told of */
export function providerGuide(baseUrl: string, facades: readonly Facade[], hsm: VirtualHsm): ProviderGuide {
  const known = new Set<string>([...TRANSPORT_FAULTS, ...facades.flatMap(({ faults }) => faults)]);
  return {
    baseUrl,
    facades: facades.map(({ path, faults }) => ({ path, ...(ABOUT[path] ?? { zh: path, en: path }), faults })),
    transportFaults: TRANSPORT_FAULTS,
    failures: FAILURES.map((failure) => ({ ...failure, faults: failure.faults.filter((fault) => known.has(fault)) })),
    identities: hsm.keys.map(({ id, kind, company }) => ({ id, company: company.name, kind, state: company.state })),
    csc: {
      token: CSC_SERVICE_TOKEN, pin: CSC_PIN, totp: CSC_TOTP, presets: Object.keys(CSC_PRESETS),
      credentials: CSC_MANNERS.map(({ suffix, mode, scal, multisign }) => ({ suffix, mode, scal, multisign })),
    },
    controls: CONTROLS,
  };
}
