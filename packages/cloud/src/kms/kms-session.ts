import { SignError, type AdapterContext, type AdapterEvent, type AdapterSession, type BeginRequest, type JsonObject, type RawSignature, type SessionIO, type SigningItem } from '@hefu/sign';
import type { KmsKey } from './kms-key.js';
import type { KmsService, KmsValue } from './kms-service.js';
import { refusalError, type KmsClient } from './sign-call.js';

export interface KmsSessionInput {
  readonly service: KmsService;
  readonly client: KmsClient;
  readonly key: KmsKey;
  readonly request: BeginRequest;
  readonly context: AdapterContext;
  /** Items whose values core has had before. */
  readonly handedOver: readonly string[];
  /** A lost answer may be asked for again. */
  readonly repeatLost: boolean;
}

/** One signing: call by call, each value handed over before the next call leaves. */
export function kmsSession({ service, client, key, request, context, handedOver, repeatLost }: KmsSessionInput): AdapterSession {
  const { requestId, items, algorithm: { name, oid } } = request;
  const settled = new Set(handedOver);
  const algorithm = service.algorithms[name];
  if (algorithm === undefined) throw new SignError('ALGORITHM_UNSUPPORTED', `${service.id} has no ${name}`);
  let stopped = false;
  /** `sent`: whether it signed is not known; `answered`: it did, and nobody has taken the values yet. */
  let pending: 'sent' | 'answered' | undefined;
  return {
    snapshot: (): JsonObject => ({ requestId, settled: [...settled] }),
    async *run({ signal }: SessionIO): AsyncGenerator<AdapterEvent, void, void> {
      yield { type: 'phase', phase: 'signing' };
      const waiting = items.filter(({ itemId }) => !settled.has(itemId));
      for (let i = 0; i < waiting.length; i += service.maxPerCall) {
        if (stopped || signal.aborted) throw new SignError('ABORTED', 'aborted between two signatures');
        const part = waiting.slice(i, i + service.maxPerCall);
        const digests = part.map(digestOf);
        pending = 'sent';
        let values: readonly KmsValue[];
        try {
          values = await client.sign(context, key, algorithm, digests);
        } catch (error) {
          if (error instanceof SignError && error.outcome === 'not-signed') {
            pending = undefined;
            yield { type: 'checkpoint', inFlight: false };
          }
          throw error;
        }
        pending = 'answered';
        const signatures = part.flatMap(({ itemId }, index): RawSignature[] => {
          const value = values[index]!;
          return 'refused' in value ? [] : [{ itemId, ...value, algorithmOid: oid }];
        });
        yield { type: 'signatures', signatures };
        pending = undefined;
        for (const [index, { itemId }] of part.entries()) {
          settled.add(itemId);
          const value = values[index]!;
          if ('refused' in value) yield { type: 'item-failed', itemId, error: refusalError(service, value.refused, undefined, itemId).toJSON() };
        }
        yield { type: 'checkpoint', inFlight: false };
      }
    },
    // A value that nobody received was never used, and the key asks nobody: it may be made again.
    ...(repeatLost ? { reconcile: async () => ({ state: 'not-signed' as const }) } : {}),
    async cancel() {
      stopped = true;
      if (pending === 'sent') return 'unknown';
      return pending === 'answered' || items.every(({ itemId }) => settled.has(itemId)) ? 'too-late' : 'cancelled';
    },
  };
}

function digestOf({ itemId, toSign }: SigningItem): Uint8Array {
  if (toSign.kind === 'tbs') throw new SignError('ADAPTER_MISCONFIGURED', 'a key service is given digests', { itemId, detail: 'tbs' });
  return toSign.value;
}
