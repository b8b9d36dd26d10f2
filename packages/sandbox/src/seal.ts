import { buildSeal, buildSealInfo, buildSealSignature, buildTbsSealSignature, octetString, oid, sequence, type SealCertList, type SealExtension, type SesVersion } from '@hefu/pki';
import { sha256, sm3 } from '@hefu/crypto';
import type { KeyPair } from './keys.js';
import type { Credential } from './sign-detached.js';
import { sealPicture } from './seal-picture.js';

/** How a toy seal is made. Times are epoch milliseconds. */
export interface SealSpec {
  readonly version: SesVersion;
  readonly esId: string;
  readonly name: string;
  /** Certificates of those that may use it, DER. */
  readonly people: readonly Uint8Array[];
  /** `digests`: SM3 of them, for V4 and V5. Default `certs`. */
  readonly listAs?: SealCertList['kind'];
  readonly createDate: number;
  readonly validStart: number;
  readonly validEnd: number;
  readonly extensions?: readonly SealExtension[];
  /** What the maker signs. Default: as the version's readers expect it. */
  readonly signedForm?: 'info' | 'info-cert-alg';
  /** DER of a token over the maker's signature value. */
  readonly timeStamp?: (signature: Uint8Array) => Uint8Array;
}

/** SESeal, DER, signed by a seal maker. Deterministic. */
export function makeSeal(maker: Credential, spec: SealSpec): Uint8Array {
  const { version, people, listAs = 'certs' } = spec;
  const info = buildSealInfo(version, {
    vendor: 'HEFU-SANDBOX', esId: spec.esId, type: 1, name: spec.name,
    certList: listAs === 'certs' ? { kind: 'certs', certs: people } : { kind: 'digests', digests: people.map((der) => ({ type: 'SM3', value: sm3.digest(der) })) },
    createDate: spec.createDate, validStart: spec.validStart, validEnd: spec.validEnd,
    picture: sealPicture(), extensions: spec.extensions ?? [],
  });
  const signatureAlgorithm = algorithmOf(maker.key);
  const { signedForm = version === 1 ? 'info-cert-alg' : 'info' } = spec;
  const signature = maker.key.sign(signedForm === 'info' ? info : sequence(info, octetString(maker.certificate), oid(signatureAlgorithm)));
  return buildSeal(version, {
    info, makerCertificate: maker.certificate, signatureAlgorithm, signature,
    ...(spec.timeStamp === undefined ? {} : { timeStamp: spec.timeStamp(signature) }),
  });
}

/** What is stamped, where and when. */
export interface StampSpec {
  readonly version: SesVersion;
  /** SESeal, DER, of the same version. */
  readonly seal: Uint8Array;
  readonly content: Uint8Array;
  /** Epoch milliseconds. */
  readonly time: number;
  readonly propertyInfo: string;
  readonly extensions?: readonly SealExtension[];
  /** DER of a token over the signature value; V4 and V5. */
  readonly timeStamp?: (signature: Uint8Array) => Uint8Array;
}

/** SES_Signature, DER. Deterministic. */
export function stampDocument(signer: Credential, spec: StampSpec): Uint8Array {
  const { version, seal, content, time, propertyInfo, extensions = [], timeStamp } = spec;
  const { key, certificate } = signer;
  const signatureAlgorithm = algorithmOf(key);
  const dataHash = (key.kind === 'SM2' ? sm3 : sha256).digest(content);
  const toSign = buildTbsSealSignature(version, { seal, time, dataHash, propertyInfo, extensions, certificate, signatureAlgorithm });
  const signature = key.sign(toSign);
  return buildSealSignature(version, { toSign, certificate, signatureAlgorithm, signature, ...(timeStamp === undefined ? {} : { timeStamp: timeStamp(signature) }) });
}

/** Seals name key and digest by one OID. */
function algorithmOf({ kind }: KeyPair): string {
  switch (kind) {
    case 'SM2': return '1.2.156.10197.1.501';
    case 'RSA-2048': return '1.2.840.113549.1.1.11';
    case 'P-256': return '1.2.840.10045.4.3.2';
    default: throw new TypeError(`${kind} keys do not stamp`);
  }
}
