import type { Algorithms } from '@hefu/crypto';
import { SignError, type AdapterContext, type Json, type JsonObject } from '@hefu/sign';
import { readPath, textAt } from './answer-path.js';
import type { CallbackDesk } from './callback-desk.js';
import type { JobVault } from './job-vault.js';
import type { JobShape, JobWord, MappedError } from './mapping.js';
import { own, type MappedAnswer, type ProviderCalls } from './provider-calls.js';
import { fillText, type Scope } from './template.js';

/** A job at the provider; JSON, no secrets. */
export interface Job {
  readonly id: string;
  /** From 1: codes that expired unseen are followed by new jobs. */
  readonly generation: number;
  readonly fields: Readonly<Record<string, string>>;
  /** Epoch milliseconds by the wall. */
  readonly startedAt: number;
  readonly expiresAt: number;
}

/** What all jobs of one request have in common. */
export interface JobSetup {
  readonly shape: JobShape;
  /** Tells jobs of one mapping and purpose from others in the vault. */
  readonly realm: string;
  readonly requestId: string;
  /** What the job is bound to: request, credential, items. */
  readonly binding: string;
  readonly scope: Scope;
  readonly items?: readonly Scope[];
  readonly verificationCode: string;
  readonly calls: ProviderCalls;
  readonly vault: JobVault;
  readonly desk: CallbackDesk;
  readonly algorithms: Algorithms;
}

/** What a poll found. */
export type Found =
  | { readonly state: 'waiting' | 'scanned'; readonly hintMs?: number }
  | { readonly state: 'signed'; readonly answer: JsonObject }
  /** It is dead, and nothing was signed. */
  | { readonly state: 'dead'; readonly code: MappedError };

/** Kept this long after a job can no longer be confirmed, for callbacks, disputes and a resumption. */
const REMEMBER_MS = 86_400_000;
/** A hint of more is none. */
const MAX_HINT_MS = 60_000;
const MAX_TTL_MS = 86_400_000;

const vaultName = ({ realm }: JobSetup, kind: 'request' | 'job' | 'secret', ...rest: readonly string[]): string => [realm, kind, ...rest].join(' ');

/** The job of a request and generation if there is one, in whatever process it was made. */
export async function knownJob(setup: JobSetup, generation: number): Promise<Job | undefined> {
  const text = await setup.vault.get(vaultName(setup, 'request', setup.requestId, String(generation)));
  return text === undefined ? undefined : ownJob(setup, text);
}

/** @throws SignError STATE_MISMATCH for what the request id was used for before */
function ownJob(setup: JobSetup, text: string): Job {
  const { binding, job } = JSON.parse(text) as { readonly binding: string; readonly job: Job };
  if (binding !== setup.binding) throw new SignError('STATE_MISMATCH', 'this request id was used for something else', { detail: 'request-of-other-items' });
  return job;
}

/**
 * Makes a job, or finds the one already made for this request. Nobody is asked: a job is confirmed by who sees its code.
 * @throws SignError STATE_MISMATCH for a job that is another request's
 */
export async function createJob(setup: JobSetup, generation: number, context: AdapterContext): Promise<Job> {
  const known = await knownJob(setup, generation);
  if (known !== undefined) return known;
  const { shape, vault } = setup;
  const startedAt = context.clock.now();
  const answer = await setup.calls.call(context, 'job/create', shape.create, (name) => (name === 'request.id' ? providerRequestId(setup, generation) : setup.scope(name)), setup.items, 'idempotent');
  const id = textAt(answer.json, shape.job.id, 256);
  const { min, max } = shape.job.idLength;
  if (id === undefined || id.length < min || id.length > max || !/^[A-Za-z0-9._-]+$/.test(id)) throw new SignError('PROVIDER_PROTOCOL', 'no job number, or one that is none', { detail: 'job-id', outcome: 'not-signed' });
  const fields = namedTexts(answer.json, shape.job.fields, 'job-field');
  const secrets = namedTexts(answer.json, shape.job.secrets, 'job-secret');
  const job: Job = { id, generation, fields, startedAt, expiresAt: startedAt + lifetime(shape, answer, startedAt) };
  const until = job.expiresAt + REMEMBER_MS;
  for (const secret of Object.values(secrets)) context.protect(secret);
  await requireOwn(setup, job);
  for (const [name, secret] of Object.entries(secrets)) await vault.claim(vaultName(setup, 'secret', id, name), secret, until);
  const kept = await vault.claim(vaultName(setup, 'request', setup.requestId, String(generation)), JSON.stringify({ binding: setup.binding, job }), until);
  context.note('job', { jobId: id, generation, expiresInMs: job.expiresAt - startedAt });
  // Of two that began at once, one is here.
  return ownJob(setup, kept);
}

/** A job belongs to one request, for good. @throws SignError STATE_MISMATCH for one that is another's */
export async function requireOwn(setup: JobSetup, { id, generation, expiresAt }: Job): Promise<void> {
  const owner = `${setup.requestId} ${generation} ${setup.binding}`;
  if ((await setup.vault.claim(vaultName(setup, 'job', id), owner, expiresAt + REMEMBER_MS)) !== owner) throw new SignError('STATE_MISMATCH', 'the job is another request’s', { detail: 'job-of-other-request' });
}

/** A generation is a job of its own to the provider. */
function providerRequestId({ requestId }: JobSetup, generation: number): string {
  return generation === 1 ? requestId : `${requestId}.q${generation}`;
}

function namedTexts(answer: JsonObject, paths: Readonly<Record<string, string>> = {}, detail: string): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(paths).map(([name, path]) => {
    const text = textAt(answer, path);
    if (text === undefined) throw new SignError('PROVIDER_PROTOCOL', `the answer lacks ${name}`, { detail, outcome: 'not-signed' });
    return [name, text];
  }));
}

function lifetime({ job: { expires, ttlMs } }: JobShape, { json, serverNow }: MappedAnswer, startedAt: number): number {
  const said = expires === undefined ? NaN : Number(textAt(json, expires.path));
  if (expires === undefined || !Number.isFinite(said)) return ttlMs;
  const inMs = expires.unit.endsWith('ms') ? said : said * 1000;
  const left = expires.unit.startsWith('epoch') ? inMs - (serverNow ?? startedAt) : inMs;
  return Math.min(MAX_TTL_MS, Math.max(0, left));
}

/** Names of a job: `job.*` of what is kept, `secret.*` of what the vault has. */
export async function jobScope(setup: JobSetup, job: Job): Promise<{ readonly scope: Scope; readonly secrets: readonly string[]; readonly complete: boolean }> {
  const names = Object.keys(setup.shape.job.secrets ?? {});
  const secrets = new Map<string, string>();
  for (const name of names) {
    const secret = await setup.vault.get(vaultName(setup, 'secret', job.id, name));
    if (secret !== undefined) secrets.set(name, secret);
  }
  return {
    secrets: [...secrets.values()], complete: secrets.size === names.length,
    scope: (name) => {
      if (name === 'request.id') return providerRequestId(setup, job.generation);
      if (name === 'job.id') return job.id;
      if (name.startsWith('job.')) return own(job.fields, name.slice('job.'.length));
      return name.startsWith('secret.') ? secrets.get(name.slice('secret.'.length)) : setup.scope(name);
    },
  };
}

/** Forgets what only showing needed. */
export async function forgetSecrets(setup: JobSetup, job: Job): Promise<void> {
  for (const name of Object.keys(setup.shape.job.secrets ?? {})) await setup.vault.remove(vaultName(setup, 'secret', job.id, name));
}

/**
 * Asks once how it stands.
 * @throws SignError PROVIDER_PROTOCOL for a word that is in no table, STATE_MISMATCH and CERT_SWAPPED for a result that is about something else
 */
export async function pollJob(setup: JobSetup, scope: Scope, context: AdapterContext): Promise<Found> {
  const { status, binds, pace } = setup.shape;
  let scanned = false;
  for (const { call, words } of status) {
    const { json } = await setup.calls.call(context, 'job/status', call, scope, setup.items);
    const word = wordOf(json, words);
    if (word === 'next') {
      scanned = true;
      continue;
    }
    if (word === 'signed') {
      for (const { path, equals, code = 'STATE_MISMATCH' } of binds) {
        if (textAt(json, path) !== fillText(equals, { scope, digests: setup.algorithms.digests })) throw new SignError(code, 'the result is about something else', { detail: `bind ${path}`, outcome: 'signed' });
      }
      return { state: 'signed', answer: json };
    }
    if (word !== 'waiting' && word !== 'scanned') return { state: 'dead', code: word };
    const hint = pace.hint === undefined ? NaN : Number(textAt(json, pace.hint.path)) * (pace.hint.unit === 's' ? 1000 : 1);
    return { state: scanned || word === 'scanned' ? 'scanned' : 'waiting', ...(hint > 0 ? { hintMs: Math.min(MAX_HINT_MS, hint) } : {}) };
  }
  throw new SignError('PROVIDER_PROTOCOL', 'the status leads nowhere', { detail: 'status-word', outcome: 'unknown' });
}

/** Never a guess: what is not in the table stops the session. */
function wordOf(json: JsonObject, words: readonly { readonly path: string; readonly is: Readonly<Record<string, JobWord>> }[]): JobWord {
  for (const [index, { path, is }] of words.entries()) {
    const said: Json | undefined = readPath(json, path);
    const word = typeof said === 'string' || typeof said === 'number' || typeof said === 'boolean' ? own(is, String(said)) : undefined;
    if (word === undefined) break;
    if (word !== 'next' || index === words.length - 1) return word;
  }
  throw new SignError('PROVIDER_PROTOCOL', 'a status word that is in no table', { detail: 'status-word', outcome: 'unknown' });
}

/** Ends it at the provider. @returns what is known of it afterwards; never throws */
export async function cancelJob(setup: JobSetup, job: Job, context: AdapterContext): Promise<'cancelled' | 'too-late' | 'unknown'> {
  const { scope } = await jobScope(setup, job);
  try {
    if (setup.shape.cancel !== undefined) await setup.calls.call(context, 'job/cancel', setup.shape.cancel, scope, setup.items, 'idempotent');
  } catch {
    // Whether it is ended is for the status to say.
  }
  try {
    const { state } = await pollJob(setup, scope, context);
    return state === 'dead' ? 'cancelled' : state === 'signed' ? 'too-late' : 'unknown';
  } catch {
    return 'unknown';
  }
}
