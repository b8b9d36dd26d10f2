// Who signed: what the CA's profile finds in the certificate, and when it may not be believed.
import { printableString, utf8String } from '@hefu/pki';
import { attr, extension, organisationCode, signDetached, uscc, withWrongCheck } from '@hefu/sandbox';
import { open, passed } from '../case-book.mjs';
import { BID, HOLDER, REGION } from '../ground.mjs';
import { instead, ORGANISATION_CODE, plus, without } from '../laboratory.mjs';

const OTHER_CODE = uscc(REGION, organisationCode('HEFU9002'));
const SECOND_PLACE = '1.2.156.999001.11.205';
const OWN_CODE = '1.2.156.999001.11.3';
const code = (text) => extension(ORGANISATION_CODE, utf8String(text));
const always = [{ if: 'always', is: 'organization' }];
const nameInO = { try: [{ dn: 'O', accept: 'TEXT' }] };

export function identity(book, lab) {
  const plain = lab.authority('identity');
  const group = (ca, by, rows) => book.group('identity', { crls: [lab.crl(ca)], by }, rows.map(([zh, en, label, company, expect]) => ({
    zh, en, expect, signature: signDetached(lab.company(ca, label, company), BID, { form: 'za-content' }),
  })));
  const is = (found, more) => passed(found, 'za-content', more);
  const both = { uscc: HOLDER.uscc, name: HOLDER.name };
  const wrong = withWrongCheck(HOLDER.uscc);

  group(plain, 'the credit code in 1.2.156.10260.4.1.4', [
    ['统一社会信用代码在扩展中', 'A credit code in its extension', 'company', {}, is(both)],
    ['统一社会信用代码为 PrintableString', 'A credit code as PrintableString', 'printable', { extensions: instead(extension(ORGANISATION_CODE, printableString(HOLDER.uscc))) }, is(both)],
    ['校验位错误，仅提示', 'A credit code with a wrong check character', 'wrong', { extensions: instead(code(wrong)) }, is({ ...both, uscc: wrong }, { warnings: ['USCC_CHECK_DIGIT'] })],
    ['没有统一社会信用代码', 'No credit code', 'absent', { extensions: without(ORGANISATION_CODE) }, open('IDENTITY_MISSING')],
    ['代码只有 17 位', 'A credit code of seventeen characters', 'short', { extensions: instead(code(HOLDER.uscc.slice(0, 17))) }, open('IDENTITY_MISSING')],
    ['代码含不允许的字母', 'A credit code with a letter outside the alphabet', 'letter', { extensions: instead(code(`${HOLDER.uscc.slice(0, 16)}O${HOLDER.uscc.slice(17)}`)) }, open('IDENTITY_MISSING')],
    ['代码全为零', 'A credit code of zeros', 'zeros', { extensions: instead(code('0'.repeat(18))) }, open('IDENTITY_MISSING')],
    ['扩展为空字符串', 'An empty credit code', 'empty', { extensions: instead(code('')) }, open('IDENTITY_MISSING')],
    // Shaped like a number of GB 11643 with a right check character: an operator is not the company.
    ['代码位置写的是公民身份号码', 'The number of a person instead of a credit code', 'person', { extensions: instead(code('11010519491231002X')) }, open('IDENTITY_MISSING')],
  ]);

  const two = lab.authority('identity-two-places', {
    service: {
      identity: lab.profile({
        id: 'prof:hefu-test-vectors-two-places', version: 1, subjectType: always,
        fields: { uscc: { try: [{ ext: ORGANISATION_CODE, decode: ['der-string'], accept: 'USCC18' }, { ext: SECOND_PLACE, decode: ['auto'], regex: '^\\d+@XY(?<value>[0-9A-Z]{18})$', accept: 'USCC18' }] }, name: nameInO },
      }),
    },
  });
  const also = (text) => plus(extension(SECOND_PLACE, utf8String(`9342@XY${text}`)));
  group(two, 'two places that must agree', [
    ['两处代码一致', 'A credit code in two places', 'agree', { extensions: also(HOLDER.uscc) }, is(both)],
    ['只有一处写有代码', 'A credit code in one of two places', 'one', {}, is(both)],
    ['两处代码矛盾', 'Two credit codes that contradict each other', 'conflict', { extensions: also(OTHER_CODE) }, open('IDENTITY_CONFLICT')],
  ]);

  const codes = lab.authority('identity-two-codes', {
    service: {
      identity: lab.profile({
        id: 'prof:hefu-test-vectors-two-codes', version: 1, subjectType: always,
        fields: { uscc: { try: [{ ext: ORGANISATION_CODE, decode: ['der-string'], accept: 'USCC18' }] }, orgCode: { try: [{ ext: OWN_CODE, decode: ['der-string'], accept: 'ORG9' }] }, name: nameInO },
      }),
    },
  });
  const orgCode = (text) => ({ extensions: plus(extension(OWN_CODE, printableString(text))) });
  group(codes, 'a credit code and an organisation code', [
    ['组织机构代码与统一代码相符', 'An organisation code that belongs to the credit code', 'same', orgCode(`${HOLDER.orgCode.slice(0, 8)}-${HOLDER.orgCode.slice(8)}`), is({ ...both, orgCode: HOLDER.orgCode })],
    ['组织机构代码属于别的单位', 'An organisation code of another', 'other', orgCode(organisationCode('HEFU9002')), open('IDENTITY_CONFLICT')],
  ]);

  const subject = (value) => ({ subject: [attr('C', 'CN'), attr('O', HOLDER.name), attr('CN', HOLDER.name), attr('organizationIdentifier', value)], extensions: without(ORGANISATION_CODE) });
  const inName = lab.authority('identity-in-name', {
    service: {
      identity: lab.profile({
        id: 'prof:hefu-test-vectors-in-name', version: 1, subjectType: always,
        fields: { uscc: { try: [{ dn: '2.5.4.97', regex: '^(?:NTRCN-)?(?<value>[0-9A-Z]{18})$', accept: 'USCC18' }] }, name: nameInO },
      }),
    },
  });
  group(inName, 'the credit code in organizationIdentifier', [
    ['代码在 organizationIdentifier 中', 'A credit code in organizationIdentifier', 'prefixed', subject(`NTRCN-${HOLDER.uscc}`), is(both)],
    ['代码夹在别的文字中', 'A credit code inside other text', 'inside', subject(`X${HOLDER.uscc}Y`), open('IDENTITY_MISSING')],
  ]);

  const [unsaid, said] = [lab.authority('identity-no-profile', { service: { identity: null } }), lab.authority('identity-with-profile')];
  book.group('identity', { by: 'services with and without an identity profile' }, [
    { zh: '名单写明身份写在何处', en: 'A CA whose entry names an identity profile', crls: [lab.crl(said)], signature: signDetached(lab.company(said), BID, { form: 'za-content' }), expect: is(both) },
    { zh: '名单没有写明身份写在何处', en: 'A CA whose entry names no identity profile', crls: [lab.crl(unsaid)], signature: signDetached(lab.company(unsaid), BID, { form: 'za-content' }), expect: open('IDENTITY_PROFILE_MISSING') },
  ]);
}
