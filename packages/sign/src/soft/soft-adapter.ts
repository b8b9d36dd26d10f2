import type { AdapterEvent, AdapterSession, BeginRequest, Capabilities, Credential, JsonObject, SessionIO, SigningAdapter, SigningItem, ToSign } from '../adapter/index.js';
import { SignError } from '../error.js';

/** A key at hand. */
export interface SoftKey {
  /** As `Credential`, without what an adapter says of itself. */
  readonly credential: Pick<Credential, 'ref' | 'chain' | 'algorithms' | 'label'>;
  /** Takes the first form of `accepts` that is possible and returns a value in any form that is read. */
  sign(toSign: ToSign, algorithm: string): Promise<Uint8Array> | Uint8Array;
}

export interface SoftAdapterOptions {
  readonly keys: readonly SoftKey[];
  /** Forms the keys take, best first. Default: e of SM2 and digests. */
  readonly accepts?: readonly ToSign['kind'][];
}

/** Items at a time; a key at hand knows no limit of its own. */
const BATCH = 1000;

/**
 * Keys in memory or in a module beside the program, through a function that signs: the reference for adapters, the shortest
 * that does everything the contract asks. Needs no authorisation, so nothing is ever live longer than a call.
 */
export function createSoftAdapter({ keys, accepts = ['sm2-e', 'digest'] }: SoftAdapterOptions): SigningAdapter {
  const capabilities: Capabilities = {
    accepts, sm2: { preHash: 'caller-e' },
    algorithms: distinct(keys.flatMap(({ credential }) => credential.algorithms)),
    batch: { maxPerAuthorisation: BATCH, maxPerCall: BATCH, hashBound: false, extend: false },
    authorisation: ['none'], cancel: 'remote', idempotency: { kind: 'client-key' }, reconcile: 'poll', resumable: true, certificateKnownBeforeSigning: true, limits: {},
  };
  const credentialOf = ({ credential }: SoftKey): Credential => ({
    ...credential, keyStatus: 'enabled', auth: { factor: 'none', id: 'none' }, maxPerAuthorisation: BATCH, hashBound: false,
  });
  const open = (request: BeginRequest): AdapterSession => {
    const key = keys.find(({ credential }) => credential.ref === request.credential.ref);
    if (key === undefined) throw new SignError('NO_USABLE_CREDENTIAL', 'there is no such key');
    return softSession(key, request);
  };
  return {
    info: { id: 'soft', version: '1', contract: 1, kind: 'soft', runtime: ['browser', 'node'], halves: 'single' },
    discover: () => Promise.resolve(capabilities),
    listCredentials: ({ limit }) => Promise.resolve(keys.slice(0, limit).map(credentialOf)),
    begin: async (request) => open(request),
    resume: async (snapshot: JsonObject, request) => {
      if (snapshot['requestId'] !== request.requestId) throw new SignError('SNAPSHOT_INVALID', 'of another request');
      return open(request);
    },
  };
}

function softSession(key: SoftKey, { requestId, items, algorithm }: BeginRequest): AdapterSession {
  let complete = false;
  let cancelled = false;
  return {
    snapshot: () => ({ requestId }),
    async *run({ signal }: SessionIO): AsyncGenerator<AdapterEvent, void, void> {
      yield { type: 'phase', phase: 'signing' };
      for (const item of items) {
        if (signal.aborted || cancelled) throw new SignError('ABORTED', 'aborted between two signatures');
        yield { type: 'signatures', signatures: [{ itemId: item.itemId, value: await signed(key, item, algorithm.name), algorithmOid: algorithm.oid }] };
      }
      complete = true;
    },
    // A value that nobody received was never used, and the key asks nobody: it may be made again.
    reconcile: () => Promise.resolve({ state: 'not-signed' }),
    cancel: () => {
      cancelled = true;
      return Promise.resolve(complete ? 'too-late' : 'cancelled');
    },
  };
}

async function signed(key: SoftKey, { itemId, toSign }: SigningItem, algorithm: string): Promise<Uint8Array> {
  try {
    return await key.sign(toSign, algorithm);
  } catch (cause) {
    throw cause instanceof SignError ? cause : new SignError('SIGNER_FAILED', 'the key failed', { cause, itemId, outcome: 'not-signed' });
  }
}

function distinct(choices: Capabilities['algorithms']): Capabilities['algorithms'] {
  return choices.filter((choice, index) => choices.findIndex(({ name }) => name === choice.name) === index);
}
