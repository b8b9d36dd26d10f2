import { isTerminal, SignError, type JsonObject, type SigningEvent, type TerminalEvent } from '@hefu/sign';
import type { Store } from '@hefu/updater';

/** What a page keeps of a signing. */
export interface KeptSigning {
  readonly snapshot?: JsonObject;
  /** How it ended without everything being signed. */
  readonly ended?: Exclude<TerminalEvent, { readonly type: 'done' }>;
}

export interface KeptSignings {
  /** Nothing, where there is none or what is there cannot be read. */
  get(requestId: string): Promise<KeptSigning>;
  /** @throws SignError SNAPSHOT_INVALID when it could not be kept */
  put(requestId: string, signing: { readonly snapshot: JsonObject; readonly ended?: TerminalEvent }): Promise<void>;
}

/**
 * Signings by name. Signatures are not among what is kept: going on from the snapshot makes the messages again from the values in it, and judges
 * them, so that nothing is handed over because it lay in a store.
 */
export function keptSignings(store: Store): KeptSignings {
  const keyOf = (requestId: string): string => `signing ${requestId}`;
  return {
    async get(requestId) {
      const bytes = await store.get(keyOf(requestId));
      if (bytes === undefined) return {};
      try {
        const { snapshot, ended } = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes)) as KeptSigning;
        return {
          ...(typeof snapshot === 'object' && snapshot !== null ? { snapshot } : {}),
          ...(typeof ended === 'object' && ended !== null && isTerminal(ended as SigningEvent) && (ended.type as string) !== 'done' ? { ended } : {}),
        };
      } catch (error) {
        if (error instanceof SyntaxError || error instanceof TypeError) return {};
        throw error;
      }
    },
    async put(requestId, { snapshot, ended }) {
      const told = ended === undefined || ended.type === 'done' ? undefined : ended.type === 'failed' ? { type: ended.type, error: ended.error, signatures: [], failed: [] } : ended;
      const kept: KeptSigning = { snapshot, ...(told === undefined ? {} : { ended: told }) };
      try {
        await store.put(keyOf(requestId), new TextEncoder().encode(JSON.stringify(kept)));
      } catch (cause) {
        throw new SignError('SNAPSHOT_INVALID', 'how far the signing is could not be kept', { cause, detail: 'not-kept', outcome: 'unknown' });
      }
    },
  };
}
