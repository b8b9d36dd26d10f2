// The forms in which messages are really signed: each where the CA's entry names it, and where it does not.
import { sha512 } from '@hefu/crypto';
import { nullValue } from '@hefu/pki';
import { signDetached } from '@hefu/sandbox';
import { failed, open, passed } from '../case-book.mjs';
import { AT, BID, CHANGED_BID, HOUR, IDENTITY } from '../ground.mjs';
import { algorithm, cmsAttributes, cmsMessage, sha256, SHA_512, SM3 } from '../message.mjs';

const EVERY = ['cms', 'za-content', 'attrs-za', 'attrs-za-md-za', 'plain-content', 'contentinfo-der', 'digest-as-message'];
const GM_FORMS = EVERY.slice(1);

export function forms(book, lab) {
  const every = lab.authority('every-form', { service: { messageVariants: EVERY } });
  const cmsOnly = lab.authority('cms-only', { service: { messageVariants: ['cms'] } });
  const silent = lab.authority('silent-on-forms');
  const [byEvery, byCmsOnly, bySilent] = [every, cmsOnly, silent].map((ca) => lab.company(ca));
  const [crlEvery, crlCmsOnly, crlSilent] = [every, cmsOnly, silent].map((ca) => [lab.crl(ca)]);

  for (const form of GM_FORMS) {
    const options = { form, ...(form.startsWith('attrs') ? { signingTime: AT - HOUR } : {}) };
    const standard = form === 'za-content' || form === 'attrs-za';
    book.group('message-form', { by: `signDetached ${form}` }, [
      { zh: `名单允许 ${form}`, en: `${form} where the entry names it`, crls: crlEvery, signature: signDetached(byEvery, BID, options), expect: passed(IDENTITY, form) },
      { zh: `名单只允许 cms，报文为 ${form}`, en: `${form} where the entry names only cms`, crls: crlCmsOnly, signature: signDetached(byCmsOnly, BID, options), expect: open('MESSAGE_VARIANT_REFUSED', { messageVariant: form }) },
      {
        zh: `${form}，标书被改动`, en: `${form} with changed content`, crls: crlEvery, content: CHANGED_BID, signature: signDetached(byEvery, BID, options),
        expect: failed(form.startsWith('attrs') ? 'CONTENT_TAMPERED' : 'SIGNATURE_INVALID'),
      },
    ]);
    const quiet = { crls: crlSilent, signature: signDetached(bySilent, BID, options), zh: `名单未提及报文形式：${form}`, en: `${form} where the entry is silent` };
    if (standard) {
      book.group('message-form', { by: `signDetached ${form}` }, [
        { ...quiet, expect: passed(IDENTITY, form) },
        { ...quiet, en: `${form} where the entry is silent and the content changed`, zh: `${quiet.zh}，标书被改动`, content: CHANGED_BID, expect: failed(form.startsWith('attrs') ? 'CONTENT_TAMPERED' : 'SIGNATURE_INVALID') },
      ]);
    } else {
      book.group('message-form', { by: `signDetached ${form}` }, [
        { ...quiet, expect: open('MESSAGE_VARIANT_REFUSED', { messageVariant: form }) },
        { zh: `名单未提及报文形式，改用 za-content（对照 ${form}）`, en: `za-content beside ${form} where the entry is silent`, crls: crlSilent, signature: signDetached(bySilent, BID, { form: 'za-content' }), expect: passed(IDENTITY, 'za-content') },
      ]);
    }
  }

  // The empty content type of one CA's middleware.
  book.group('message-form', { by: 'signDetached empty-oid', crls: crlEvery }, [
    { zh: '内层内容类型为空 OID', en: 'An empty object identifier as content type', signature: signDetached(byEvery, BID, { form: 'empty-oid' }), expect: passed(IDENTITY, 'za-content', { warnings: ['MESSAGE_NON_STANDARD'] }) },
    { zh: '内层内容类型为空 OID，标书被改动', en: 'An empty object identifier as content type with changed content', content: CHANGED_BID, signature: signDetached(byEvery, BID, { form: 'empty-oid' }), expect: failed('SIGNATURE_INVALID') },
  ]);

  // RFC 5652 with SM2: the family of the shell does not decide what the signature is over.
  const sm3Digest = algorithm(SM3, nullValue());
  book.group('message-form', { by: 'cmsMessage with SM2-with-SM3', crls: crlEvery }, [
    { zh: 'RFC 5652 外壳，SM2 签名', en: 'SM2 in a shell of RFC 5652', signature: cmsMessage(byEvery, BID, { digest: sm3Digest }), expect: passed(IDENTITY, 'za-content') },
    { zh: 'RFC 5652 外壳，SM2 签名，标书被改动', en: 'SM2 in a shell of RFC 5652 with changed content', content: CHANGED_BID, signature: cmsMessage(byEvery, BID, { digest: sm3Digest }), expect: failed('SIGNATURE_INVALID') },
  ]);

  for (const kind of ['RSA-2048', 'P-256', 'Ed25519']) {
    const name = kind.toLowerCase();
    const yes = lab.authority(`${name}-cms`, { kind, service: { messageVariants: ['cms'] } });
    const no = lab.authority(`${name}-gm-only`, { kind, service: { messageVariants: ['za-content'] } });
    const [byYes, byNo] = [lab.company(yes), lab.company(no)];
    const [crlYes, crlNo] = [[lab.crl(yes)], [lab.crl(no)]];
    // RFC 8419 §3.1 pairs Ed25519 with SHA-512.
    const digest = kind === 'Ed25519' ? { digest: algorithm(SHA_512) } : {};
    const attributes = cmsAttributes(kind === 'Ed25519' ? sha512.digest(BID) : sha256(BID));
    const made = (credential) => cmsMessage(credential, BID, { ...digest, attributes });
    book.group('message-form', { by: `cmsMessage ${kind}` }, [
      { zh: `${kind} 的 CMS 报文，带属性`, en: `cms of ${kind} with attributes`, crls: crlYes, signature: made(byYes), expect: passed(IDENTITY, 'cms') },
      { zh: `${kind} 的 CMS 报文，不带属性`, en: `cms of ${kind} without attributes`, crls: crlYes, signature: cmsMessage(byYes, BID, digest), expect: passed(IDENTITY, 'cms') },
      { zh: `${kind} 的 CMS 报文，名单未列明`, en: `cms of ${kind} where the entry names only za-content`, crls: crlNo, signature: made(byNo), expect: open('MESSAGE_VARIANT_REFUSED', { messageVariant: 'cms' }) },
      { zh: `${kind}，带属性，标书被改动`, en: `cms of ${kind} with attributes and changed content`, crls: crlYes, content: CHANGED_BID, signature: made(byYes), expect: failed('CONTENT_TAMPERED') },
      { zh: `${kind}，不带属性，标书被改动`, en: `cms of ${kind} without attributes and with changed content`, crls: crlYes, content: CHANGED_BID, signature: cmsMessage(byYes, BID, digest), expect: failed('SIGNATURE_INVALID') },
    ]);
  }
}
