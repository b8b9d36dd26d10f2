import type { DigestAlgorithm, PublicKey, SignatureAlgorithm } from '@hefu/crypto';
import { hexOf, namesEqual, PkiError, type Certificate } from '@hefu/pki';
import { contentDigest, type Content } from '../signature/content.js';
import { requiredSha256 } from '../required-digest.js';
import { certificateKind } from '../trust/certificate-kind.js';
import { attributeOrders } from './attribute-orders.js';
import { digestTexts } from './digest-texts.js';
import { MAX_OTHERS, type DiagnoseValueInput, type Finding } from './model.js';
import { otherContents } from './other-contents.js';

/** What may have been signed instead, with which key. Without a code: exactly what should have been. */
export type Hypothesis = (Finding | { readonly code?: undefined; readonly evidence: Readonly<Record<string, string>> }) & {
  readonly key: PublicKey;
  /** What was hashed and signed by a classical algorithm … */
  readonly message?: Content;
  /** … with a digest other than stated, … */
  readonly digest?: DigestAlgorithm;
  /** … or by another scheme. */
  readonly scheme?: SignatureAlgorithm;
  /** For SM2: e. */
  readonly e?: Uint8Array;
  /** For SM2 keys: the value is ECDSA over `e`. */
  readonly ecdsa?: true;
};

interface OtherKey {
  readonly key: PublicKey;
  /** How a finding names it. */
  readonly evidence: Readonly<Record<string, string>>;
}

/** Certificates other than the signer's whose keys can be read. */
export function otherKeys({ certificate, otherCertificates = [], algorithms }: Pick<DiagnoseValueInput, 'certificate' | 'otherCertificates' | 'algorithms'>): readonly OtherKey[] {
  const sha256 = requiredSha256(algorithms);
  const own = hexOf(certificate.spki.bytes);
  const seen = new Set([own]);
  return otherCertificates.slice(0, MAX_OTHERS).flatMap((other) => {
    const key = readable(other);
    const name = hexOf(other.spki.bytes);
    if (key === undefined || seen.has(name)) return [];
    seen.add(name);
    return [{ key, evidence: { key: hexOf(sha256.digest(other.bytes)), ...(isOtherHalf(other, certificate) ? { certificate: 'encryption' } : {}) } }];
  });
}

/** The encryption half of a pair: the same holder, another use (GM/T 0015). */
function isOtherHalf(other: Certificate, certificate: Certificate): boolean {
  return keyOrNothing(() => namesEqual(other.subject, certificate.subject) && certificateKind(other, []) === 'encrypt') === true;
}

function readable(certificate: Certificate): PublicKey | undefined {
  try {
    return certificate.spki.key;
  } catch (error) {
    if (error instanceof PkiError) return undefined;
    throw error;
  }
}

/** What should have been hashed, and what may have been. */
function* messages({ message, attributes, otherFiles }: DiagnoseValueInput): Generator<{ readonly message: Content } & (Finding | { readonly code?: undefined; readonly evidence: Finding['evidence'] })> {
  yield { message, evidence: {} };
  if (attributes === true && message instanceof Uint8Array) {
    const asFound = message.slice();
    asFound[0] = 0xa0;
    yield { code: 'ATTRIBUTES_TAG_A0', evidence: { hashed: '[0] attributes as in the message' }, message: asFound };
  } else {
    for (const { content, ...finding } of otherContents(message, otherFiles)) yield { ...finding, message: content };
  }
}

function* reordered({ message, attributes }: DiagnoseValueInput): Generator<{ readonly message: Uint8Array } & Finding> {
  if (attributes !== true || !(message instanceof Uint8Array)) return;
  for (const order of attributeOrders(message)) yield { code: 'ATTRIBUTES_REORDERED', evidence: { hashed: 'the attributes in another order' }, message: order };
}

/** Everything that may have been signed with an SM2 key instead of e = SM3(Z || M), likely mistakes first. */
export function* sm2Hypotheses(input: DiagnoseValueInput, key: PublicKey): Generator<Hypothesis> {
  const { algorithm, digest, options, message, algorithms } = input;
  const others = otherKeys(input).filter((other) => algorithm.supportsKey(other.key));
  const zOf = (of: PublicKey, id?: Uint8Array): Uint8Array | undefined => keyOrNothing(() => algorithm.messagePrefix!(of, id === undefined ? options : { distinguishingId: id }));
  const z = zOf(key);
  if (z === undefined) return;
  const withZ = (octets: Uint8Array): Uint8Array => contentDigest(octets, digest, z)!;
  const known = (e: Uint8Array | undefined): e is Uint8Array => e !== undefined && e.length === 32;
  function* row(finding: Finding, e: Uint8Array | undefined, more: Partial<Hypothesis> = {}): Generator<Hypothesis> {
    if (known(e)) yield { ...finding, key, e, ...more } as Hypothesis;
  }
  const e = contentDigest(message, digest, z);
  const plain = contentDigest(message, digest);

  for (const { message: alternative, ...finding } of messages(input)) {
    const hashed = contentDigest(alternative, digest, z);
    if (known(hashed)) yield { ...finding, key, e: hashed };
  }
  yield* row({ code: 'SM2_Z_MISSING', evidence: { hashed: 'SM3(M)' } }, plain);
  const empty = zOf(key, new Uint8Array(0));
  if (empty !== undefined) yield* row({ code: 'SM2_EMPTY_ID', evidence: { hashed: 'SM3(Z || M), Z with an empty identifier' } }, contentDigest(message, digest, empty));
  for (const other of others) {
    const otherZ = zOf(other.key);
    if (otherZ === undefined) continue;
    const theirs = contentDigest(message, digest, otherZ);
    yield* row({ code: 'SM2_Z_OF_OTHER_KEY', evidence: other.evidence }, theirs);
    yield* row({ code: 'SIGNED_BY_OTHER_KEY', evidence: other.evidence }, theirs, { key: other.key });
    yield* row({ code: 'SIGNED_BY_OTHER_KEY', evidence: { ...other.evidence, hashed: 'Z of the stated certificate' } }, e, { key: other.key });
  }
  for (const [name, value] of [['SM3(M)', plain], ['SM3(Z || M)', e]] as const) {
    yield* row({ code: 'ECDSA_BY_SM2_KEY', evidence: { hashed: name } }, value, { ecdsa: true });
  }
  for (const [of, value] of [['SM3(M)', plain], ['SM3(Z || M)', e]] as const) {
    if (value === undefined) continue;
    for (const { octets, ...finding } of digestTexts(value, of)) {
      yield* row(finding, withZ(octets));
      yield* row({ ...finding, evidence: { ...finding.evidence, z: 'none' } }, digest.digest(octets));
    }
  }
  if (plain !== undefined) yield* row({ code: 'DIGEST_AS_MESSAGE', evidence: { hashed: 'SM3(Z || SM3(M))' } }, withZ(plain));
  if (e !== undefined) {
    yield* row({ code: 'HASHED_TWICE', evidence: { hashed: 'SM3(Z || SM3(Z || M))' } }, withZ(e));
    yield* row({ code: 'HASHED_TWICE', evidence: { hashed: 'SM3(SM3(Z || M))' } }, digest.digest(e));
    // Given e alone, and taking it for a message, a signer has nothing else to get wrong than its own identifier.
    if (empty !== undefined) yield* row({ code: 'HASHED_TWICE', evidence: { hashed: 'SM3(Z || SM3(Z || M)), the outer Z with an empty identifier' } }, contentDigest(e, digest, empty));
  }
  if (plain !== undefined) yield* row({ code: 'HASHED_TWICE', evidence: { hashed: 'SM3(SM3(M))' } }, digest.digest(plain));
  for (const other of algorithms.digests) {
    if (other.name === digest.name) continue;
    const [prefixed, bare] = [contentDigest(message, other, z), contentDigest(message, other)];
    const finding = (hashed: string): Finding => ({ code: 'ALGORITHM_OTHER', evidence: { digest: other.name, hashed } });
    yield* row(finding(`${other.name}(Z || M)`), prefixed);
    yield* row(finding(`${other.name}(M)`), bare);
    if (bare !== undefined) yield* row(finding(`SM3(Z || ${other.name}(M))`), withZ(bare));
    yield* row({ code: 'ECDSA_BY_SM2_KEY', evidence: { hashed: `${other.name}(M)` } }, bare, { ecdsa: true });
  }
  for (const { message: order, ...finding } of reordered(input)) yield { ...finding, key, e: withZ(order) };
}

/** The same for RSA, ECDSA and Ed25519. */
export function* classicalHypotheses(input: DiagnoseValueInput, key: PublicKey): Generator<Hypothesis> {
  const { message, digest, algorithms, algorithm } = input;
  for (const { message: alternative, ...finding } of messages(input)) yield { ...finding, key, message: alternative };
  for (const other of otherKeys(input)) {
    if (algorithm.supportsKey(other.key)) yield { code: 'SIGNED_BY_OTHER_KEY', evidence: other.evidence, key: other.key, message };
  }
  const plain = contentDigest(message, digest);
  if (plain !== undefined) {
    yield { code: 'HASHED_TWICE', evidence: { hashed: `${digest.name}(${digest.name}(M))` }, key, message: plain };
    for (const { octets, ...finding } of digestTexts(plain, `${digest.name}(M)`)) yield { ...finding, key, message: octets };
  }
  for (const scheme of algorithms.signatures) {
    if (scheme.name !== algorithm.name && scheme.supportsKey(key) && (scheme.digest === digest.name || scheme.digest === 'in-parameters')) yield { code: 'ALGORITHM_OTHER', evidence: { algorithm: scheme.name }, key, message, scheme };
  }
  for (const other of algorithms.digests) {
    if (other.name === digest.name) continue;
    yield { code: 'ALGORITHM_OTHER', evidence: { digest: other.name, hashed: `${other.name}(M)` }, key, message, digest: other };
    const bare = contentDigest(message, other);
    if (bare !== undefined) yield { code: 'DIGEST_AS_MESSAGE', evidence: { digest: other.name, hashed: `${digest.name}(${other.name}(M))` }, key, message: bare };
  }
  for (const { message: order, ...finding } of reordered(input)) yield { ...finding, key, message: order };
}

/** A key that turns out to be none has no Z. */
export function keyOrNothing<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch (error) {
    if (error instanceof Error && 'code' in error) return undefined;
    throw error;
  }
}
