import type { Algorithms, DigestAlgorithm, PssParameters, SignatureAlgorithm, VerifyOptions } from '@hefu/crypto';
import { contextConstructed, DerReader, readAlgorithmIdentifier, Tag, type AlgorithmIdentifier } from '@hefu/pki';

export interface ResolvedAlgorithm {
  readonly algorithm: SignatureAlgorithm;
  readonly options: VerifyOptions;
  readonly code?: undefined;
}

export interface UnresolvedAlgorithm {
  /** Not in the caller's lists, or there with parameters other than its own. */
  readonly code: 'ALGORITHM_UNKNOWN' | 'ALGORITHM_MISMATCH';
  /** What its parameters must be, for ALGORITHM_MISMATCH. */
  readonly expected?: string;
  /** OID of what was not found, or what is wrong with the parameters. */
  readonly actual: string;
}

const NO_OPTIONS: VerifyOptions = {};
const id_mgf1 = '1.2.840.113549.1.1.8';

/**
 * The algorithm that an AlgorithmIdentifier names among those the caller accepts, with its parameters obeyed
 * to the octet (RFC 3279, 4055, 5758, 8410; GM/T 0006).
 *
 * An OID naming key and digest together is looked up in `signatureOids`. One naming only the key algorithm, as
 * rsaEncryption in a SignerInfo, needs `digestOid` beside it and is looked up in `keyOids`. That a SignerInfo's
 * digestAlgorithm agrees with a combined OID is the caller's check.
 */
export function resolveSignatureAlgorithm(algorithms: Algorithms, identifier: Pick<AlgorithmIdentifier, 'oid' | 'parameters'>, digestOid?: string): ResolvedAlgorithm | UnresolvedAlgorithm {
  const { oid, parameters } = identifier;
  const combined = algorithms.signatures.find((candidate) => candidate.signatureOids.includes(oid));
  if (combined !== undefined) {
    if (combined.parameters === 'pss') return resolvePss(algorithms, combined, parameters);
    return obeysRule(combined.parameters, parameters) ? { algorithm: combined, options: NO_OPTIONS } : parameterMismatch(combined, parameters);
  }
  if (digestOid !== undefined) {
    const digest = digestNamed(algorithms, digestOid);
    const separate = algorithms.signatures.find((candidate) => candidate.keyOids.includes(oid) && candidate.digest === digest?.name);
    if (separate !== undefined) {
      // RFC 3370 §3.2 writes NULL beside rsaEncryption, GM messages NULL or nothing beside SM2; writers mix both.
      return obeysRule('null-or-absent', parameters) ? { algorithm: separate, options: NO_OPTIONS } : parameterMismatch(separate, parameters);
    }
  }
  return { code: 'ALGORITHM_UNKNOWN', actual: oid };
}

/** The digest of this OID among those the caller accepts. */
export function digestNamed({ digests }: Algorithms, oid: string): DigestAlgorithm | undefined {
  for (const candidate of digests) if (candidate.oids.includes(oid)) return candidate;
  return undefined;
}

/** Whether an AlgorithmIdentifier's parameters are what a rule other than `pss` asks. */
export function obeysRule(rule: SignatureAlgorithm['parameters'], parameters: Uint8Array | undefined): boolean {
  if (parameters === undefined) return rule !== 'pss';
  return rule === 'null-or-absent' && parameters.length === 2 && parameters[0] === Tag.NULL && parameters[1] === 0;
}

function parameterMismatch(algorithm: SignatureAlgorithm, parameters: Uint8Array | undefined): UnresolvedAlgorithm {
  return { code: 'ALGORITHM_MISMATCH', expected: `parameters ${algorithm.parameters}`, actual: parameters === undefined ? 'absent' : `${parameters.length} octets` };
}

function resolvePss(algorithms: Algorithms, algorithm: SignatureAlgorithm, parameters: Uint8Array | undefined): ResolvedAlgorithm | UnresolvedAlgorithm {
  // RFC 4055 §3.1: beside a signature the parameters MUST be present.
  if (parameters === undefined) return parameterMismatch(algorithm, parameters);
  let decoded: RawPssParameters | undefined;
  try {
    decoded = decodePssParameters(parameters);
  } catch {
    decoded = undefined; // whatever the reader refused is not RSASSA-PSS-params
  }
  if (decoded === undefined) return parameterMismatch(algorithm, parameters);
  const hash = digestNamed(algorithms, decoded.hash)?.name;
  if (hash === undefined) return { code: 'ALGORITHM_UNKNOWN', actual: decoded.hash };
  const mgfHash = digestNamed(algorithms, decoded.mgfHash)?.name;
  if (mgfHash === undefined) return { code: 'ALGORITHM_UNKNOWN', actual: decoded.mgfHash };
  const pss: PssParameters = { hash, mgfHash, saltLength: decoded.saltLength };
  return { algorithm, options: { pss } };
}

interface RawPssParameters {
  readonly hash: string;
  readonly mgfHash: string;
  readonly saltLength: number;
}

const id_sha1 = '1.3.14.3.2.26';
/** Longer salts fit no modulus that is accepted. */
const MAX_SALT_LENGTH = 1024;

/**
 * RSASSA-PSS-params (RFC 4055 §3.1), strict: each field at most once and in order, trailerField only 1, hash
 * parameters NULL or absent, integers minimal. A default written out is not DER and is read all the same,
 * since it says the same.
 */
function decodePssParameters(tlv: Uint8Array): RawPssParameters | undefined {
  const outer = new DerReader(tlv);
  outer.expect(Tag.SEQUENCE, 'RSASSA-PSS-params');
  outer.finish('RSASSA-PSS-params');
  const fields = outer.enter();
  let hash: string | undefined = id_sha1;
  let mgfHash: string | undefined = id_sha1;
  let saltLength: number | undefined = 20;
  let trailerField: number | undefined = 1;
  if (fields.optional(contextConstructed(0))) {
    const inner = fields.enter();
    hash = hashOid(readAlgorithmIdentifier(inner));
    inner.finish('hashAlgorithm');
  }
  if (fields.optional(contextConstructed(1))) {
    const inner = fields.enter();
    const mask = readAlgorithmIdentifier(inner);
    inner.finish('maskGenAlgorithm');
    if (mask.oid !== id_mgf1 || mask.parameters === undefined) return undefined;
    const parameters = new DerReader(mask.parameters);
    mgfHash = hashOid(readAlgorithmIdentifier(parameters));
    parameters.finish('MGF1 parameters');
  }
  if (fields.optional(contextConstructed(2))) saltLength = smallInteger(fields.enter(), MAX_SALT_LENGTH);
  if (fields.optional(contextConstructed(3))) trailerField = smallInteger(fields.enter(), 1);
  fields.finish('RSASSA-PSS-params');
  if (hash === undefined || mgfHash === undefined || saltLength === undefined || trailerField !== 1) return undefined;
  return { hash, mgfHash, saltLength };
}

/** RFC 4055 §2.1: NULL and absent parameters of a hash are both accepted. */
function hashOid({ oid, parameters }: AlgorithmIdentifier): string | undefined {
  return obeysRule('null-or-absent', parameters) ? oid : undefined;
}

function smallInteger(reader: DerReader, max: number): number | undefined {
  const content = reader.expect(Tag.INTEGER, 'INTEGER').content();
  reader.finish('INTEGER');
  if (content.length === 0 || content.length > 4 || content[0]! > 0x7f) return undefined;
  if (content.length > 1 && content[0] === 0 && content[1]! < 0x80) return undefined;
  let value = 0;
  for (const octet of content) value = value * 256 + octet;
  return value <= max ? value : undefined;
}
