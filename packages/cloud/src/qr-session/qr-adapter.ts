import type { Algorithms } from '@hefu/crypto';
import { SignError, type AdapterContext, type AdapterEvent, type BeginRequest, type Capabilities, type Clock, type Credential, type JsonObject, type SessionIO, type SigningAdapter } from '@hefu/sign';
import { createHttpClient } from '../http/client.js';
import type { Fetch, HttpLimits } from '../http/ports.js';
import { readPath } from './answer-path.js';
import type { PlatformKey } from './authenticate.js';
import { createCallbackDesk, type CallbackReceipt, type IncomingCallback } from './callback-desk.js';
import { chooseByJob, requireChoice } from './choose-certificate.js';
import type { Job, JobSetup } from './job.js';
import type { JobVault } from './job-vault.js';
import type { JobShape, QrMapping } from './mapping.js';
import { createProviderCalls } from './provider-calls.js';
import { bindingOf, displayedText, qrSession } from './qr-session.js';
import { credentialRef, credentialValue, readCredential } from './read-certificate.js';
import { readQrMapping } from './read-mapping.js';
import { fill, type Scope } from './template.js';
import { own } from './provider-calls.js';

export interface QrAdapterOptions {
  /** As data: checked by `readQrMapping`. */
  readonly mapping: QrMapping;
  readonly fetch: Fetch;
  /** Of the provider's interface; all calls are below it. `https:`, or `http:` on loopback. */
  readonly baseUrl: string;
  readonly algorithms: Algorithms;
  readonly clock: Clock;
  /** Secrets of jobs, and whose job is whose. */
  readonly vault: JobVault;
  /** Values of the mapping's `settings`. */
  readonly settings?: Readonly<Record<string, string>>;
  /** By the names the mapping gives them. */
  readonly keys?: Readonly<Record<string, PlatformKey>>;
  /** Where the provider calls back. */
  readonly callbackUrl?: string;
  /** Opens sealed callbacks. */
  readonly openCallback?: (body: Uint8Array) => Promise<JsonObject>;
  /** Credentials known from before: of an earlier choice, of the platform's user records. */
  readonly known?: (userId: string | undefined) => Promise<readonly Credential[]>;
  readonly limits?: Partial<HttpLimits>;
}

export interface QrSessionAdapter extends SigningAdapter {
  /** Where the mapping has a `choice`: the user shows a certificate. @returns after its events, a credential that is listed from now on */
  chooseCertificate(requestId: string, display: Pick<BeginRequest['display'], 'locale' | 'verificationCode'>, io: SessionIO, context: AdapterContext): AsyncGenerator<AdapterEvent, Credential, void>;
  /** A call of the provider. Idempotent; wakes the session it is about, and nothing more. */
  handleCallback(callback: IncomingCallback): Promise<CallbackReceipt>;
  /** Wakes the session of a job after another process had the callback. */
  wake(jobId: string): void;
}

/** Credentials chosen here that are remembered; the oldest go first. */
const MAX_CHOSEN = 1000;

/**
 * Signs with keys on phones: a job, a QR code, and questions until the user has decided. The backend half: job secrets stay in
 * its vault, and what a browser needs is in the challenges.
 * @throws TypeError for a mapping, an address, settings or keys that are none
 */
export function createQrSessionAdapter(options: QrAdapterOptions): QrSessionAdapter {
  const { algorithms, vault, settings = {}, keys = {}, clock } = options;
  const mapping = readQrMapping(options.mapping);
  for (const name of mapping.settings) if (typeof settings[name] !== 'string' || settings[name].length > 512) throw new TypeError(`the setting ${name} is missing`);
  for (const name of [mapping.authentication?.key, mapping.callback?.signature?.key]) if (name !== undefined && keys[name] === undefined) throw new TypeError(`the key ${name} is missing`);
  if (mapping.callback?.sealed === true && options.openCallback === undefined) throw new TypeError('callbacks are sealed: openCallback is missing');
  const http = createHttpClient({ fetch: options.fetch, baseUrl: options.baseUrl, ...(options.limits === undefined ? {} : { limits: options.limits }) });
  const calls = createProviderCalls({ mapping, http, keys, settings, algorithms });
  const desk = createCallbackDesk({ shape: mapping.callback, keys, clock, algorithms, ...(options.openCallback === undefined ? {} : { open: options.openCallback }) });
  const chosen = new Map<string, Credential>();
  const capabilities = capabilitiesOf(mapping);

  const setupOf = (shape: JobShape, purpose: 'sign' | 'choice', requestId: string, binding: string, verificationCode: string, scope: Scope, items?: readonly Scope[]): JobSetup => ({
    shape, realm: `qr ${mapping.id} ${purpose}`, requestId, binding, verificationCode, calls, vault, desk, algorithms, ...(items === undefined ? {} : { items }),
    scope: derivedScope(shape, (name) => (name === 'callback.url' ? options.callbackUrl : name.startsWith('platform.') ? settings[name.slice('platform.'.length)] : scope(name)), items, algorithms),
  });

  const open = (request: BeginRequest, resumed: Job | undefined, context: AdapterContext) => {
    const { credential, items } = request;
    const leaf = credential.chain[0];
    if (leaf === undefined) throw new SignError('CERT_UNKNOWN', 'the certificate is not known: let the user show it first');
    // The name follows from the certificate: what a job asks for and what its values are verified with are one.
    if (credential.ref !== credentialRef(mapping, leaf, algorithms)) throw new SignError('NO_USABLE_CREDENTIAL', 'there is no such credential here');
    if (items.length > mapping.batch) throw new SignError('BATCH_TOO_LARGE', `${items.length} items, ${mapping.batch} at most`);
    const word = mapping.algorithms.find(({ name }) => name === request.algorithm.name)?.word;
    if (word === undefined) throw new SignError('ALGORITHM_UNSUPPORTED', `${request.algorithm.name} is not offered`);
    const binding = bindingOf(request, algorithms);
    return qrSession(mapping, request, setupOf(mapping.sign, 'sign', request.requestId, binding, shownCode(mapping, request, algorithms), signingScope(mapping, request, word), itemScopes(mapping, request)), resumed, context);
  };

  return {
    info: { id: mapping.id, version: mapping.version, contract: 1, kind: 'qr-session', runtime: ['node'], halves: 'browser+backend' },
    discover: () => Promise.resolve(capabilities),
    async listCredentials({ userId, limit }, context) {
      const found = [...(await options.known?.(userId) ?? []), ...chosen.values(), ...(await queried(userId, context))];
      return found.filter(({ ref }, index) => found.findIndex((each) => each.ref === ref) === index).slice(0, limit);
    },
    begin: async (request, context) => open(request, undefined, context),
    async resume(snapshot, request, context) {
      const binding = bindingOf(request, algorithms);
      if (snapshot['requestId'] !== request.requestId || snapshot['binding'] !== binding) throw new SignError('SNAPSHOT_INVALID', 'of another request', { detail: 'binding' });
      return open(request, snapshot['job'] === undefined ? undefined : readJob(snapshot['job']), context);
    },
    async *chooseCertificate(requestId, { locale, verificationCode }, io, context) {
      const shape = requireChoice(mapping);
      const scope: Scope = (name) => ({ 'request.id': requestId, 'display.code': verificationCode, 'display.locale': locale, 'display.text': locale === 'zh-CN' ? '选择证书' : 'Choose a certificate' })[name];
      const credential = yield* chooseByJob(mapping, shape, setupOf(shape, 'choice', requestId, `choice ${requestId}`, verificationCode, scope), io, context, algorithms);
      chosen.set(credential.ref, credential);
      if (chosen.size > MAX_CHOSEN) chosen.delete(chosen.keys().next().value!);
      return credential;
    },
    handleCallback: (callback) => desk.handle(callback),
    wake: (jobId) => desk.wake(jobId),
  };

  async function queried(userId: string | undefined, context: AdapterContext): Promise<readonly Credential[]> {
    if (mapping.credentials === undefined || !('query' in mapping.credentials)) return [];
    const { query } = mapping.credentials;
    const { json } = await calls.call(context, 'credentials', query.call, (name) => (name === 'user.id' ? userId : undefined));
    const entries = readPath(json, query.list);
    if (!Array.isArray(entries)) throw new SignError('PROVIDER_PROTOCOL', 'there is no list of certificates', { detail: 'credentials', outcome: 'not-signed' });
    return (entries as readonly JsonObject[]).flatMap((entry) => {
      try {
        return [readCredential(entry, query, mapping, algorithms)];
      } catch (error) {
        context.note('credential-unreadable', { code: error instanceof SignError ? error.code : 'unknown' });
        return [];
      }
    });
  }
}

function capabilitiesOf(mapping: QrMapping): Capabilities {
  return {
    accepts: mapping.accepts, sm2: { preHash: 'caller-e' },
    algorithms: mapping.algorithms.map(({ word: _, ...choice }) => choice),
    batch: { maxPerAuthorisation: mapping.batch, maxPerCall: mapping.batch, hashBound: true, extend: false },
    authorisation: ['qr'], cancel: mapping.sign.cancel === undefined ? 'local-only' : 'remote',
    // One request has one job in the vault, whatever the provider does with a second create; one whose answer was lost nobody can confirm.
    idempotency: { kind: 'client-key' }, reconcile: 'poll', resumable: true, certificateKnownBeforeSigning: true,
    limits: { sessionTtlMs: mapping.sign.job.ttlMs, ...(mapping.labelMaxChars === undefined ? {} : { labelMaxChars: mapping.labelMaxChars }) },
    ...(mapping.showsLabels === undefined ? {} : { showsLabels: mapping.showsLabels }),
  };
}

function signingScope(mapping: QrMapping, request: BeginRequest, word: string): Scope {
  const { requestId, credential, items, algorithm, display } = request;
  const { text, labelMaxChars = Infinity } = displayedText(mapping, request);
  const [only] = mapping.batch === 1 ? itemScopes(mapping, request) : [];
  return (name) => {
    if (name.startsWith('credential.')) return credentialValue(credential, name.slice('credential.'.length));
    switch (name) {
      case 'request.id': return requestId;
      case 'algorithm.word': return word;
      case 'algorithm.oid': return algorithm.oid;
      case 'algorithm.digest': return algorithm.digest;
      case 'items.count': return items.length;
      case 'display.text': return [...text].slice(0, labelMaxChars).join('');
      case 'display.code': return display.verificationCode;
      case 'display.locale': return display.locale;
      default: return only?.(name);
    }
  };
}

/** Adds `derived.*`, each made once. */
function derivedScope({ derived = {} }: JobShape, outer: Scope, items: readonly Scope[] = [], { digests }: Algorithms): Scope {
  const made = new Map<string, string>();
  return (name) => {
    if (!name.startsWith('derived.')) return outer(name);
    const template = own(derived, name.slice('derived.'.length));
    if (template !== undefined && !made.has(name)) made.set(name, JSON.stringify(fill(template, { scope: outer, items, digests })));
    return made.get(name);
  };
}

/** What the phone shows beside the request, so that the user can tell it from another's. */
function shownCode({ verificationCode = 'session' }: QrMapping, { items, display }: BeginRequest, { digests }: Algorithms): string {
  if (verificationCode === 'session') return display.verificationCode;
  const [high, low] = digests.find(({ name }) => name === 'SHA-256')!.digest(items[0]!.toSign.value).slice(-2) as unknown as [number, number];
  return String((high * 256 + low) % 10_000).padStart(4, '0');
}

function itemScopes({ showsLabels = false, labelMaxChars = Infinity }: QrMapping, { items, display }: BeginRequest): readonly Scope[] {
  return items.map(({ itemId, toSign, label }, index): Scope => (name) => {
    switch (name) {
      case 'item.id': return itemId;
      case 'item.value': return toSign.value;
      case 'item.index': return index;
      case 'item.label': return showsLabels && display.shareLabels ? [...label].slice(0, labelMaxChars).join('') : undefined;
      default: return undefined;
    }
  });
}

/** @throws SignError SNAPSHOT_INVALID */
function readJob(value: unknown): Job {
  const job = value as Partial<Job> | null;
  const whole = typeof job === 'object' && job !== null && typeof job.id === 'string' && /^[A-Za-z0-9._-]{1,256}$/.test(job.id) && typeof job.fields === 'object' && job.fields !== null
    && [job.generation, job.startedAt, job.expiresAt].every(Number.isSafeInteger) && job.generation! >= 1 && Object.values(job.fields).every((each) => typeof each === 'string');
  if (!whole) throw new SignError('SNAPSHOT_INVALID', 'the job in the snapshot is none', { detail: 'job' });
  return job as Job;
}
