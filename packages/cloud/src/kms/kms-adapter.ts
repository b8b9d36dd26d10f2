import type { Algorithms } from '@hefu/crypto';
import { parseCertificate } from '@hefu/pki';
import { SignError, signatureProfile, type AdapterContext, type AdapterSession, type AlgorithmChoice, type BeginRequest, type Capabilities, type Credential, type SigningAdapter } from '@hefu/sign';
import { createHttpClient } from '../http/client.js';
import type { Fetch, HttpLimits } from '../http/ports.js';
import type { KmsKey } from './kms-key.js';
import type { KmsService } from './kms-service.js';
import { kmsSession } from './kms-session.js';
import { probeKey } from './probe.js';
import { createKmsClient } from './sign-call.js';

export interface KmsAdapterOptions {
  /** `aliyunKms(…)`, `tencentKms(…)`, `huaweiKms(…)`, `awsKms(…)`, `googleKms(…)`, `azureKeyVault(…)`, `vaultTransit(…)`. */
  readonly service: KmsService;
  readonly keys: readonly KmsKey[];
  readonly fetch: Fetch;
  /** By which certificates are understood and probes verified. */
  readonly algorithms: Algorithms;
  readonly limits?: Partial<HttpLimits>;
  /**
   * A lost answer is asked for again. Nobody confirms anything here, so what it may cost is a second value over the same digest in the
   * service's audit log. Default false: the outcome stays unknown and a person decides.
   */
  readonly repeatLost?: boolean;
}

/** Items per authorisation: there is none, so this bounds only what one session holds. */
const BATCH = 1000;

/**
 * Keys of a platform's own in a key management service. No user is asked; what was signed is verified by core like any other value.
 * @throws TypeError for keys that cannot be: a ref twice or malformed, no certificate, no version where one is needed, a key the service's algorithms do not fit
 */
export function createKmsAdapter({ service, keys, fetch, algorithms, limits, repeatLost = false }: KmsAdapterOptions): SigningAdapter {
  const known = keys.map((key) => ({ key, choice: choiceFor(service, key, algorithms) }));
  if (new Set(keys.map(({ ref }) => ref)).size !== keys.length) throw new TypeError('a ref stands twice');
  const http = createHttpClient({ fetch, baseUrl: service.baseUrl, ...(limits === undefined ? {} : { limits }) });
  const client = createKmsClient(service, http, repeatLost ? 'idempotent' : 'once');
  const capabilities: Capabilities = {
    accepts: ['sm2-e', 'digest'], sm2: { preHash: 'caller-e' },
    algorithms: known.map(({ choice }) => choice).filter(({ name }, index, all) => all.findIndex((each) => each.name === name) === index),
    batch: { maxPerAuthorisation: BATCH, maxPerCall: service.maxPerCall, hashBound: false, extend: false },
    authorisation: ['none'], cancel: 'local-only', idempotency: { kind: 'none' }, reconcile: repeatLost ? 'poll' : 'none', resumable: true, certificateKnownBeforeSigning: true,
    limits: service.requestsPerSecond === undefined ? {} : { requestsPerSecond: service.requestsPerSecond },
  };
  const keyOf = (ref: string): KmsKey => {
    const found = keys.find((each) => each.ref === ref);
    if (found === undefined) throw new SignError('NO_USABLE_CREDENTIAL', 'there is no such key');
    return found;
  };
  const open = (request: BeginRequest, context: AdapterContext, handedOver: readonly string[]): AdapterSession =>
    kmsSession({ service, client, key: keyOf(request.credential.ref), request, context, handedOver, repeatLost });
  return {
    info: { id: service.id, version: '1', contract: 1, kind: 'kms', runtime: ['node', 'browser'], halves: 'single' },
    discover: () => Promise.resolve(capabilities),
    listCredentials: ({ limit }) => Promise.resolve(known.slice(0, limit).map(({ key: { ref, chain, label }, choice }): Credential => ({
      ref, chain, keyStatus: 'unknown', algorithms: [choice], auth: { factor: 'none', id: 'none' }, maxPerAuthorisation: BATCH, hashBound: false, ...(label === undefined ? {} : { label }),
    }))),
    begin: async (request, context) => open(request, context, []),
    async resume({ requestId, settled }, request, context) {
      if (requestId !== request.requestId || !Array.isArray(settled) || !settled.every((each) => typeof each === 'string')) throw new SignError('SNAPSHOT_INVALID', 'of another request');
      return open(request, context, settled);
    },
    probe: (credential, context) => probeKey(service, client, keyOf(credential.ref), algorithms, context),
  };
}

function choiceFor(service: KmsService, { ref, keyId, version, chain }: KmsKey, algorithms: Algorithms): AlgorithmChoice {
  if (!/^[A-Za-z0-9._-]{1,64}$/.test(ref)) throw new TypeError('a ref has 1 to 64 characters of A-Z a-z 0-9 . _ -');
  // It becomes part of a path: no dots that climb, no query, no fragment.
  if (!/^[A-Za-z0-9:/_.@-]{1,512}$/.test(keyId) || /(?:^|\/)\.{1,2}(?:\/|$)/.test(keyId)) throw new TypeError(`the keyId of ${ref} has characters no key service uses`);
  if (version !== undefined && !/^[A-Za-z0-9_-]{1,128}$/.test(version)) throw new TypeError(`the version of ${ref} has characters no key service uses`);
  if (service.versioned && version === undefined) throw new TypeError(`${ref} has no version, and ${service.id} signs with the newest: a certificate is for one`);
  const leaf = chain[0];
  if (leaf === undefined) throw new TypeError(`${ref} has no certificate`);
  const { algorithm, digest } = signatureProfile(parseCertificate(leaf), algorithms);
  if (service.algorithms[algorithm.name] === undefined) throw new TypeError(`${service.id} has no ${algorithm.name}, which ${ref} needs`);
  return { name: algorithm.name, digest: digest.name, oid: algorithm.signatureOids[0]! };
}
