import { SignError, type AdapterContext, type AdapterEvent, type AdapterSession, type BeginRequest, type JsonObject, type Leases, type SessionIO } from '@hefu/sign';
import { coSign, readRecord, requireUsable, type CoSignInput } from './co-sign.js';

export interface CosignSessionInput extends Pick<CoSignInput, 'id' | 'store' | 'seal' | 'server'> {
  readonly request: BeginRequest;
  readonly context: AdapterContext;
  readonly leases: Leases;
  readonly handedOver: readonly string[];
}

/** Round after round, one at a time for a share. Each item has a nonce of its own, and so has each attempt at it. */
export function cosignSession({ id, store, seal, server, request: { requestId, items, algorithm }, context, leases, handedOver }: CosignSessionInput): AdapterSession {
  const settled = new Set(handedOver);
  let stopped = false;
  /** A value is made and nobody has taken it yet. */
  let made = false;
  const sign = (digest: Uint8Array, pin: string | undefined): Promise<Uint8Array> =>
    coSign({ id, store, seal, server, context, digest, from: ['active'], to: 'active', ...(pin === undefined ? {} : { pin }) });
  return {
    snapshot: (): JsonObject => ({ requestId, settled: [...settled] }),
    async *run(io: SessionIO): AsyncGenerator<AdapterEvent, void, void> {
      const lease = `cosign ${id}`;
      if (!(await leases.acquire(lease))) throw new SignError('ACTION_PENDING', 'this share is signing elsewhere');
      try {
        requireUsable(await readRecord(store, id), ['active']);
        context.note('cosign', { protocol: 'vendor protocol, no security proof', share: id });
        yield { type: 'phase', phase: 'authorising' };
        let pin = seal.needs === 'pin' ? await askPin(io) : undefined;
        yield { type: 'phase', phase: 'signing' };
        for (const { itemId, toSign } of items) {
          if (settled.has(itemId)) continue;
          if (toSign.kind !== 'sm2-e') throw new SignError('ADAPTER_MISCONFIGURED', 'co-signing is given e', { itemId, detail: toSign.kind });
          let value: Uint8Array | undefined;
          while (value === undefined) {
            if (stopped || io.signal.aborted) throw new SignError('ABORTED', 'aborted between two signatures');
            try {
              value = await sign(toSign.value, pin);
            } catch (error) {
              // An answer was had, and there is no signature.
              if (error instanceof SignError && error.outcome === 'not-signed') yield { type: 'checkpoint', inFlight: false };
              if (!(error instanceof SignError && error.code === 'PIN_INCORRECT')) throw error;
              pin = await askPin(io, error.attemptsLeft);
            }
          }
          made = true;
          yield { type: 'signatures', signatures: [{ itemId, value, algorithmOid: algorithm.oid }] };
          made = false;
          settled.add(itemId);
          yield { type: 'checkpoint', inFlight: false };
        }
      } finally {
        await leases.release(lease);
      }
    },
    // Without this half's last step there is no signature, and a value that was not handed over is gone with its process.
    reconcile: async () => ({ state: 'not-signed' }),
    async cancel() {
      stopped = true;
      return made || items.every(({ itemId }) => settled.has(itemId)) ? 'too-late' : 'cancelled';
    },
  };
}

async function askPin(io: SessionIO, attemptsLeft?: number): Promise<string> {
  const answer = await io.ask({ type: 'pin', id: 'PIN', label: 'PIN', ...(attemptsLeft === undefined ? {} : { attemptsLeft }) });
  if (answer.type !== 'pin') throw new SignError('USER_CANCELLED', 'no PIN was given');
  return answer.value;
}
