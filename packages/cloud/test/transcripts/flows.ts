import type { Clock, Credential, JsonObject, Random, SigningAdapter } from '@hefu/sign';
import { nodeAlgorithms } from '../../../node/dist/algorithms.js';
import { createSeed } from '../../../sandbox/dist/seed.js';
import {
  aliyunKms, awsKms, BJCA_COSS_MAPPING, createKmsAdapter, createMemoryJobVault, createQrSessionAdapter, cscAdapter, SMART_ID_MAPPING, tencentKms, vaultTransit, ZHONGZHAO_MAPPING,
  type Fetch, type KmsService, type QrMapping, type QrSessionAdapter,
} from '../../src/index.js';

export const algorithms = nodeAlgorithms();
export const BASE = 'http://127.0.0.1:1';
export const SEED = 'csc';
/** Stands in transcripts where the user's or the platform's secrets stood. */
export const PLACEHOLDERS = { pin: '<PIN>', otp: '<OTP>', serviceToken: '<service-token>', vaultToken: '<vault-token>' } as const;
export type Secrets = Readonly<Record<keyof typeof PLACEHOLDERS, string>>;

export interface Surroundings {
  readonly fetch: Fetch;
  readonly clock: Clock;
  readonly random: Random;
  readonly secrets: Secrets;
  /** Of the key used, DER, leaf first; for services that know no certificates. */
  readonly chain: readonly Uint8Array[];
  /** What was chosen on the phone, once it was. */
  readonly known: readonly Credential[];
}

/** One way of signing from its first request to its last. */
export interface Flow {
  readonly name: string;
  readonly facade: 'csc' | 'qr' | 'kms';
  /** Id of the HSM's key. */
  readonly key: string;
  /** Which of the credentials listed is used; `chosen`: the one shown on the phone before. */
  readonly credential: string | 'first' | 'chosen';
  readonly userId?: string;
  readonly items: number;
  adapter(surroundings: Surroundings): SigningAdapter | QrSessionAdapter;
}

/** Follow from a seed: no secrets, and in no transcript. */
const text = (name: string, length: number): string => Buffer.from(createSeed(SEED).bytes(`kms/${name}`, length)).toString('hex');
const accessKey = async (): Promise<{ readonly id: string; readonly secret: string }> => ({ id: `LTAI${text('access-key', 8)}`, secret: text('secret', 20) });
const COSS_SECRET = new TextEncoder().encode('sandbox-shared-key-of-app-1');

const csc = (name: string, version: 'v1' | 'v2', suffix: string): Flow => ({
  name, facade: 'csc', key: 'key-qinghe', credential: `key-qinghe${suffix}`, items: 2,
  adapter: ({ fetch, secrets }) => cscAdapter({
    fetch, baseUrl: `${BASE}/csc/${version}`, tokens: { service: async ({ stale }) => (stale === undefined ? secrets.serviceToken : undefined) },
    oauth: { clientId: 'platform', redirectUri: 'https://platform.example/back' },
  }),
});
const qr = (name: string, mapping: QrMapping, path: string, flow: Pick<Flow, 'credential' | 'items' | 'userId'>): Flow => ({
  name, facade: 'qr', key: 'key-qinghe', ...flow,
  adapter: ({ fetch, clock, known }) => createQrSessionAdapter({
    mapping, known: async () => known, fetch, baseUrl: `${BASE}/qr/${path}`, algorithms, clock, vault: createMemoryJobVault(clock), keys: { app: { kind: 'mac', secret: COSS_SECRET } }, callbackUrl: 'http://127.0.0.1:1/callback',
    settings: { appId: 'APP-SANDBOX-1', platformCode: 'HEFUSANDBOX', relyingPartyUUID: '00000000-0000-4000-8000-000000000000', relyingPartyName: 'Hefu Sandbox', schemeName: 'smart-id-sandbox' },
    openCallback: async () => ({} as JsonObject),
  }),
});
const kms = (name: string, key: string, version: string | undefined, items: number, service: (secrets: Secrets) => KmsService): Flow => ({
  name, facade: 'kms', key, credential: 'first', items,
  adapter: ({ fetch, secrets, chain }) => createKmsAdapter({ service: service(secrets), fetch, algorithms, keys: [{ ref: key, keyId: key, chain, ...(version === undefined ? {} : { version }) }] }),
});

export const FLOWS: readonly Flow[] = [
  csc('csc-v1-pin', 'v1', ''),
  csc('csc-v2-otp-asynchronous', 'v2', '-otp'),
  csc('csc-v2-phone', 'v2', '-push'),
  csc('csc-v2-oauth-par-rar', 'v2', '-oauth'),
  qr('qr-coss', BJCA_COSS_MAPPING, 'coss/service/v1', { credential: 'first', userId: 'qinghe', items: 2 }),
  qr('qr-zhongzhao', ZHONGZHAO_MAPPING, 'zhongzhao/sweepcodeController', { credential: 'chosen', items: 2 }),
  qr('qr-device-link', SMART_ID_MAPPING, 'device-link/v3', { credential: 'chosen', items: 1 }),
  kms('kms-aliyun-sm2', 'key-qinghe', 'key-qinghe-v1', 1, () => aliyunKms({ endpoint: `${BASE}/kms/aliyun-like`, accessKey })),
  kms('kms-tencent-sm2', 'key-qinghe', undefined, 1, () => tencentKms({ region: 'cn-sandbox-1', accessKey, endpoint: `${BASE}/kms/tencent-like` })),
  kms('kms-aws-p256', 'key-hengtao', undefined, 1, () => awsKms({ region: 'cn-sandbox-1', accessKey, endpoint: `${BASE}/kms/aws-like` })),
  kms('kms-vault-batch', 'key-hengtao', '1', 3, ({ vaultToken }) => vaultTransit({ address: `${BASE}/kms/vault-like`, token: async () => vaultToken })),
];
