// The signature value: its encoding, its range, and what was hashed into it.
import { decodeEcdsaSignature } from '@hefu/crypto';
import { concatBytes, integer, sequence } from '@hefu/pki';
import { failed, open, passed } from '../case-book.mjs';
import { BID, CHANGED_BID, IDENTITY, seed } from '../ground.mjs';
import { algorithm, cmsAttributes, cmsMessage, flip, gmMessage, pssParameters, RSA_PSS, sha256, SHA_384, signPss, signUnder } from '../message.mjs';

/** GB/T 32918.5 and FIPS 186-4. */
const ORDER = {
  SM2: 0xfffffffeffffffffffffffffffffffff7203df6b21c6052b53bbf40939d54123n,
  'P-256': 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n,
};
const big = (bytes) => BigInt(`0x${Buffer.from(bytes).toString('hex')}`);
/** Values that are no DER SEQUENCE of two INTEGERs above zero and of the curve's width: nothing is computed with them. */
const malformed = failed('SIGNATURE_VALUE_MALFORMED');
const octets = (value) => new Uint8Array(Buffer.from(value.toString(16).padStart(64, '0'), 'hex'));
/** SEQUENCE { r, s } of any two numbers. */
const pair = (r, s) => sequence(integer(r), integer(s));

export function value(book, lab) {
  const ca = lab.authority('value');
  const company = lab.company(ca);
  const { key } = company;
  const crls = [lab.crl(ca)];
  const right = key.sign(BID);
  const raw = decodeEcdsaSignature(right, 32);
  const [r, s] = [big(raw.subarray(0, 32)), big(raw.subarray(32))];
  const withValue = (signature) => gmMessage(company, BID, { signature });
  const n = ORDER.SM2;

  book.group('signature-value', { crls, by: 'gmMessage with another signature value' }, [
    { zh: 'SM2 签名值为 DER', en: 'An SM2 value in DER', signature: withValue(right), expect: passed(IDENTITY, 'za-content') },
    ...[
      ['SM2 签名值为 r‖s 裸值', 'An SM2 value as r and s side by side', raw, malformed],
      ['SM2 签名值前加一个字节', 'An SM2 value with an octet before it', concatBytes(Uint8Array.of(0), right), malformed],
      ['SM2 签名值后加一个字节', 'An SM2 value with an octet after it', concatBytes(right, Uint8Array.of(0)), malformed],
      ['SM2 签名值的 r 带多余前导零', 'An SM2 value whose r has a needless zero in front', padded(right), malformed],
      ['SM2 签名值用长形式长度', 'An SM2 value with its length in long form', concatBytes(Uint8Array.of(0x30, 0x81, right[1]), right.subarray(2)), malformed],
      ['SM2 签名值的 s 加上 n', 'An SM2 value whose s is s plus n', pair(r, s + n), malformed],
      ['SM2 签名值的 s 取 n 减 s', 'An SM2 value whose s is n minus s', pair(r, n - s)],
      ['SM2 签名值的 r 与 s 对调', 'An SM2 value with r and s exchanged', pair(s, r)],
      ['SM2 签名值的 r 为零', 'An SM2 value whose r is zero', pair(0n, s), malformed],
      ['SM2 签名值的 s 为零', 'An SM2 value whose s is zero', pair(r, 0n), malformed],
      ['SM2 签名值的 r 与 s 之和为 n', 'An SM2 value whose r and s add up to n', pair(r, n - r)],
      ['SM2 签名值为空', 'An SM2 value of no octets', new Uint8Array(0), malformed],
      ['SM2 签名值一位翻转', 'An SM2 value with one bit flipped', flip(right, -1)],
    ].map(([zh, en, signature, expect = failed('SIGNATURE_INVALID')]) => ({ zh, en, signature: withValue(signature), expect })),
  ]);

  book.group('signature-value', { crls, by: 'gmMessage signed under another Z' }, [
    { zh: '以标准标识 1234567812345678 计算 Z', en: 'Z under the identifier 1234567812345678', signature: withValue(signUnder(key, BID)), expect: passed(IDENTITY, 'za-content') },
    { zh: '以空标识计算 Z', en: 'Z under an empty identifier', signature: withValue(signUnder(key, BID, { id: '' })), expect: failed('SIGNATURE_INVALID') },
    { zh: '以别的标识计算 Z', en: 'Z under another identifier', signature: withValue(signUnder(key, BID, { id: '8765432187654321' })), expect: failed('SIGNATURE_INVALID') },
    { zh: '以颁发者公钥计算 Z', en: 'Z of the issuer\'s key', signature: withValue(signUnder(key, BID, { point: ca.key.publicKey.point })), expect: failed('SIGNATURE_INVALID') },
    { zh: '由别人的密钥签名', en: 'A signature by the key of another', signature: withValue(ca.key.sign(BID)), expect: failed('SIGNATURE_INVALID') },
    { zh: '签的是另一份标书', en: 'A signature over another bid', signature: withValue(key.sign(CHANGED_BID)), expect: failed('SIGNATURE_INVALID') },
  ]);

  const ec = lab.authority('value-p-256', { kind: 'P-256' });
  const ecCompany = lab.company(ec);
  const attributes = cmsAttributes(sha256(BID));
  const ecRight = ecCompany.key.sign(attributes);
  const ecRaw = decodeEcdsaSignature(ecRight, 32);
  const ecWith = (signature) => cmsMessage(ecCompany, BID, { attributes, signature });
  const [er, es] = [big(ecRaw.subarray(0, 32)), big(ecRaw.subarray(32))];
  book.group('signature-value', { crls: [lab.crl(ec)], by: 'cmsMessage P-256 with another signature value' }, [
    { zh: 'ECDSA 签名值为 DER', en: 'An ECDSA value in DER', signature: ecWith(ecRight), expect: passed(IDENTITY, 'cms') },
    // (r, n - s) is a signature of the same message by the mathematics of ECDSA: nothing was forged.
    { zh: 'ECDSA 签名值的 s 取 n 减 s，仍是有效签名', en: 'An ECDSA value whose s is n minus s', signature: ecWith(pair(er, ORDER['P-256'] - es)), expect: passed(IDENTITY, 'cms') },
    ...[
      ['ECDSA 签名值为 r‖s 裸值', 'An ECDSA value as r and s side by side', ecRaw],
      ['ECDSA 签名值的 s 加上 n', 'An ECDSA value whose s is s plus n', pair(er, es + ORDER['P-256'])],
      ['ECDSA 签名值的 r 与 s 均为零', 'An ECDSA value of two zeros', pair(0n, 0n)],
    ].map(([zh, en, signature]) => ({ zh, en, signature: ecWith(signature), expect: malformed })),
  ]);

  const rsa = lab.authority('value-rsa', { kind: 'RSA-2048' });
  const rsaCompany = lab.company(rsa);
  const rsaRight = rsaCompany.key.sign(attributes);
  const rsaWith = (signature) => cmsMessage(rsaCompany, BID, { attributes, signature });
  const crlsOfRsa = [lab.crl(rsa)];
  book.group('signature-value', { crls: crlsOfRsa, by: 'cmsMessage RSA with another signature value' }, [
    { zh: 'RSA 签名值与模数等长', en: 'An RSA value as long as the modulus', signature: rsaWith(rsaRight), expect: passed(IDENTITY, 'cms') },
    { zh: 'RSA 签名值多一个前导零', en: 'An RSA value with a zero in front', signature: rsaWith(concatBytes(Uint8Array.of(0), rsaRight)), expect: failed('SIGNATURE_INVALID') },
    { zh: 'RSA 签名值少最后一个字节', en: 'An RSA value without its last octet', signature: rsaWith(rsaRight.subarray(0, -1)), expect: failed('SIGNATURE_INVALID') },
    { zh: 'RSA 签名值全零', en: 'An RSA value of zeros', signature: rsaWith(new Uint8Array(256)), expect: failed('SIGNATURE_INVALID') },
  ]);

  const salt = seed.bytes('vectors/pss-salt', 32);
  const pss = signPss(rsaCompany.key, attributes, salt);
  const pssWith = (parameters, signature = pss) => cmsMessage(rsaCompany, BID, { attributes, signature, signatureAlgorithm: algorithm(RSA_PSS, ...parameters) });
  book.group('signature-value', { crls: crlsOfRsa, by: 'cmsMessage RSASSA-PSS' }, [
    { zh: 'RSASSA-PSS，参数完整', en: 'RSASSA-PSS with its parameters', signature: pssWith([pssParameters()]), expect: passed(IDENTITY, 'cms') },
    { zh: 'RSASSA-PSS，缺少参数', en: 'RSASSA-PSS without parameters', signature: pssWith([]), expect: failed('ALGORITHM_MISMATCH') },
    { zh: 'RSASSA-PSS，盐长不符', en: 'RSASSA-PSS with another salt length stated', signature: pssWith([pssParameters({ salt: 20 })]), expect: failed('SIGNATURE_INVALID') },
    { zh: 'RSASSA-PSS，摘要与 digestAlgorithm 不一致', en: 'RSASSA-PSS with another digest stated', signature: pssWith([pssParameters({ hash: SHA_384, mgf: SHA_384 })]), expect: failed('ALGORITHM_MISMATCH') },
    { zh: 'RSASSA-PSS 的标识配 PKCS #1 签名值', en: 'RSASSA-PSS around a value of PKCS 1', signature: pssWith([pssParameters()], rsaRight), expect: failed('SIGNATURE_INVALID') },
  ]);

  const ed = lab.authority('value-ed25519', { kind: 'Ed25519' });
  const edCompany = lab.company(ed);
  const edRight = edCompany.key.sign(BID);
  // s + L: the same point equation, refused by RFC 8032 §5.1.7.
  const order = 2n ** 252n + 27742317777372353535851937790883648493n;
  const little = (bytes) => big(bytes.slice().reverse());
  const beyond = concatBytes(edRight.subarray(0, 32), octets(little(edRight.subarray(32)) + order).reverse());
  book.group('signature-value', { crls: [lab.crl(ed)], by: 'cmsMessage Ed25519' }, [
    { zh: 'Ed25519 签名值', en: 'An Ed25519 value', signature: cmsMessage(edCompany, BID, { signature: edRight }), expect: passed(IDENTITY, 'cms') },
    { zh: 'Ed25519 签名值的 s 加上 L', en: 'An Ed25519 value whose s is s plus L', signature: cmsMessage(edCompany, BID, { signature: beyond }), expect: failed('SIGNATURE_INVALID') },
    { zh: 'Ed25519 签名值少一个字节', en: 'An Ed25519 value without its last octet', signature: cmsMessage(edCompany, BID, { signature: edRight.subarray(0, 63) }), expect: failed('SIGNATURE_INVALID') },
  ]);

  // The key of the certificate and the algorithm of the message must be of one kind.
  book.group('signature-value', { crls, by: 'cmsMessage and gmMessage with algorithms of other keys' }, [
    { zh: '算法与证书密钥一致', en: 'An algorithm of the certificate\'s key', signature: gmMessage(company, BID), expect: passed(IDENTITY, 'za-content') },
    { zh: 'SM2 证书配 ECDSA 算法', en: 'ECDSA with an SM2 certificate', signature: cmsMessage(company, BID, { signatureAlgorithm: algorithm('1.2.840.10045.4.3.2') }), expect: failed('ALGORITHM_MISMATCH') },
    { zh: 'SM2 证书配 RSA 算法', en: 'RSA with an SM2 certificate', signature: cmsMessage(company, BID, { signatureAlgorithm: algorithm('1.2.840.113549.1.1.11', Uint8Array.of(5, 0)) }), expect: failed('ALGORITHM_MISMATCH') },
    { zh: 'SM2 证书配未知算法', en: 'An unknown algorithm with an SM2 certificate', signature: cmsMessage(company, BID, { signatureAlgorithm: algorithm('1.2.156.999001.99') }), expect: open('ALGORITHM_UNKNOWN') },
  ]);
}

/** r with one needless zero octet in front: X.690 §8.3.2 forbids it. */
function padded(der) {
  const length = der[3];
  return concatBytes(Uint8Array.of(0x30, der[1] + 1, 0x02, length + 1, 0), der.subarray(4));
}
