// Object identifiers of algorithms, with their parameters: the standard ones, the aliases of the field, and neither.
import { nullValue, octetString } from '@hefu/pki';
import { failed, open, passed } from '../case-book.mjs';
import { BID, IDENTITY } from '../ground.mjs';
import { algorithm, cmsAttributes, cmsMessage, gmAttributes, gmMessage, RSA, sha256, SHA_1, SHA_256, SM2_SIGN, SM2_WITH_SM3, SM3 } from '../message.mjs';

const NON_STANDARD = { warnings: ['MESSAGE_NON_STANDARD'] };

export function identifiers(book, lab) {
  const ca = lab.authority('identifiers');
  const company = lab.company(ca);
  const crls = [lab.crl(ca)];
  const digest = (id, ...parameters) => gmMessage(company, BID, { digests: [algorithm(id, ...parameters)], signer: { digest: algorithm(id, ...parameters) } });
  const signing = (id, ...parameters) => gmMessage(company, BID, { signer: { signatureAlgorithm: algorithm(id, ...parameters) } });
  const ok = (more) => passed(IDENTITY, 'za-content', more);

  book.group('algorithm-identifier', { crls, by: 'gmMessage with another digestAlgorithm' }, [
    { zh: '摘要算法 SM3，NULL 参数', en: 'Digest SM3 with NULL parameters', signature: digest(SM3, nullValue()), expect: ok() },
    { zh: '摘要算法 SM3，无参数', en: 'Digest SM3 without parameters', signature: digest(SM3), expect: ok() },
    { zh: '摘要算法写作 1.2.156.10197.1.401.2', en: 'Digest written as 1.2.156.10197.1.401.2', signature: digest('1.2.156.10197.1.401.2', nullValue()), expect: ok(NON_STANDARD) },
    { zh: '摘要算法写作 1.2.156.10197.1.501', en: 'Digest written as 1.2.156.10197.1.501', signature: digest(SM2_WITH_SM3), expect: ok(NON_STANDARD) },
    { zh: '摘要算法写作 1.2.156.10197.1.401.3', en: 'Digest written as 1.2.156.10197.1.401.3', signature: digest('1.2.156.10197.1.401.3'), expect: open('ALGORITHM_UNKNOWN') },
    { zh: '摘要算法写作 SHA-256，签名为 SM2', en: 'Digest written as SHA-256 beside SM2', signature: digest(SHA_256), expect: open('ALGORITHM_UNKNOWN') },
  ]);

  book.group('algorithm-identifier', { crls, by: 'gmMessage with another signatureAlgorithm' }, [
    { zh: '签名算法 1.2.156.10197.1.301.1', en: 'Signature 1.2.156.10197.1.301.1', signature: signing(SM2_SIGN), expect: ok() },
    { zh: '签名算法 1.2.156.10197.1.301.1，NULL 参数', en: 'Signature 1.2.156.10197.1.301.1 with NULL parameters', signature: signing(SM2_SIGN, nullValue()), expect: ok() },
    { zh: '签名算法 1.2.156.10197.1.501', en: 'Signature 1.2.156.10197.1.501', signature: signing(SM2_WITH_SM3), expect: ok() },
    { zh: '签名算法写作加密 1.2.156.10197.1.301.3', en: 'Signature written as 1.2.156.10197.1.301.3', signature: signing('1.2.156.10197.1.301.3'), expect: ok(NON_STANDARD) },
    { zh: '签名算法写作曲线 1.2.156.10197.1.301', en: 'Signature written as 1.2.156.10197.1.301', signature: signing('1.2.156.10197.1.301'), expect: ok(NON_STANDARD) },
    { zh: '签名算法写作缺一节的 1.2.156.10197.501', en: 'Signature written as 1.2.156.10197.501', signature: signing('1.2.156.10197.501'), expect: ok(NON_STANDARD) },
    { zh: '签名算法写作密钥交换 1.2.156.10197.1.301.2', en: 'Signature written as 1.2.156.10197.1.301.2', signature: signing('1.2.156.10197.1.301.2'), expect: open('ALGORITHM_UNKNOWN') },
    { zh: '签名算法带无关参数', en: 'Signature with parameters of no meaning', signature: signing(SM2_SIGN, octetString(Uint8Array.of(1))), expect: failed('ALGORITHM_MISMATCH') },
  ]);

  const rsa = lab.authority('identifiers-rsa', { kind: 'RSA-2048' });
  const rsaCompany = lab.company(rsa);
  const attributes = cmsAttributes(sha256(BID));
  const signed = (signatureAlgorithm, digestId = SHA_256) => cmsMessage(rsaCompany, BID, { digest: algorithm(digestId), attributes, signatureAlgorithm });
  book.group('algorithm-identifier', { crls: [lab.crl(rsa)], by: 'cmsMessage RSA with other identifiers' }, [
    { zh: 'RSA 密钥标识加摘要标识', en: 'The identifier of the RSA key beside that of the digest', signature: signed(algorithm(RSA, nullValue())), expect: passed(IDENTITY, 'cms') },
    { zh: 'RSA 与 SHA-256 的合并标识', en: 'The identifier of RSA with SHA-256', signature: signed(algorithm('1.2.840.113549.1.1.11', nullValue())), expect: passed(IDENTITY, 'cms') },
    { zh: 'SHA-1 不被接受', en: 'SHA-1 beside RSA', signature: signed(algorithm(RSA, nullValue()), SHA_1), expect: open('ALGORITHM_UNKNOWN') },
    { zh: '合并标识与摘要标识矛盾', en: 'RSA with SHA-384 beside SHA-256', signature: signed(algorithm('1.2.840.113549.1.1.12', nullValue())), expect: failed('ALGORITHM_MISMATCH') },
    { zh: '合并标识 SHA-1', en: 'RSA with SHA-1 in one identifier', signature: signed(algorithm('1.2.840.113549.1.1.5', nullValue())), expect: open('ALGORITHM_UNKNOWN') },
  ]);

  // Digest identifiers with attributes: the digest is used twice, for the content and for the attributes.
  const attrs = gmAttributes(BID);
  book.group('algorithm-identifier', { crls, by: 'gmMessage with attributes and another digestAlgorithm' }, [
    { zh: '带属性，摘要算法写作 1.2.156.10197.1.401.2', en: 'Attributes and a digest written as 1.2.156.10197.1.401.2', signature: gmMessage(company, BID, { attributes: attrs, signer: { digest: algorithm('1.2.156.10197.1.401.2') } }), expect: passed(IDENTITY, 'attrs-za', NON_STANDARD) },
    { zh: '带属性，摘要算法写作未知标识', en: 'Attributes and a digest of no known identifier', signature: gmMessage(company, BID, { attributes: attrs, signer: { digest: algorithm('1.2.156.999001.1') } }), expect: open('ALGORITHM_UNKNOWN') },
  ]);
}
