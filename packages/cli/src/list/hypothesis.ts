import { generateKeyPairSync } from 'node:crypto';
import { joseListSigner, signList, updateTrustList, type ListRole, type ListSigner, type TrustList } from '@hefu/trust-list';
import { refusalOf } from './refusal.js';
import { algorithms } from './tree.js';

/**
 * A list that nobody has signed, for asking what it would mean. It is signed by a key that exists only here, and read
 * under a role of that key alone: verification code sees what it always sees, and nobody else can be shown it.
 */
export interface Hypothesis {
  readonly list: TrustList;
  readonly role: ListRole;
}

let signer: Promise<ListSigner> | undefined;

/** @throws CliError with the code for which readers would refuse the payload */
export async function suppose(payload: Uint8Array, at: number): Promise<Hypothesis> {
  signer ??= joseListSigner(generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey.export({ format: 'jwk' }) as Parameters<typeof joseListSigner>[0], 'ES256');
  const { jwk } = await signer;
  const role: ListRole = { keys: [{ jwk, org: 'hypothesis' }], threshold: 1 };
  const outcome = await updateTrustList(undefined, await signList(payload, [await signer]), { role, algorithms, at });
  if (outcome.outcome === 'refused') throw refusalOf(outcome, 'list');
  return { list: outcome.trustList, role };
}
