import { sha1, softwareDigests } from '@hefu/crypto';
import {
  bitString, buildCertId, enumerated, explicit, generalizedTime, implicitConstructed, implicitPrimitive, octetString, oid, parseOcspResponse, sequence,
  type Certificate, type OcspResponse,
} from '@hefu/pki';
import { AT, extension, type TestKey } from '../path/issue.js';

export const HOUR = 3_600_000;

export interface Said {
  readonly about: Certificate;
  /** Default `good`; a number is revoked for that reason. */
  readonly status?: 'good' | 'unknown' | 'revoked' | number;
  readonly date?: number;
  readonly thisUpdate?: number;
  /** `null` leaves it out. */
  readonly nextUpdate?: number | null;
  readonly extensions?: readonly Uint8Array[];
  readonly hash?: string;
  /** Whole TLV, instead of what `about` and the issuer give. */
  readonly certId?: Uint8Array;
}

export interface RespondOptions {
  readonly issuer: { readonly certificate: Certificate };
  readonly signer: { readonly name: Uint8Array; readonly key: TestKey };
  readonly says: readonly Said[];
  /** Default: by the signer's name. */
  readonly by?: 'name' | 'key';
  readonly producedAt?: number;
  readonly nonce?: Uint8Array;
  readonly extensions?: readonly Uint8Array[];
  readonly certificates?: readonly Certificate[];
  readonly alter?: (signature: Uint8Array) => Uint8Array;
}

export const publicKeyOf = (key: TestKey, certificate?: Certificate): Uint8Array => certificate?.spki.publicKey ?? key.spki.subarray(-65);

export function respond(options: RespondOptions): OcspResponse {
  const { issuer, signer, by = 'name', producedAt = AT - HOUR } = options;
  const answers = options.says.map((said) => {
    const hash = softwareDigests.find(({ name }) => name === (said.hash ?? 'SHA-1'))!;
    const certId =
      said.certId ??
      buildCertId({
        issuerName: said.about.issuer.bytes,
        issuerKey: issuer.certificate.spki.publicKey,
        serialNumber: said.about.serialNumber,
        hash: { oid: hash.oids[0]!, digest: (message) => hash.digest(message) },
      });
    const { status = 'good', thisUpdate = AT - HOUR, nextUpdate = AT + HOUR } = said;
    const reason = typeof status === 'number' ? [explicit(0, enumerated(status))] : [];
    const written =
      status === 'good' || status === 'unknown'
        ? implicitPrimitive(status === 'good' ? 0 : 2, new Uint8Array(0))
        : implicitConstructed(1, generalizedTime(said.date ?? AT - 10 * HOUR), ...reason);
    return sequence(
      certId,
      written,
      generalizedTime(thisUpdate),
      ...(nextUpdate === null ? [] : [explicit(0, generalizedTime(nextUpdate))]),
      ...(said.extensions === undefined ? [] : [explicit(1, sequence(...said.extensions))]),
    );
  });
  const extensions = [...(options.nonce === undefined ? [] : [extension('1.3.6.1.5.5.7.48.1.2', octetString(options.nonce))]), ...(options.extensions ?? [])];
  const tbs = sequence(
    by === 'name' ? explicit(1, signer.name) : explicit(2, octetString(sha1.digest(publicKeyOf(signer.key)))),
    generalizedTime(producedAt),
    sequence(...answers),
    ...(extensions.length === 0 ? [] : [explicit(1, sequence(...extensions))]),
  );
  const signature = signer.key.sign(tbs);
  const basic = sequence(
    tbs,
    signer.key.algorithm,
    bitString(options.alter?.(signature) ?? signature),
    ...(options.certificates === undefined ? [] : [explicit(0, sequence(...options.certificates.map(({ bytes }) => bytes)))]),
  );
  return parseOcspResponse(sequence(enumerated(0), explicit(0, sequence(oid('1.3.6.1.5.5.7.48.1.1'), octetString(basic)))));
}
