import { boolean, DerReader, equalBytes, id_ct_TSTInfo, integer, nullValue, octetString, oid, parseSignedData, PkiError, sequence, Tag } from '@hefu/pki';
import type { DigestAlgorithm } from '@hefu/crypto';

const id_sha256 = '2.16.840.1.101.3.4.2.1';

/** A TimeStampReq (RFC 3161 §2.4.1) over octets that mean nothing, asking for the certificate. */
export function timeStampQuestion(sha256: DigestAlgorithm): { readonly request: Uint8Array; readonly imprint: Uint8Array } {
  const imprint = sequence(sequence(oid(id_sha256), nullValue()), octetString(sha256.digest(new TextEncoder().encode('hefu probe'))));
  return { request: sequence(integer(1), imprint, boolean(true)), imprint };
}

/**
 * As much of a TimeStampResp (§2.4.2) as a probe needs: the PKIStatus, and whether a token about our imprint is there.
 * @throws PkiError
 */
export function readTimeStampAnswer(bytes: Uint8Array, imprint: Uint8Array): { readonly pkiStatus: number; readonly token: boolean } {
  const fields = new DerReader(bytes).expect(Tag.SEQUENCE, 'TimeStampResp').enter();
  const status = fields.expect(Tag.SEQUENCE, 'PKIStatusInfo').enter().expect(Tag.INTEGER, 'PKIStatus').content();
  if (status.length !== 1) throw new PkiError('STRUCTURE_INVALID', 'PKIStatus is no small number');
  const pkiStatus = status[0]!;
  if (fields.done) return { pkiStatus, token: false };
  const { encapContentInfo } = parseSignedData(fields.next().tlv());
  if (encapContentInfo.contentType !== id_ct_TSTInfo || encapContentInfo.content === undefined) return { pkiStatus, token: false };
  const info = new DerReader(encapContentInfo.content).expect(Tag.SEQUENCE, 'TSTInfo').enter();
  info.expect(Tag.INTEGER, 'version');
  info.expect(Tag.OID, 'policy');
  return { pkiStatus, token: equalBytes(info.expect(Tag.SEQUENCE, 'messageImprint').tlv(), imprint) };
}
