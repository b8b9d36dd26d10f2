import { sm2 } from '@hefu/crypto';
import { SignError, type AdapterContext, type AdapterSession, type AlgorithmChoice, type BeginRequest, type Capabilities, type Credential, type Leases, type SigningAdapter } from '@hefu/sign';
import { readRecord, requireUsable } from './co-sign.js';
import { requireConsent, type CosignConsent } from './consent.js';
import type { CosignServer } from './cosign-server.js';
import { cosignSession } from './cosign-session.js';
import type { ShareSeal, ShareStore } from './share-record.js';

export interface CosignAdapterOptions {
  /** Nothing of this works without it. */
  readonly enable: CosignConsent;
  readonly store: ShareStore;
  readonly seal: ShareSeal;
  readonly server: CosignServer;
  /** Shared by all tabs or processes that may use the same store. */
  readonly leases: Leases;
}

const ALGORITHM: AlgorithmChoice = { name: sm2.name, digest: 'SM3', oid: sm2.signatureOids[0]! };
/** Rounds a session holds; each is a request and an answer. */
const BATCH = 100;

/**
 * Keys in two halves: one here, sealed by the platform, one at a server (协同签名). **A vendor protocol without a security proof of ours**; see
 * `COSIGN_CONSENT`. Every value is verified before anything of it leaves, and a server that does not do its part ends the use of the share for good.
 * @throws TypeError without consent
 */
export function createCosignAdapter({ enable, store, seal, server, leases }: CosignAdapterOptions): SigningAdapter {
  requireConsent(enable);
  const auth = seal.needs === 'pin' ? { factor: 'pin', id: 'PIN' } as const : { factor: 'none', id: 'none' } as const;
  const capabilities: Capabilities = {
    accepts: ['sm2-e'], sm2: { preHash: 'caller-e' }, algorithms: [ALGORITHM],
    batch: { maxPerAuthorisation: BATCH, maxPerCall: 1, hashBound: false, extend: false },
    authorisation: [auth.factor], cancel: 'remote', idempotency: { kind: 'none' }, reconcile: 'poll', resumable: true, certificateKnownBeforeSigning: true, limits: {},
  };
  const open = async (request: BeginRequest, context: AdapterContext, handedOver: readonly string[]): Promise<AdapterSession> => {
    const id = request.credential.ref;
    const record = await readRecord(store, id);
    // `checking` may be another session's, which holds the lease; the run, which has it then, decides.
    if (record.state !== 'checking') requireUsable(record, ['active']);
    return cosignSession({ id, store, seal, server, request, context, leases, handedOver });
  };
  return {
    info: { id: 'cosign-sm2', version: '1', contract: 1, kind: 'cosign', runtime: ['browser', 'node'], halves: 'browser+backend' },
    discover: () => Promise.resolve(capabilities),
    async listCredentials({ limit }) {
      const found: Credential[] = [];
      for (const id of await store.ids()) {
        const { state, chain } = await readRecord(store, id);
        if (chain.length === 0 || found.length >= limit) continue;
        found.push({ ref: id, chain, keyStatus: state === 'active' ? 'enabled' : state === 'aborted' ? 'locked' : 'unknown', algorithms: [ALGORITHM], auth, maxPerAuthorisation: BATCH, hashBound: false });
      }
      return found;
    },
    begin: (request, context) => open(request, context, []),
    async resume({ requestId, settled }, request, context) {
      if (requestId !== request.requestId || !Array.isArray(settled) || !settled.every((each) => typeof each === 'string')) throw new SignError('SNAPSHOT_INVALID', 'of another request');
      return open(request, context, settled);
    },
  };
}
