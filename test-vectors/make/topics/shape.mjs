// The shell of a message: attached and detached, how many signers, whose certificate, which encoding.
import { sm3 } from '@hefu/crypto';
import { concatBytes, encodePem, explicit, id_data, integer, octetString, oid, parseCertificate, sequence, setOf } from '@hefu/pki';
import { signDetached } from '@hefu/sandbox';
import { failed, open, passed } from '../case-book.mjs';
import { BID, CHANGED_BID, IDENTITY } from '../ground.mjs';
import {
  cmsAttributes, cmsMessage, contentTypeAttribute, flip, gmAttributes, gmMessage, keyIdentifier, message, messageDigestAttribute, sha256, signerIdentifier, signerInfo,
} from '../message.mjs';

export function shape(book, lab) {
  const ca = lab.authority('shape');
  const stranger = lab.authority('shape-stranger');
  stranger.service.scope[0].regions = ['430100'];
  const company = lab.company(ca);
  const second = lab.company(ca, 'second');
  const outsider = lab.company(stranger);
  const crls = [lab.crl(ca), lab.crl(stranger)];
  const detached = signDetached(company, BID, { form: 'za-content' });
  const attached = signDetached(company, BID, { form: 'za-content', attached: true });
  const group = (rows, by) => book.group('message-shape', { crls, by }, rows);

  group([
    { zh: '内含原文', en: 'Attached content', content: null, signature: attached, expect: passed(IDENTITY, 'za-content') },
    { zh: '内含原文，另给出相同原文', en: 'Attached content and the same beside it', signature: attached, expect: passed(IDENTITY, 'za-content') },
    { zh: '内含原文，另给出不同原文', en: 'Attached content and other content beside it', content: CHANGED_BID, signature: attached, expect: open('CONTENT_AMBIGUOUS') },
    { zh: '内含原文被改动', en: 'Attached content that was changed', content: null, signature: gmMessage(company, BID, { content: CHANGED_BID }), expect: failed('SIGNATURE_INVALID') },
    { zh: '不含原文，也未给出原文', en: 'Detached and no content beside it', content: null, signature: detached, expect: open('CONTENT_MISSING') },
  ], 'signDetached za-content, attached or not');

  const signerOf = (credential, content = BID) => signerInfo({ sid: signerIdentifier(credential.certificate), signature: credential.key.sign(content) });
  const two = (...signers) => message({ certificates: [company.certificate, second.certificate, outsider.certificate], signers });
  group([
    { zh: '两名签名人，均正确', en: 'Two signers', signature: two(signerOf(company), signerOf(second)), expect: passed(IDENTITY, 'za-content') },
    { zh: '两名签名人，其一签的是别的内容', en: 'Two signers of whom one signed something else', signature: two(signerOf(company), signerOf(second, CHANGED_BID)), expect: failed('SIGNATURE_INVALID') },
    { zh: '两名签名人，其一的 CA 在本地区不受认可', en: 'Two signers of whom one is not recognised here', signature: two(signerOf(company), signerOf(outsider)), expect: open('REGION_NOT_IN_SCOPE') },
    { zh: '同一签名人出现两次', en: 'One signer twice', signature: two(signerOf(company), signerOf(company)), expect: failed('DUPLICATE_SIGNER') },
    { zh: '同一签名人两次，其一错误', en: 'One signer twice of which one is wrong', signature: two(signerOf(company), signerOf(company, CHANGED_BID)), expect: failed('DUPLICATE_SIGNER') },
    { zh: '没有签名人', en: 'No signers', signature: message({ certificates: [company.certificate], signers: [] }), expect: failed('NO_SIGNERS') },
  ], 'message with several signerInfos');

  const bare = gmMessage(company, BID, { certificates: [] });
  group([
    { zh: '报文不带证书，由平台提供', en: 'No certificate in the message but one beside it', signature: bare, certificates: [lab.certificate('shape-company', company.certificate)], expect: passed(IDENTITY, 'za-content') },
    { zh: '报文不带证书，也未提供', en: 'No certificate anywhere', signature: bare, expect: open('SIGNER_CERTIFICATE_MISSING') },
    { zh: '只带别人的证书', en: 'Only the certificate of another', signature: gmMessage(company, BID, { certificates: [second.certificate] }), expect: open('SIGNER_CERTIFICATE_MISSING') },
    { zh: '签名人指向别人的证书', en: 'A signer that names the certificate of another', signature: gmMessage(company, BID, { signer: { sid: signerIdentifier(second.certificate) }, certificates: [company.certificate, second.certificate] }), expect: failed('SIGNATURE_INVALID') },
    { zh: '签名证书不可解读', en: 'A certificate that cannot be read', signature: gmMessage(company, BID, { certificates: [sequence(sequence(integer(1)), oid(id_data))] }), expect: open('SIGNER_CERTIFICATE_UNREADABLE') },
  ], 'gmMessage with other certificates');

  group([
    { zh: '另带一张不可解读的证书', en: 'A certificate that cannot be read beside the signer\'s', signature: gmMessage(company, BID, { certificates: [company.certificate, sequence(sequence(integer(1)), oid(id_data))] }), expect: passed(IDENTITY, 'za-content') },
    { zh: '内含空原文，另给出原文', en: 'Attached content of no octets and other content beside it', signature: gmMessage(company, BID, { content: new Uint8Array(0) }), expect: open('CONTENT_AMBIGUOUS') },
    { zh: '签的就是空原文', en: 'Attached content of no octets that was signed', content: null, signature: gmMessage(company, new Uint8Array(0), { content: new Uint8Array(0) }), expect: passed(IDENTITY, 'za-content') },
  ], 'gmMessage with something beside what is needed');

  const rsa = lab.authority('shape-rsa', { kind: 'RSA-2048' });
  const rsaCompany = lab.company(rsa);
  const attributes = cmsAttributes(sha256(BID));
  const byKey = (identifier) => cmsMessage(rsaCompany, BID, { attributes, version: 3, signer: { version: 3, sid: keyIdentifier(identifier) } });
  const { extSubjectKeyIdentifier } = parseCertificate(rsaCompany.certificate);
  book.group('message-shape', { crls: [lab.crl(rsa)], by: 'cmsMessage with subjectKeyIdentifier' }, [
    { zh: '以密钥标识指明签名人', en: 'A signer named by key identifier', signature: byKey(extSubjectKeyIdentifier), expect: passed(IDENTITY, 'cms') },
    { zh: '密钥标识不属于任何证书', en: 'A signer named by the key identifier of nobody', signature: byKey(flip(extSubjectKeyIdentifier, 0)), expect: open('SIGNER_CERTIFICATE_MISSING') },
  ]);

  const ber = gmMessage(company, BID, { content: BID, indefinite: true });
  group([
    { zh: 'BER 不定长编码，分段原文', en: 'Indefinite lengths and content in segments', content: null, signature: ber, expect: passed(IDENTITY, 'za-content', { warnings: ['MESSAGE_NON_STANDARD'] }) },
    { zh: 'BER 不定长编码，缺少结束符', en: 'Indefinite lengths without their end', content: null, signature: ber.subarray(0, -2), expect: failed('MESSAGE_MALFORMED') },
    { zh: '报文被截断', en: 'A message cut short', signature: detached.subarray(0, -1), expect: failed('MESSAGE_MALFORMED') },
    { zh: '报文之后多出一个字节', en: 'One octet after the message', signature: concatBytes(detached, Uint8Array.of(0)), expect: failed('MESSAGE_MALFORMED') },
    { zh: '以证书代替报文', en: 'A certificate instead of a message', signature: company.certificate, expect: failed('MESSAGE_NOT_SIGNED_DATA') },
    { zh: '只有内容、没有签名的 ContentInfo', en: 'A ContentInfo of data instead of signed data', signature: sequence(oid(id_data), explicit(0, octetString(BID))), expect: failed('MESSAGE_NOT_SIGNED_DATA') },
  ], 'gmMessage in BER, or no message at all');

  group([
    { zh: 'PEM 编码', en: 'A message in PEM', signature: encodePem('CMS', detached), expect: passed(IDENTITY, 'za-content') },
    { zh: 'PEM 编码，标签为证书', en: 'A message in PEM under the label of a certificate', signature: encodePem('CERTIFICATE', detached), expect: failed('MESSAGE_NOT_SIGNED_DATA') },
  ], 'signDetached za-content in PEM');

  // RFC 5652 §5.3: content other than data needs attributes.
  const odd = '1.2.156.10197.6.1.4.2.3';
  const oddAttributes = setOf(contentTypeAttribute(odd), messageDigestAttribute(sm3.digest(BID)));
  group([
    { zh: '内容类型不是 data，带属性', en: 'Content of another type with attributes', signature: gmMessage(company, BID, { contentType: odd, attributes: oddAttributes }), expect: passed(IDENTITY, 'attrs-za') },
    { zh: '内容类型不是 data，不带属性', en: 'Content of another type without attributes', signature: gmMessage(company, BID, { contentType: odd }), expect: failed('SIGNED_ATTRIBUTES_INVALID') },
  ], 'gmMessage with another eContentType');

  group([
    { zh: '带未签名属性', en: 'Unsigned attributes beside the signature', signature: gmMessage(company, BID, { signer: { unsigned: setOf(sequence(oid('1.2.156.999001.1'), setOf(integer(1)))) } }), expect: passed(IDENTITY, 'za-content') },
    { zh: '属性只放在未签名处', en: 'The attributes only where nothing signs them', signature: gmMessage(company, BID, { signed: gmAttributes(BID), signer: { unsigned: gmAttributes(BID) } }), expect: failed('SIGNATURE_INVALID') },
  ], 'gmMessage with unsignedAttrs');
}
