import type { Trust } from '@hefu/trust-list';
import type { Evidence } from '../evidence.js';
import type { StoredFile } from './model.js';

type Parsed = Evidence['candidateCertificates'][number] | Evidence['crls'][number]['crl'] | NonNullable<Evidence['ocsp']>[number]['response'];

/**
 * What verdicts of one bundle share, read, hashed and parsed once: lists, CRLs, certificates, policies. Owned by the caller, for one
 * pin and one list of algorithms.
 */
export interface ReplayCache {
  /** By the objects' names. */
  readonly trusts: Map<string, Promise<Trust>>;
  readonly parsed: WeakMap<Uint8Array, Parsed>;
  object(sha256: string): { readonly bytes: Uint8Array; readonly file: StoredFile } | undefined;
  keep(bytes: Uint8Array, file: StoredFile): void;
}

/** @param maxBytes octets of objects held; default 256 MiB, the CRLs of a province's CAs several times over */
export function createReplayCache({ maxBytes = 268_435_456 }: { readonly maxBytes?: number } = {}): ReplayCache {
  const objects = new Map<string, { readonly bytes: Uint8Array; readonly file: StoredFile }>();
  let held = 0;
  return {
    trusts: new Map(),
    parsed: new WeakMap(),
    object: (sha256) => objects.get(sha256),
    keep(bytes, file) {
      if (objects.has(file.sha256) || held + bytes.length > maxBytes) return;
      held += bytes.length;
      objects.set(file.sha256, { bytes, file });
    },
  };
}
