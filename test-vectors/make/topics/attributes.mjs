// Signed attributes (RFC 5652 §5.3, §5.4, §11; RFC 5035): what must be there, once, and agree.
import { sm3 } from '@hefu/crypto';
import { concatBytes, id_aa_signingCertificateV2, id_data, id_gm_data, octetString, oid, parseSignedData, sequence, setOf, tlv } from '@hefu/pki';
import { failed, open, passed } from '../case-book.mjs';
import { AT, BID, CHANGED_BID, HOUR, IDENTITY } from '../ground.mjs';
import { algorithm, attribute, contentTypeAttribute, gmAttributes, gmMessage, messageDigestAttribute, sha256, signingTimeAttribute, SM3 } from '../message.mjs';

export function attributes(book, lab) {
  const ca = lab.authority('attributes');
  const company = lab.company(ca);
  const second = lab.company(ca, 'second');
  const crls = [lab.crl(ca)];
  const digest = sm3.digest(BID);
  const type = contentTypeAttribute(id_gm_data);
  const signed = (set, more = {}) => gmMessage(company, BID, { attributes: set, ...more });
  const ok = passed(IDENTITY, 'attrs-za');
  const group = (by, rows) => book.group('signed-attributes', { crls, by }, rows);

  group('gmMessage with other attributes', [
    { zh: 'contentType 与 messageDigest', en: 'A contentType and a messageDigest', signature: signed(setOf(type, messageDigestAttribute(digest))), expect: ok },
    { zh: '另有 signingTime', en: 'A signingTime as well', signature: signed(gmAttributes(BID, signingTimeAttribute(AT - HOUR))), expect: ok },
    { zh: '另有未知属性', en: 'An unknown attribute as well', signature: signed(gmAttributes(BID, attribute('1.2.156.999001.7', octetString(Uint8Array.of(1))))), expect: ok },
    { zh: '缺少 messageDigest', en: 'No messageDigest', signature: signed(setOf(type)), expect: failed('MESSAGE_DIGEST_MISSING') },
    { zh: '属性集为空', en: 'No attributes in the set', signature: signed(setOf()), expect: failed('MESSAGE_DIGEST_MISSING') },
    { zh: '缺少 contentType', en: 'No contentType', signature: signed(setOf(messageDigestAttribute(digest))), expect: failed('SIGNED_ATTRIBUTES_INVALID') },
    { zh: 'messageDigest 出现两次', en: 'Two messageDigest attributes', signature: signed(setOf(type, messageDigestAttribute(digest), messageDigestAttribute(sm3.digest(CHANGED_BID)))), expect: failed('SIGNED_ATTRIBUTES_INVALID') },
    { zh: 'messageDigest 有两个值', en: 'A messageDigest of two values', signature: signed(setOf(type, messageDigestAttribute(digest, sm3.digest(CHANGED_BID)))), expect: failed('SIGNED_ATTRIBUTES_INVALID') },
    { zh: 'contentType 出现两次', en: 'Two contentType attributes', signature: signed(setOf(type, type, messageDigestAttribute(digest))), expect: failed('SIGNED_ATTRIBUTES_INVALID') },
    { zh: 'contentType 与内容类型不符', en: 'A contentType of something else', signature: signed(setOf(contentTypeAttribute('1.2.156.10197.6.1.4.2.3'), messageDigestAttribute(digest))), expect: failed('CONTENT_TYPE_MISMATCH') },
    { zh: 'contentType 属于另一体系', en: 'A contentType of PKCS 7 in a GM message', signature: signed(setOf(contentTypeAttribute(id_data), messageDigestAttribute(digest))), expect: failed('CONTENT_TYPE_MISMATCH') },
    { zh: 'messageDigest 是别的内容的', en: 'A messageDigest of other content', signature: signed(gmAttributes(CHANGED_BID)), expect: failed('CONTENT_TAMPERED') },
    { zh: 'messageDigest 被截短', en: 'A messageDigest cut short', signature: signed(setOf(type, messageDigestAttribute(digest.subarray(0, 16)))), expect: failed('CONTENT_TAMPERED') },
    { zh: 'messageDigest 由 SHA-256 计算', en: 'A messageDigest by SHA-256 under SM3', signature: signed(setOf(type, messageDigestAttribute(sha256(BID)))), expect: failed('CONTENT_TAMPERED') },
  ]);

  const usual = gmAttributes(BID);
  const unsorted = tlv(0x31, messageDigestAttribute(digest), type);
  group('gmMessage with attributes signed or written otherwise', [
    { zh: '属性按 DER 排序并签名', en: 'Attributes in the order of DER', signature: signed(usual), expect: ok },
    { zh: '属性未排序，按所写签名', en: 'Attributes out of order and signed as written', signature: signed(unsorted), expect: { ...ok, warnings: ['MESSAGE_NON_STANDARD'] } },
    { zh: '属性未排序，签的是排序后的', en: 'Attributes out of order and signed in order', signature: signed(unsorted, { signed: usual }), expect: failed('SIGNATURE_INVALID') },
    { zh: '签名时保留 [0] 标签', en: 'Attributes signed under the tag they are written with', signature: signed(usual, { signed: concatBytes(Uint8Array.of(0xa0), usual.subarray(1)) }), expect: failed('SIGNATURE_INVALID') },
    { zh: '有属性，签的却是原文', en: 'Attributes there and the content signed', signature: signed(usual, { signed: BID }), expect: failed('SIGNATURE_INVALID') },
    { zh: '签名后加入属性', en: 'An attribute added after signing', signature: signed(gmAttributes(BID, signingTimeAttribute(AT)), { signed: usual }), expect: failed('SIGNATURE_INVALID') },
  ]);

  // Signed attributes and content are signed by one key over octets that nothing tells apart.
  const honest = gmMessage(company, BID, { attributes: usual });
  const { signature } = parseSignedData(honest).signerInfos[0];
  const stripped = gmMessage(company, usual, { signature });
  group('a message with attributes, taken apart', [
    { zh: '带属性的报文原样', en: 'A message with attributes as it was signed', signature: honest, expect: ok },
    { zh: '去掉属性，并把属性当作原文提交', en: 'The attributes taken away and presented as content', content: usual, signature: stripped, expect: open('CONTENT_AMBIGUOUS') },
    { zh: '原文本身是一组签名属性', en: 'Content that is a set of signed attributes', content: gmAttributes(CHANGED_BID), signature: gmMessage(company, gmAttributes(CHANGED_BID)), expect: open('CONTENT_AMBIGUOUS') },
    { zh: '去掉属性，原文不变', en: 'The attributes taken away and the content kept', signature: gmMessage(company, BID, { signature }), expect: failed('SIGNATURE_INVALID') },
  ]);
  const plain = gmMessage(company, usual, {});
  group('a signature over octets that look like attributes, put back as attributes', [
    // Who signs such octets without attributes has signed a document; nobody can tell, so signers must never do it.
    { zh: '把已签的原文放进属性，原文另给', en: 'Content moved into the attributes', signature: signed(usual, { signature: parseSignedData(plain).signerInfos[0].signature }), expect: ok },
    { zh: '把已签的原文放进属性，给出别的原文', en: 'Content moved into the attributes beside other content', content: CHANGED_BID, signature: signed(usual, { signature: parseSignedData(plain).signerInfos[0].signature }), expect: failed('CONTENT_TAMPERED') },
  ]);

  const ess = (...certs) => gmAttributes(BID, attribute(id_aa_signingCertificateV2, sequence(sequence(...certs))));
  const sm3Of = (certificate) => sequence(algorithm(SM3), octetString(sm3.digest(certificate)));
  group('gmMessage with signingCertificateV2', [
    { zh: 'ESS 证书摘要与签名证书一致（SHA-256）', en: 'An ESS hash of the certificate', signature: signed(ess(sequence(octetString(sha256(company.certificate))))), expect: ok },
    { zh: 'ESS 证书摘要与签名证书一致（SM3）', en: 'An ESS hash of the certificate by SM3', signature: signed(ess(sm3Of(company.certificate))), expect: ok },
    { zh: 'ESS 证书摘要属于别的证书', en: 'An ESS hash of another certificate', signature: signed(ess(sequence(octetString(sha256(second.certificate))))), expect: failed('SIGNED_ATTRIBUTES_INVALID') },
    { zh: 'ESS 首项属于别的证书，次项才是', en: 'An ESS hash of the certificate in second place', signature: signed(ess(sequence(octetString(sha256(second.certificate))), sequence(octetString(sha256(company.certificate))))), expect: failed('SIGNED_ATTRIBUTES_INVALID') },
    { zh: 'ESS 使用未知摘要算法', en: 'An ESS hash by an unknown algorithm', signature: signed(ess(sequence(sequence(oid('1.2.156.999001.3')), octetString(sha256(company.certificate))))), expect: open('ALGORITHM_UNKNOWN') },
    { zh: 'ESS 属性出现两次', en: 'Two ESS attributes', signature: signed(gmAttributes(BID, ...[company, second].map((one) => attribute(id_aa_signingCertificateV2, sequence(sequence(sequence(octetString(sha256(one.certificate))))))))), expect: failed('SIGNED_ATTRIBUTES_INVALID') },
  ]);
}
