import type { Algorithms } from '@hefu/crypto';
import { CERTIFICATE_LABELS, decodeArmoured, hexOf, parseCertificate, type Certificate } from '@hefu/pki';
import { SignError, type Credential, type Json, type JsonObject } from '@hefu/sign';
import { readPath, textAt } from './answer-path.js';
import type { CertificateShape, QrMapping } from './mapping.js';
import { own } from './provider-calls.js';

const MAX_CERTIFICATE = 64 * 1024;
const MAX_CHAIN = 8;

/** DER of the certificate at a path, which holds base64 or PEM; undefined where there is none. @throws SignError PROVIDER_PROTOCOL for what is no certificate */
export function certificateAt(answer: Json, path: string): Uint8Array | undefined {
  const text = textAt(answer, path, MAX_CERTIFICATE);
  return text === undefined ? undefined : derOf(text).bytes;
}

/**
 * The credential an answer describes: leaf first, named after its certificate, so that a renewed one is another credential.
 * @throws SignError PROVIDER_PROTOCOL for an unreadable certificate, ALGORITHM_UNSUPPORTED for a key the mapping has no algorithm for
 */
export function readCredential(answer: Json, shape: CertificateShape, mapping: QrMapping, algorithms: Algorithms): Credential {
  const leafText = textAt(answer, shape.leaf, MAX_CERTIFICATE);
  if (leafText === undefined) throw new SignError('PROVIDER_PROTOCOL', 'there is no certificate', { detail: 'certificate', outcome: 'not-signed' });
  const leaf = derOf(leafText);
  const above = shape.chain === undefined ? undefined : readPath(answer, shape.chain);
  const chain = Array.isArray(above) ? (above as readonly Json[]).slice(0, MAX_CHAIN).flatMap((each) => (typeof each === 'string' ? [derOf(each).bytes] : [])) : [];
  const offered = mapping.algorithms.filter(({ name }) => algorithms.signatures.find((each) => each.name === name)?.supportsKey(leaf.spki.key) === true);
  if (offered.length === 0) throw new SignError('ALGORITHM_UNSUPPORTED', 'the provider has no algorithm for this kind of key', { outcome: 'not-signed' });
  const said = shape.status === undefined ? undefined : textAt(answer, shape.status.path, 64);
  const label = shape.label === undefined ? undefined : textAt(answer, shape.label, 200);
  return {
    ref: credentialRef(mapping, leaf.bytes, algorithms),
    chain: [leaf.bytes, ...chain],
    keyStatus: shape.status === undefined ? 'enabled' : own(shape.status.is, said ?? '') ?? 'unknown',
    algorithms: offered.map(({ word: _, ...choice }) => choice),
    auth: { factor: 'qr', id: 'qr' },
    maxPerAuthorisation: mapping.batch, hashBound: true,
    ...(label === undefined ? {} : { label }),
    providerData: Object.fromEntries(Object.entries(shape.fields ?? {}).flatMap(([name, path]) => {
      const text = textAt(answer, path, 256);
      return text === undefined ? [] : [[name, text]];
    })),
  };
}

/** Names a credential after its certificate. */
export function credentialRef({ id }: QrMapping, leaf: Uint8Array, { digests }: Algorithms): string {
  const sha256 = digests.find(({ name }) => name === 'SHA-256');
  if (sha256 === undefined) throw new SignError('KEY_UNSUPPORTED', 'SHA-256 is needed');
  return `${id}:${hexOf(sha256.digest(leaf)).slice(0, 40)}`;
}

/** What templates may say of a credential. */
export function credentialValue({ chain, providerData = {} }: Credential, name: string): string | Uint8Array | undefined {
  if (name === 'leaf') return chain[0];
  if (name === 'serial') return chain[0] === undefined ? undefined : hexOf(parseCertificate(chain[0]).serialNumber);
  const value = own(providerData as JsonObject, name);
  return typeof value === 'string' ? value : undefined;
}

function derOf(text: string): Certificate {
  try {
    return parseCertificate(decodeArmoured(text, { labels: CERTIFICATE_LABELS, maxBytes: MAX_CERTIFICATE })[0]!);
  } catch (cause) {
    throw new SignError('PROVIDER_PROTOCOL', 'what should be a certificate is none', { cause, detail: 'certificate', outcome: 'not-signed' });
  }
}
