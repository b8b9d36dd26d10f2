import { COMPONENT_OCTETS, normaliseSignature, type Algorithms, type PssParameters, type PublicKey, type SignatureAlgorithm } from '@hefu/crypto';
import { id_data, nullValue, explicit, integer, oid, readAlgorithmIdentifier, DerReader, sequence, type AlgorithmIdentifier, type Certificate } from '@hefu/pki';
import { checkSignature, type SignatureFacts } from './check-signature.js';
import type { Content } from './content.js';

export interface BareValueInput {
  /** Octets of RSA and Ed25519; DER or r||s of ECDSA and SM2. */
  readonly value: Uint8Array;
  readonly certificate: Certificate;
  readonly content: Content;
  readonly algorithm: SignatureAlgorithm;
  readonly pss?: PssParameters;
  readonly algorithms: Algorithms;
  readonly subject: string;
}

const NO_OCTETS: Uint8Array = new Uint8Array(0);
const id_mgf1 = '1.2.840.113549.1.1.8';
/** Digests that a signature states beside a key that does not name one (RFC 8419 §3.1). */
const ED25519_DIGEST = 'SHA-512';

/** Verifies a signature value that no message carries, with all the checks of one that does: the same function does both. */
export async function checkBareValue({ value, certificate, content, algorithm, pss, algorithms, subject }: BareValueInput): Promise<SignatureFacts> {
  const digest = algorithms.digests.find(({ name }) => name === (pss?.hash ?? (algorithm.digest === 'none' ? ED25519_DIGEST : algorithm.digest)));
  const signer = {
    digestAlgorithm: identifier(digest?.oids[0] ?? '0.0'),
    signatureAlgorithm: pss === undefined ? identifier(algorithm.signatureOids[0]!) : identifier(algorithm.signatureOids[0]!, pssParameters(pss, algorithms)),
    signedAttrs: undefined,
    signature: strictForm(value, certificate),
  };
  return checkSignature({ signed: { encapContentInfo: { contentType: id_data, bytes: NO_OCTETS, content: undefined, contentTlv: undefined } }, signer, subject, certificate, content, algorithms });
}

function strictForm(value: Uint8Array, certificate: Certificate): Uint8Array {
  let key: PublicKey;
  try {
    key = certificate.spki.key;
  } catch {
    return value; // the check says what is wrong with the key
  }
  return key.kty === 'EC' ? (normaliseSignature(value, COMPONENT_OCTETS[key.crv])?.der ?? value) : value;
}

function identifier(type: string, parameters?: Uint8Array): AlgorithmIdentifier {
  return readAlgorithmIdentifier(new DerReader(sequence(oid(type), ...(parameters === undefined ? [] : [parameters]))));
}

/** RSASSA-PSS-params, RFC 4055 §3.1. */
function pssParameters({ hash, mgfHash, saltLength }: PssParameters, { digests }: Algorithms): Uint8Array {
  const digest = (name: string): Uint8Array => sequence(oid(digests.find((each) => each.name === name)?.oids[0] ?? '0.0'), nullValue());
  return sequence(explicit(0, digest(hash)), explicit(1, sequence(oid(id_mgf1), digest(mgfHash))), explicit(2, integer(saltLength)));
}
