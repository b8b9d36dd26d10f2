import { lazily, once } from '../lazily.js';
import { signDetached, type SignedForm } from '../sign-detached.js';
import type { CaCertificate } from './authority.js';
import { NINE_CITIES } from './cities.js';
import { DAY, HOUR } from './clock.js';
import type { Company } from './company.js';
import type { ExpectedIdentity } from './holder.js';
import { type ListName, SUSPENDED_AUTHORITY } from './lists.js';

/** What a verifier should say. `list`: refused before anything is judged. */
export type ScenarioExpectation =
  | { readonly stage: 'list'; readonly code: string }
  | {
      readonly stage: 'judge';
      readonly conclusion: 'passed' | 'failed' | 'indeterminate';
      /** The verify room's reason code; `OK` when passed. */
      readonly code: string;
      readonly identity?: ExpectedIdentity;
    };

/** One story with everything needed to tell it. Octets are as they would arrive; times are epoch milliseconds. */
export interface Scenario {
  readonly id: string;
  readonly title: { readonly zh: string; readonly en: string };
  /** Lists in the order the verifier receives them, and when. */
  readonly lists: readonly { readonly name: ListName; readonly envelope: Uint8Array; readonly at: number }[];
  /** Validation time. */
  readonly at: number;
  readonly context: { readonly scene: 'bid-signing'; readonly region: string; readonly transaction: string };
  /** Id of the company that signed. */
  readonly signer: string;
  /** The bid as received. */
  readonly content: Uint8Array;
  /** Detached SignedData, DER. */
  readonly signature: Uint8Array;
  readonly evidence: {
    readonly certificates: readonly Uint8Array[];
    readonly crls: readonly { readonly url: string; readonly bytes: Uint8Array }[];
  };
  readonly expected: ScenarioExpectation;
}

/** The parts of a world that scenarios are told with. */
export interface Stage {
  readonly at: number;
  readonly baseUrl: string;
  readonly companies: readonly Company[];
  readonly lists: Readonly<Record<ListName, Uint8Array>>;
  readonly crls: ReadonlyMap<string, Uint8Array>;
}

/** In what a story departs from a bid of its signer, sent to the signer's own city under the current list. */
interface Change {
  readonly region?: string;
  readonly content?: Uint8Array;
  readonly signature?: () => Uint8Array;
  /** Lists received, in order. */
  readonly given?: readonly ListName[];
  readonly receivedAt?: number;
}

const PASSED = { stage: 'judge', conclusion: 'passed', code: 'OK' } as const;
const TRANSACTION = '工程建设';
/** Forms no new signature may have; the list says so for this CA. */
const REFUSED_FORMS: readonly SignedForm[] = ['attrs-za-md-za', 'plain-content', 'contentinfo-der', 'digest-as-message'];

function refused(code: string, conclusion: 'failed' | 'indeterminate' = 'indeterminate'): ScenarioExpectation {
  return { stage: 'judge', conclusion, code };
}

/**
 * Every scenario of the world. A broken signature, and a certificate expired or revoked when the bid arrives, fail;
 * the other refusals leave the signature itself open (EN 319 102-1 §5.1.3).
 */
export function createScenarios(stage: Stage): readonly Scenario[] {
  const { at, lists } = stage;
  const company = (id: string): Company => stage.companies.find((each) => each.id === id)!;
  const tell = (id: string, title: Scenario['title'], signer: Company, expected: ScenarioExpectation, change: Change = {}): Scenario => {
    const { region = signer.region, content = bidOf(signer), signature = () => signBid(stage, signer, content), given = ['current'], receivedAt = at } = change;
    return lazily({ id, title, at, context: { scene: 'bid-signing', region, transaction: TRANSACTION }, signer: signer.id, content, expected }, {
      lists: () => given.map((name) => ({ name, envelope: lists[name], at: receivedAt })),
      signature,
      evidence: () => ({ certificates: [], crls: [...signer.authority.issuers, ...signer.authority.above].map((ca) => crlOf(stage, ca)) }),
    });
  };

  const qinghe = company('qinghe');
  const bid = bidOf(qinghe);
  const signed = once(() => signBid(stage, qinghe, bid));
  const sameBid = { content: bid, signature: signed };
  const suspended = stage.companies.find(({ authority }) => authority.id === SUSPENDED_AUTHORITY)!;

  return [
    ...NINE_CITIES.map(({ code, zh, en }) =>
      tell(`accepted-${code}`, { zh: `一处签名，${zh}认可`, en: `One signature, recognised in ${en}` }, qinghe, { ...PASSED, identity: qinghe.identity }, {
        ...sameBid,
        region: code,
      })),
    ...stage.companies
      .filter(({ state, issuer }) => state === 'good' && issuer.listed)
      .map((each) =>
        tell(`good-${each.id}`, { zh: `${each.authority.name.zh}的证书在所在城市通过`, en: `A certificate of ${each.authority.name.en ?? each.authority.id} passes in its own city` }, each, {
          ...PASSED,
          identity: each.identity,
        })),
    tell('tampered', { zh: '标书签名后被改动', en: 'The bid was changed after signing' }, qinghe, refused('CONTENT_TAMPERED', 'failed'), {
      content: utf8(new TextDecoder().decode(bid).replace('1,280,000.00', '1,180,000.00')),
      signature: signed,
    }),
    tell('expired', { zh: '签名证书已过期', en: 'The signing certificate has expired' }, company('wanqiu'), refused('CERTIFICATE_EXPIRED', 'failed')),
    tell('revoked', { zh: '签名证书已吊销', en: 'The signing certificate is revoked' }, company('duanqiao'), refused('CERTIFICATE_REVOKED', 'failed')),
    tell('frozen', { zh: '签名证书被冻结', en: 'The signing certificate is on hold' }, company('shuangjiang'), refused('CERTIFICATE_FROZEN')),
    tell('ca-suspended', { zh: 'CA 自昨日起被暂停', en: 'The CA is suspended since yesterday' }, suspended, refused('CA_SUSPENDED'), {
      given: ['current', 'suspended'],
    }),
    tell('wrong-region', { zh: 'CA 在列，但不覆盖本市', en: 'The CA is listed, but not for this city' }, company('hexi'), refused('REGION_NOT_IN_SCOPE'), {
      region: '420100',
    }),
    tell('encryption-certificate', { zh: '误用加密证书签名', en: 'Signed with the encryption certificate' }, qinghe, refused('ENCRYPTION_CERT_USED_TO_SIGN'), {
      content: bid,
      signature: () => signDetached(qinghe.encrypt, bid, { form: 'attrs-za', signingTime: at - HOUR }),
    }),
    tell('same-name-other-key', { zh: '同名 CA，但密钥未列入', en: 'The CA has the listed name and another key' }, company('jiushi'), refused('SAME_NAME_OTHER_KEY')),
    tell('unlisted-ca', { zh: 'CA 未列入名单', en: 'The CA is not on the list' }, company('yelu'), refused('ISSUER_NOT_LISTED')),
    tell('list-expired', { zh: '信任名单已过期', en: 'The trust list has expired' }, qinghe, refused('LIST_EXPIRED'), {
      ...sameBid,
      given: ['expired'],
      receivedAt: at - 30 * DAY,
    }),
    ...([
      ['list-rolled-back', { zh: '收到旧版名单', en: 'An older list is served' }, ['current', 'previous'], 'TL_ROLLBACK'],
      ['list-one-key-twice', { zh: '同一密钥签了两次', en: 'One key signed twice' }, ['one-key-twice'], 'TL_SAME_KEY_TWICE'],
      ['list-one-organisation', { zh: '两个签名同属一家机构', en: 'Two signatures of one organisation' }, ['one-organisation'], 'TL_SAME_ORGANISATION'],
      ['list-unsigned', { zh: '名单没有签名', en: 'The list is not signed' }, ['unsigned'], 'TL_UNSIGNED'],
      ['list-empty', { zh: '名单是空的', en: 'The list is empty' }, ['empty'], 'TL_NO_SERVICES'],
    ] as const).map(([id, title, names, code]) => tell(id, title, qinghe, { stage: 'list', code }, { ...sameBid, given: names })),
    ...REFUSED_FORMS.map((form) =>
      tell(`form-${form}`, { zh: `非标准报文形式 ${form}`, en: `Message form ${form}` }, qinghe, refused('MESSAGE_VARIANT_REFUSED'), {
        content: bid,
        signature: () => signDetached(qinghe.sign, bid, { form, ...(form === 'attrs-za-md-za' ? { signingTime: at - HOUR } : {}) }),
      })),
  ];
}

/** A bid document: short text, so that a newcomer can read it and change it. */
export function bidOf(company: Company): Uint8Array {
  return utf8([
    '投标函（沙盒示例，无任何效力）',
    '项目编号：HEFU-SANDBOX-001',
    '项目名称：沙盒滨江步道整治工程',
    `投标人：${company.name}`,
    `统一社会信用代码：${company.uscc}`,
    '投标总价：1,280,000.00 元',
    '工期：120 日历天',
    '',
  ].join('\n'));
}

/** Signs in the form the company's CA software uses. */
export function signBid(stage: Pick<Stage, 'at'>, company: Company, content: Uint8Array): Uint8Array {
  const { form, parameters } = company.authority.design;
  const withTime = form === 'cms' || form === 'attrs-za';
  return signDetached(company.sign, content, { form, digestParameters: parameters, ...(withTime ? { signingTime: stage.at - HOUR } : {}) });
}

function crlOf(stage: Stage, ca: CaCertificate): { url: string; bytes: Uint8Array } {
  return { url: stage.baseUrl + ca.crlPath, bytes: stage.crls.get(ca.crlPath)! };
}

function utf8(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}
