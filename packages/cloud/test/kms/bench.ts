import type { ConformanceHarness, Fault, MakeSubject } from '@hefu/sign/conformance';
import type { Clock, Random, SigningAdapter } from '@hefu/sign';
import { createJudgeCaches } from '@hefu/verify';
import { nodeAlgorithms } from '../../../node/dist/algorithms.js';
import { opensslVerify } from '../../../cli/dist/openssl-verify.js';
import { createWorld, kmsAccount, kmsFacade, serveProvider, type HsmKey, type KeyKind, type ServedProvider, type World } from '../../../sandbox/dist/index.js';
import {
  aliyunKms, awsKms, azureClientCertificate, azureKeyVault, createKmsAdapter, googleKms, googleServiceAccount, huaweiKms, tencentKms, vaultTransit,
  type KmsAdapterOptions, type KmsKey, type KmsService,
} from '../../src/index.js';
import { signToEnd, type Signed, type SignToEnd } from '../signing.js';
import { AT, judgementOf, runningClock, seededRandom } from '../world.js';

export const algorithms = nodeAlgorithms();
export const SERVICES = ['aliyun', 'tencent', 'huawei', 'aws', 'google', 'azure', 'vault'] as const;
export type ServiceName = (typeof SERVICES)[number];
/** Those with SM2. */
export const SM2_SERVICES: readonly ServiceName[] = ['aliyun', 'tencent', 'huawei', 'aws'];
/** How the paths end on which each of them signs. */
export const SIGNS_ON: Readonly<Record<ServiceName, string>> = {
  aliyun: 'aliyun-like/', tencent: 'tencent-like/', huawei: '/kms/sign', aws: 'aws-like/', google: ':asymmetricSign', azure: '/sign', vault: '/sha2-256',
};

/** One provider with all seven, and what a test needs of it. */
export class KmsBench {
  readonly world: World = createWorld({ seed: 'kms', at: AT });
  readonly account = kmsAccount(this.world);
  /** One stream for all: the clouds refuse a nonce that comes twice. */
  readonly random: Random = seededRandom();
  provider!: ServedProvider;
  clock!: Clock;
  #harness: ConformanceHarness | undefined;

  async open(): Promise<void> {
    this.clock = runningClock(AT);
    this.provider = await serveProvider(this.world, { facades: [kmsFacade], now: () => this.clock.now() });
    await this.harness();
  }

  /** The good company's key of this kind. */
  hsmKey(kind: KeyKind, n = 0): HsmKey {
    return this.provider.hsm.keys.filter((key) => key.kind === kind && key.company.state === 'good' && key.company.issuer.listed)[n]!;
  }

  service(name: ServiceName, change: { readonly secret?: string; readonly renewed?: () => void } = {}): KmsService {
    const { account, provider: { baseUrl } } = this;
    const base = `${baseUrl}/kms/${name}-like`;
    const send = (url: string, init: RequestInit): Promise<Response> => fetch(url, init);
    const accessKey = async (renew: boolean): Promise<{ id: string; secret: string }> => {
      if (renew) change.renewed?.();
      return { id: account.accessKey.id, secret: change.secret ?? account.accessKey.secret };
    };
    switch (name) {
      case 'aliyun': return aliyunKms({ endpoint: base, accessKey });
      case 'tencent': return tencentKms({ region: account.region, accessKey, endpoint: base });
      case 'huawei': return huaweiKms({ endpoint: base, projectId: account.projectId, accessKey });
      case 'aws': return awsKms({ region: account.region, accessKey, endpoint: base });
      case 'google': return googleKms({ endpoint: base, token: googleServiceAccount({ fetch: send, endpoint: `${base}/token`, account: async () => account.google }) });
      case 'azure': return azureKeyVault({ vaultUrl: base, token: azureClientCertificate({ fetch: send, authority: base, tenantId: account.azure.tenantId, clientId: account.azure.clientId, credential: async () => account.azure }) });
      case 'vault': return vaultTransit({ address: base, token: async (_, renew) => { if (renew) change.renewed?.(); return change.secret ?? account.vaultToken; }, maxPerCall: 3 });
    }
  }

  /** A key of the HSM as this service calls it. */
  key(name: ServiceName, { id, chain }: HsmKey, change: Partial<KmsKey> = {}): KmsKey {
    const keyId = name === 'google' ? `projects/sandbox/locations/global/keyRings/hefu/cryptoKeys/${id}` : id;
    const version = name === 'aliyun' ? `${id}-v1` : ['google', 'azure', 'vault'].includes(name) ? '1' : undefined;
    return { ref: id, keyId, chain, ...(version === undefined ? {} : { version }), ...change };
  }

  /** All kinds of keys the service has, the nearest to the field first. */
  keys(name: ServiceName): KmsKey[] {
    return (SM2_SERVICES.includes(name) ? ['SM2', 'P-256', 'RSA-2048'] as const : ['P-256', 'RSA-2048'] as const).map((kind) => this.key(name, this.hsmKey(kind)));
  }

  adapter(name: ServiceName, change: Partial<KmsAdapterOptions> = {}): SigningAdapter {
    return createKmsAdapter({ service: this.service(name), keys: this.keys(name), fetch: (url, init) => fetch(url, init), algorithms, ...change });
  }

  /** Signs with the adapter's key of a kind, to the end. */
  async sign(adapter: SigningAdapter, kind: KeyKind, change: Partial<SignToEnd> = {}): Promise<Signed> {
    const { judgement } = await this.harness();
    return signToEnd({ adapter, algorithms, judgement, clock: this.clock, random: this.random, ref: this.hsmKey(kind).id, ...change });
  }

  /** What must stand nowhere: the account's secrets, or those a service has to do with, and tokens that were given out. */
  secrets(service?: ServiceName): string[] {
    const { accessKey, google, vaultToken } = this.account;
    const bearers = this.provider.transcript.exchanges.flatMap(({ requestHeaders }) => /^Bearer (.+)$/.exec(requestHeaders['authorization'] ?? '')?.[1] ?? []);
    const own = service === undefined ? [accessKey.secret, vaultToken, google.privateKey] : service === 'vault' ? [vaultToken] : service === 'google' || service === 'azure' ? [] : [accessKey.secret];
    return [...own, ...new Set(bearers)];
  }

  /** How the services show what a provider may do wrong with values; batches are Vault's alone, certificates nobody's. */
  static readonly #DECEITS: Partial<Record<Fault, string>> = { 'other-hash': 'kms-other-hash', 'other-key': 'kms-other-key', 'other-algorithm': 'kms-sha1', 'other-order': 'kms-permuted', 'replayed-value': 'kms-same-value', 'value-missing': 'kms-fewer' };

  /** A subject for the kit; values made are read from the provider's transcript. */
  subject(name: ServiceName, change: Partial<KmsAdapterOptions> = {}): MakeSubject {
    return (fault) => {
      const planned = fault === undefined || fault.startsWith('lost-') ? fault : KmsBench.#DECEITS[fault];
      if (fault !== undefined && (planned === undefined || (name !== 'vault' && ['other-order', 'replayed-value', 'value-missing'].includes(fault)))) return undefined;
      const { faults, transcript } = this.provider;
      faults.clear();
      transcript.clear();
      if (planned !== undefined) faults.set(`${planned},on=${SIGNS_ON[name]},times=1`);
      const itemOf = new Map<string, string>();
      // Only of RSA is there a weaker digest to say.
      const plain = this.adapter(name, { ...(fault === 'other-algorithm' ? { keys: [this.key(name, this.hsmKey('RSA-2048'))] } : {}), ...change });
      const noted = <R extends { readonly items: readonly { readonly itemId: string; readonly toSign: { readonly value: Uint8Array } }[] }>(request: R): R => {
        for (const { itemId, toSign } of request.items) itemOf.set(Buffer.from(toSign.value).toString('base64url'), itemId);
        return request;
      };
      return {
        adapter: { ...plain, begin: (request, context) => plain.begin(noted(request), context), resume: (snapshot, request, context) => plain.resume(snapshot, noted(request), context) },
        clock: this.clock, answer: () => ({ type: 'cancel' }), secrets: () => this.secrets(name), keys: () => [this.account.google.privateKey], sent: () => transcript.exchanges.map(({ path, requestBody }) => ({ address: path, body: requestBody })),
        made: () => transcript.exchanges.filter(({ responseBody }) => /"(?:Value|Signature|signature|value)":/.test(responseBody)).flatMap(({ path, requestBody }) =>
          [...`${decodeURIComponent(path)} ${requestBody}`.matchAll(/[A-Za-z0-9+/_-]{43}=?/g)].flatMap(([text]) => itemOf.get(Buffer.from(text, 'base64').toString('base64url')) ?? [])),
      };
    };
  }

  async harness(): Promise<ConformanceHarness> {
    return (this.#harness ??= { algorithms, random: this.random, judgement: { ...await judgementOf(this.world, algorithms), caches: createJudgeCaches() }, verifyForeign: opensslVerify });
  }
}
