// Certification paths (RFC 5280 §4.2, §6.1): who may issue, how deep, and what certificates may say.
import { bitString, concatBytes, implicitConstructed, integer, nullValue, oid, parseCertificate, sequence, tlv } from '@hefu/pki';
import { attr, basicConstraints, distinguishedName, extendedKeyUsage, extension, keyUsage, signDetached } from '@hefu/sandbox';
import { failed, open, passed } from '../case-book.mjs';
import { BID, HOLDER, IDENTITY } from '../ground.mjs';
import { instead, OID, plus, without } from '../laboratory.mjs';
import { cmsMessage, flip, gmMessage, sha256, signUnder } from '../message.mjs';

const ok = passed(IDENTITY, 'za-content');
/** The issuer named is on the list, the key identifier is the listed key's, and that key did not sign. */
const NOT_SIGNED_BY_LISTED_KEY = open('CERTIFICATE_SIGNATURE_INVALID');
const form = { form: 'za-content' };

export function path(book, lab) {
  const root = lab.authority('path-root');
  const rootCrl = lab.crl(root);
  /** A CA below the root that issues to the company; `options` change the CA's certificate. */
  const through = (id, options = {}, parent = root) => {
    const middle = lab.subordinate(parent, `path-${id}`, options);
    const company = { ...lab.company(middle), chain: [middle.certificate] };
    return { middle, company, signature: signDetached(company, BID, form), crls: [rootCrl, lab.crl(parent), lab.crl(middle)] };
  };
  const plain = through('middle');
  const accept = { zh: '根、中间 CA 与证书', en: 'A certificate under a CA under the root', signature: plain.signature, crls: plain.crls, expect: ok };
  const refuse = (zh, en, made, expect) => ({ zh, en, signature: made.signature, crls: made.crls, expect });

  book.group('path', { by: 'CA certificates below a root' }, [
    accept,
    refuse('中间 CA 没有 basicConstraints', 'A CA without basicConstraints', through('no-basic', { extensions: without(OID.basicConstraints) }), open('ISSUER_NOT_CA')),
    refuse('中间 CA 的 CA 位为假', 'A CA whose CA bit is false', through('not-ca', { extensions: instead(basicConstraints({ ca: false, critical: true })) }), open('ISSUER_NOT_CA')),
    refuse('中间 CA 无权签发证书', 'A CA without keyCertSign', through('no-cert-sign', { extensions: instead(keyUsage(['cRLSign'], { critical: true })) }), open('KEY_CERT_SIGN_MISSING')),
    refuse('中间 CA 含未知关键扩展', 'A CA with an unknown critical extension', through('critical', { extensions: plus(extension('1.2.156.999001.5', nullValue(), true)) }), open('UNKNOWN_CRITICAL_EXTENSION')),
    refuse('中间 CA 含 policyConstraints', 'A CA with policyConstraints', through('policy-constraints', { extensions: plus(extension(OID.policyConstraints, sequence(tlv(0x80, Uint8Array.of(0))), true)) }), open('POLICY_CONSTRAINTS_VIOLATED')),
    refuse('中间 CA 为第 1 版证书', 'A CA of version 1', through('version-1', { extensions: () => [], certificate: { version: 1 } }), open('ISSUER_NOT_CA')),
    refuse('中间 CA 由别的密钥签名', 'A CA certificate signed by another key', through('forged', { signer: lab.key('ca/path-forger', 'SM2') }), NOT_SIGNED_BY_LISTED_KEY),
  ]);
  const soft = through('soft-basic', { extensions: instead(basicConstraints({ ca: true, critical: false })) });
  book.group('path', { by: 'CA certificates with and without critical basicConstraints' }, [
    { zh: '中间 CA 的 basicConstraints 非关键', en: 'A CA whose basicConstraints are not critical', signature: soft.signature, crls: soft.crls, expect: { ...ok, warnings: ['CERTIFICATE_DEVIATIONS'] } },
    refuse('中间 CA 的 basicConstraints 非关键且为假', 'A CA whose basicConstraints are neither critical nor true', through('soft-not-ca', { extensions: instead(basicConstraints({ ca: false, critical: false })) }), open('ISSUER_NOT_CA')),
  ]);

  // A company is not a CA, whatever it signs.
  const issuing = { ...plain.middle, ...plain.company, name: parseCertificate(plain.company.certificate).subject.bytes, id: 'path-company', crlUrl: plain.middle.crlUrl };
  const forged = { ...lab.company(issuing, 'forged'), chain: [plain.company.certificate, plain.middle.certificate] };
  book.group('path', { by: 'a certificate issued by a company' }, [
    { ...accept, zh: '由 CA 签发', en: 'A certificate issued by a CA' },
    { zh: '由企业用自己的证书签发', en: 'A certificate issued by a company', signature: signDetached(forged, BID, form), crls: plain.crls, expect: open('ISSUER_NOT_CA') },
  ]);

  book.group('path', { by: 'messages that carry the intermediate CA or not' }, [
    { ...accept, zh: '中间 CA 证书随报文到达', en: 'The CA between carried in the message' },
    { zh: '中间 CA 证书由平台提供', en: 'The CA between at hand', signature: signDetached({ ...plain.company, chain: [] }, BID, form), crls: plain.crls, certificates: [lab.certificate('path-middle', plain.middle.certificate)], expect: ok },
    { zh: '中间 CA 证书没有到达', en: 'The CA between nowhere', signature: signDetached({ ...plain.company, chain: [] }, BID, form), crls: plain.crls, expect: open('PATH_NOT_FOUND') },
  ]);

  // RFC 5280 §4.2.1.9
  const zero = lab.authority('path-length-0', { pathLength: 0 });
  const one = lab.authority('path-length-1', { pathLength: 1 });
  const direct = lab.company(zero);
  const [underZero, underOne] = [through('under-0', {}, zero), through('under-1', {}, one)];
  const deeper = through('deeper', {}, underOne.middle);
  const deep = { ...deeper, signature: signDetached({ ...deeper.company, chain: [deeper.middle.certificate, underOne.middle.certificate] }, BID, form), crls: [lab.crl(one), ...deeper.crls] };
  book.group('path', { by: 'pathLenConstraint of the root' }, [
    { zh: '路径长度零，直接签发', en: 'A certificate directly under a root of path length zero', signature: signDetached(direct, BID, form), crls: [lab.crl(zero)], expect: ok },
    { zh: '路径长度零，经一级中间 CA', en: 'One CA under a root of path length zero', signature: underZero.signature, crls: underZero.crls, expect: open('PATH_LENGTH_EXCEEDED') },
    { zh: '路径长度一，经一级中间 CA', en: 'One CA under a root of path length one', signature: underOne.signature, crls: underOne.crls, expect: ok },
    { zh: '路径长度一，经两级中间 CA', en: 'Two CAs under a root of path length one', signature: deep.signature, crls: deep.crls, expect: open('PATH_LENGTH_EXCEEDED') },
  ]);

  // RFC 5280 §4.2.1.10: directoryName subtrees.
  const subtree = (...names) => implicitConstructed(0, ...names.map((name) => sequence(tlv(0xa4, distinguishedName(name)))));
  const constrained = (id, ...names) => through(id, { extensions: plus(extension(OID.nameConstraints, sequence(subtree(...names)), true)) });
  const [within, beyond] = [constrained('names-within', [attr('C', 'CN'), attr('O', HOLDER.name)]), constrained('names-beyond', [attr('C', 'CN'), attr('O', '另一家公司')])];
  book.group('path', { by: 'nameConstraints of a CA' }, [
    { zh: '主体在名称约束之内', en: 'A subject within the name constraints of the CA', signature: within.signature, crls: within.crls, expect: ok },
    { zh: '主体在名称约束之外', en: 'A subject outside the name constraints of the CA', signature: beyond.signature, crls: beyond.crls, expect: open('NAME_CONSTRAINTS_VIOLATED') },
  ]);

  leaf(book, lab);
}


/** The signer's own certificate. */
function leaf(book, lab) {
  const ca = lab.authority('leaf');
  const crls = [lab.crl(ca)];
  const row = (zh, en, label, options, expect) => ({ zh, en, signature: signDetached(lab.company(ca, label, options), BID, form), expect });
  const usage = (...names) => ({ extensions: instead(keyUsage(names, { critical: true })) });

  book.group('certificate', { crls, by: 'keyUsage of the signer\'s certificate' }, [
    row('digitalSignature 与 nonRepudiation', 'A certificate for digitalSignature and nonRepudiation', 'company', {}, ok),
    row('只有 digitalSignature', 'A certificate for digitalSignature alone', 'ds', usage('digitalSignature'), ok),
    row('只有 nonRepudiation', 'A certificate for nonRepudiation alone', 'nr', usage('nonRepudiation'), ok),
    row('签名加密两用', 'A certificate for signing and encryption', 'both', usage('digitalSignature', 'keyEncipherment'), ok),
    row('没有 keyUsage', 'A certificate without keyUsage', 'none', { extensions: without(OID.keyUsage) }, open('KEY_USAGE_ABSENT')),
    row('只用于加密', 'A certificate for encryption', 'encryption', usage('keyEncipherment', 'dataEncipherment', 'keyAgreement'), open('ENCRYPTION_CERT_USED_TO_SIGN')),
    row('只用于签发吊销列表', 'A certificate for signing CRLs', 'crl', usage('cRLSign'), open('KEY_USAGE_NOT_SIGNING')),
    row('keyUsage 各位皆无', 'A certificate with an empty keyUsage', 'empty', usage(), open('KEY_USAGE_NOT_SIGNING')),
  ]);

  // RFC 5280 §4.2.1.12, RFC 9336
  const purposes = (critical, ...oids) => ({ extensions: plus({ ...extendedKeyUsage(oids), critical }) });
  const [SERVER, EMAIL, DOCUMENT, ANY] = ['1.3.6.1.5.5.7.3.1', '1.3.6.1.5.5.7.3.4', '1.3.6.1.5.5.7.3.36', '2.5.29.37.0'];
  book.group('certificate', { crls, by: 'extKeyUsage of the signer\'s certificate' }, [
    row('扩展用途为电子邮件保护', 'A certificate for the protection of mail', 'mail', purposes(false, EMAIL), ok),
    row('扩展用途为文档签名，关键', 'A certificate for documents and critically so', 'documents', purposes(true, DOCUMENT), ok),
    row('扩展用途为任意', 'A certificate for any extended purpose', 'any', purposes(false, SERVER, ANY), ok),
    row('扩展用途只有服务器身份', 'A certificate for servers alone', 'server', purposes(false, SERVER), open('EXTENDED_KEY_USAGE_MISMATCH')),
    row('扩展用途只有服务器身份，关键', 'A certificate for servers alone and critically so', 'server-critical', purposes(true, SERVER), open('EXTENDED_KEY_USAGE_MISMATCH')),
  ]);

  const note = (critical) => extension('1.2.156.999001.5', nullValue(), critical);
  book.group('certificate', { crls, by: 'extensions of the signer\'s certificate' }, [
    row('含未知的非关键扩展', 'A certificate with an unknown extension that is not critical', 'uncritical', { extensions: plus(note(false)) }, ok),
    row('含未知的关键扩展', 'A certificate with an unknown critical extension', 'critical', { extensions: plus(note(true)) }, open('UNKNOWN_CRITICAL_EXTENSION')),
    row('同一扩展出现两次', 'A certificate with one extension twice', 'duplicate', { extensions: plus(note(false), note(false)) }, open('DUPLICATE_EXTENSION')),
    row('keyUsage 出现两次', 'A certificate with keyUsage twice', 'duplicate-usage', { extensions: plus(keyUsage(['digitalSignature'])) }, open('DUPLICATE_EXTENSION')),
    row('keyUsage 不可解读', 'A certificate whose keyUsage cannot be read', 'unreadable', { extensions: instead(extension(OID.keyUsage, integer(1), true)) }, open('CERTIFICATE_MALFORMED')),
    row('没有颁发者密钥标识', 'A certificate without authorityKeyIdentifier', 'no-aki', { extensions: without(OID.aki) }, { ...ok, warnings: ['CERTIFICATE_DEVIATIONS'] }),
    {
      zh: '证书末尾多一个字段', en: 'A certificate with a field too many', expect: open('SIGNER_CERTIFICATE_UNREADABLE'),
      signature: gmMessage(lab.company(ca, 'extra'), BID, { certificates: [lab.company(ca, 'extra', { extraFields: [nullValue()] }).certificate] }),
    },
    row('第 2 版证书带扩展', 'A certificate of version 2 with extensions', 'version-2', { version: 2 }, open('CERTIFICATE_VERSION')),
  ]);

  book.group('certificate', { crls, by: 'AlgorithmIdentifiers of the signer\'s certificate' }, [
    row('内外算法标识一致，NULL 参数', 'A certificate with NULL parameters inside and outside', 'nulls', { algorithmParameters: 'null' }, { ...ok, warnings: ['CERTIFICATE_DEVIATIONS'] }),
    row('内外算法标识不一致', 'A certificate whose inner and outer algorithms differ', 'mixed', { tbsAlgorithmParameters: 'null' }, failed('ALGORITHM_MISMATCH')),
  ]);

  keys(book, lab);
  const company = lab.company(ca);
  const spoilt = (index) => ({ ...company, certificate: flip(company.certificate, index) });
  const emptyId = { ...ca.key, sign: (message) => signUnder(ca.key, message, { id: '' }) };
  const ownZ = { ...ca.key, sign: (message) => signUnder(ca.key, message, { point: company.key.publicKey.point }) };
  book.group('certificate', { crls, by: 'signatures of the signer\'s certificate' }, [
    { zh: '证书签名有效', en: 'A certificate as it was issued', signature: gmMessage(company, BID), expect: ok },
    { zh: '证书签名一位翻转', en: 'A certificate with one bit of its signature flipped', signature: gmMessage(spoilt(-1), BID), expect: NOT_SIGNED_BY_LISTED_KEY },
    { zh: '证书内容一位翻转', en: 'A certificate with one letter of its code changed', signature: gmMessage(spoilt(find(company.certificate, HOLDER.uscc) + 8), BID), expect: NOT_SIGNED_BY_LISTED_KEY },
    row('证书以空标识签名', 'A certificate signed under an empty identifier', 'empty-id', { signer: emptyId }, NOT_SIGNED_BY_LISTED_KEY),
    row('证书以主体公钥计算 Z', 'A certificate signed with Z of its own key', 'company', { signer: ownZ }, NOT_SIGNED_BY_LISTED_KEY),
  ]);
}

/** Public keys that are none, or that anyone can sign for. */
function keys(book, lab) {
  const ca = lab.authority('key');
  const rsa = lab.authority('key-rsa', { kind: 'RSA-2048' });
  const crls = [lab.crl(ca), lab.crl(rsa)];
  const ecSpki = (point) => sequence(sequence(oid('1.2.840.10045.2.1'), oid('1.2.156.10197.1.301')), bitString(point));
  const company = lab.company(ca);
  const { point } = company.key.publicKey;
  const under = (label, spki) => signDetached(lab.company(ca, label, { spki }), BID, form);
  const [x, y] = [point.subarray(1, 33), point.subarray(33)];
  book.group('certificate', { crls, by: 'SM2 public keys of the signer\'s certificate' }, [
    { zh: '公钥在曲线上', en: 'An SM2 key on the curve', signature: signDetached(company, BID, form), expect: ok },
    { zh: '公钥不在曲线上', en: 'An SM2 key off the curve', signature: under('off-curve', ecSpki(flip(point, -1))), expect: failed('KEY_INVALID') },
    { zh: '公钥为无穷远点', en: 'An SM2 key at infinity', signature: under('infinity', ecSpki(Uint8Array.of(0))), expect: failed('KEY_INVALID') },
    { zh: '公钥为压缩形式', en: 'An SM2 key in compressed form', signature: under('compressed', ecSpki(concatBytes(Uint8Array.of(2 + (y[31] & 1)), x))), expect: failed('KEY_INVALID') },
    { zh: '公钥坐标全零', en: 'An SM2 key of zeros', signature: under('zeros', ecSpki(concatBytes(Uint8Array.of(4), new Uint8Array(64)))), expect: failed('KEY_INVALID') },
  ]);

  // With exponent 1 the padded digest is its own signature: anyone can make it.
  const rsaCompany = lab.company(rsa);
  const { n } = rsaCompany.key.publicKey;
  const rsaSpki = (modulus, exponent) => sequence(sequence(oid('1.2.840.113549.1.1.1'), nullValue()), bitString(sequence(integer(modulus), integer(exponent))));
  const big = (bytes) => BigInt(`0x${Buffer.from(bytes).toString('hex')}`);
  const digestInfo = concatBytes(new Uint8Array(Buffer.from('3031300d060960864801650304020105000420', 'hex')), sha256(BID));
  const padded = concatBytes(Uint8Array.of(0, 1), new Uint8Array(256 - 3 - digestInfo.length).fill(0xff), Uint8Array.of(0), digestInfo);
  const with1 = lab.company(rsa, 'exponent-1', { spki: rsaSpki(big(n), 1n) });
  const even = lab.company(rsa, 'exponent-2', { spki: rsaSpki(big(n), 2n) });
  const short = lab.company(rsa, 'modulus-512', { spki: rsaSpki(big(n.subarray(0, 64)) | 1n, 65537n) });
  book.group('certificate', { crls, by: 'RSA public keys of the signer\'s certificate' }, [
    { zh: 'RSA 公钥的指数为 65537', en: 'An RSA key of exponent 65537', signature: cmsMessage(rsaCompany, BID), expect: passed(IDENTITY, 'cms') },
    { zh: 'RSA 公钥的指数为 1，签名值即填充后的摘要', en: 'An RSA key of exponent one', signature: cmsMessage(with1, BID, { signature: padded }), expect: failed('KEY_INVALID') },
    { zh: 'RSA 公钥的指数为 2', en: 'An RSA key of exponent two', signature: cmsMessage(even, BID), expect: failed('KEY_INVALID') },
    { zh: 'RSA 公钥只有 512 位', en: 'An RSA key of 512 bits', signature: cmsMessage(short, BID), expect: open('KEY_TOO_WEAK') },
  ]);
}

function find(bytes, text) {
  return Buffer.from(bytes).indexOf(text);
}
