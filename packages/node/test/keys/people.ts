import { parseCertificate, type Certificate } from '@hefu/pki';
import type { SoftKey, ToSign } from '@hefu/sign';
import { sm2Digest, type EcPublicKey } from '@hefu/crypto';
import { createWorld, type Company, type KeyKind, type World } from '../../../sandbox/dist/index.js';
import { nodeAlgorithms } from '../../src/index.js';

export const AT: number = Date.UTC(2026, 5, 1, 4);
export const world: World = createWorld({ seed: 'keys in files', at: AT });
export const algorithms = nodeAlgorithms();
export const companies = (kind: KeyKind): Company[] => world.companies.filter(({ state, issuer, sign }) => state === 'good' && issuer.listed && sign.key.kind === kind);
export const company = (kind: KeyKind, n = 0): Company => companies(kind)[n]!;
/** The CAs above, nearest first. */
export const above = ({ issuer, authority }: Company): Uint8Array[] => [issuer.certificate, ...authority.above.map(({ certificate }) => certificate)];

/** Whether the key signs for its certificate. */
export async function signs(key: SoftKey, leaf: Certificate = parseCertificate(key.credential.chain[0]!)): Promise<boolean> {
  const { name } = key.credential.algorithms[0]!;
  const message = new TextEncoder().encode('what is signed');
  const publicKey = leaf.spki.key;
  const toSign: ToSign = name === 'SM2-SM3'
    ? { kind: 'sm2-e', value: sm2Digest((publicKey as EcPublicKey).point, message), id: new Uint8Array(0) }
    : { kind: 'tbs', digest: key.credential.algorithms[0]!.digest, value: message };
  return algorithms.signatures.find((each) => each.name === name)!.verify(publicKey, message, await key.sign(toSign, name));
}
