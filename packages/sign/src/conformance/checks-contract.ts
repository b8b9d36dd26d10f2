import { parseCertificate } from '@hefu/pki';
import { alternativesOf } from '../adapter/auth-plan.js';
import { SignError } from '../error.js';
import { open, openGood, playToEnd, requestFor, runRaw } from './play.js';
import { ConformanceFailure, demand, type ConformanceCheck } from './subject.js';

const isJson = (value: unknown): boolean => same(value, JSON.parse(JSON.stringify(value ?? null)));

/** Level 0: types, what survives JSON, no foreign exceptions, no secrets. */
export const CONTRACT_CHECKS: readonly ConformanceCheck[] = [
  {
    id: 'L0.info', level: 'L0', title: 'says what it is',
    async run(make, harness) {
      const { adapter: { info } } = await openGood(make, harness);
      demand(/^[a-z0-9.-]{1,64}$/.test(info.id) && info.version !== '' && info.contract === 1 && info.runtime.length > 0, 'id, version, contract or runtime');
      return undefined;
    },
  },
  {
    id: 'L0.capabilities', level: 'L0', title: 'declares capabilities that are JSON, whole and possible',
    async run(make, harness) {
      const { capabilities } = await openGood(make, harness);
      demand(isJson(capabilities), 'capabilities do not survive JSON');
      const { batch, accepts, algorithms } = capabilities;
      for (const limit of [batch.maxPerAuthorisation, batch.maxPerCall]) demand(Number.isSafeInteger(limit) && limit >= 1, `a limit of ${limit}`);
      demand(accepts.length > 0 && algorithms.length > 0, 'accepts nothing, or signs with nothing');
      for (const { name, oid } of algorithms) {
        const known = harness.algorithms.signatures.find((each) => each.name === name);
        demand(known === undefined || [...known.signatureOids, ...known.keyOids].includes(oid), `${name} is not ${oid}`);
      }
      return undefined;
    },
  },
  {
    id: 'L0.credentials', level: 'L0', title: 'lists the same credentials each time, leaf first, by what it declares',
    async run(make, harness) {
      const { adapter, context, capabilities, credentials } = await openGood(make, harness);
      const again = await adapter.listCredentials({ limit: 100 }, context);
      demand(same(credentials.map(({ ref }) => ref), again.map(({ ref }) => ref)), 'refs differ from listing to listing');
      demand(new Set(credentials.map(({ ref }) => ref)).size === credentials.length, 'a ref stands twice');
      demand((await adapter.listCredentials({ limit: 1 }, context)).length <= 1, 'the limit is not kept');
      for (const credential of credentials) {
        const { chain, auth, algorithms, providerData = {} } = credential;
        demand(isJson(providerData) && isJson(auth), 'providerData or auth do not survive JSON');
        for (const factor of alternativesOf(auth).flat()) demand(capabilities.authorisation.includes(factor.factor), `${factor.factor} is asked for and not declared`);
        for (const { name } of algorithms) demand(capabilities.algorithms.some((each) => each.name === name), `${name} is not declared`);
        if (chain.length === 0) {
          demand(!capabilities.certificateKnownBeforeSigning, 'a credential without certificate');
          continue;
        }
        const certificates = chain.map((der) => parseCertificate(der));
        demand(certificates[0]!.extBasicConstraints?.ca !== true, 'the leaf is not first');
      }
      return undefined;
    },
  },
  {
    id: 'L0.snapshot', level: 'L0', title: 'has a snapshot that survives JSON',
    async run(make, harness) {
      const opened = await openGood(make, harness);
      const session = await opened.adapter.begin(requestFor(opened, harness, 'snapshot'), opened.context);
      demand(isJson(session.snapshot()), 'the snapshot does not survive JSON');
      return undefined;
    },
  },
  {
    id: 'L0.begin-twice', level: 'L0', title: 'begins one job for one requestId',
    async run(make, harness) {
      const opened = await openGood(make, harness);
      const { adapter, context, capabilities, subject } = opened;
      const request = requestFor(opened, harness, 'twice');
      const first = await adapter.begin(request, context);
      const second = await adapter.begin(request, context);
      demand(subject.made === undefined || subject.made().length === 0, 'begin signs');
      await runRaw(first, opened);
      if (capabilities.idempotency.kind === 'none') return 'the provider has no idempotency';
      await runRaw(second, opened);
      const made = subject.made?.();
      if (made === undefined) return 'the subject keeps no books';
      demand(made.length === 1, `one request made ${made.length} values`);
      return undefined;
    },
  },
  {
    id: 'L0.errors', level: 'L0', title: 'throws nothing but SignError',
    async run(make, harness) {
      const opened = await openGood(make, harness);
      const request = requestFor(opened, harness, 'errors');
      await onlySignError(() => opened.adapter.begin({ ...request, credential: { ...request.credential, ref: 'no-such-credential' } }, opened.context));
      await onlySignError(() => opened.adapter.resume({ not: 'a snapshot' }, request, opened.context));
      return undefined;
    },
  },
  {
    id: 'L0.secrets', level: 'L0', title: 'writes no secret into snapshot, journal or event',
    async run(make, harness) {
      const opened = await open(make, harness);
      demand(opened !== undefined, 'there is no subject');
      if (opened.subject.secrets === undefined) return 'the subject names no secrets';
      const { end, events, snapshots, journal } = await playToEnd(opened, harness);
      demand(end.type !== 'failed' || end.error.detail !== 'secret-in-snapshot', 'a secret in the snapshot');
      const text = JSON.stringify([events, snapshots, journal]);
      for (const secret of opened.subject.secrets()) demand(!text.includes(secret), 'a secret was written');
      return undefined;
    },
  },
];

async function onlySignError(what: () => Promise<unknown>): Promise<void> {
  try {
    await what();
  } catch (error) {
    if (error instanceof SignError) return;
    throw new ConformanceFailure(`threw ${error instanceof Error ? error.name : typeof error}`);
  }
  throw new ConformanceFailure('took what is none');
}

function same(a: unknown, b: unknown): boolean {
  if (Object.is(a, b)) return true;
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false;
  if (Object.getPrototypeOf(a) !== Object.getPrototypeOf(b)) return false;
  const names = Object.keys(a);
  return names.length === Object.keys(b).length && names.every((name) => name in b && same(a[name as never], b[name as never]));
}
