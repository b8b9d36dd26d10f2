import type { ReasonCode } from '../codes.js';
import { say, type Wording } from './row.js';

type TrustCode = Extract<
  ReasonCode,
  | 'SAME_NAME_OTHER_KEY' | 'REGION_NOT_IN_SCOPE' | 'TRANSACTION_NOT_IN_SCOPE' | 'PURPOSE_NOT_IN_SCOPE' | 'ROLE_NOT_IN_SCOPE' | 'SCOPE_NOT_IN_FORCE'
  | 'CA_SUSPENDED' | 'CA_CEASED' | 'CA_WITHDRAWN' | 'CA_DISTRUSTED' | 'CA_NOT_YET_GRANTED' | 'SERVICE_UNSUPPORTED' | 'SERVICE_CONSTRAINTS_VIOLATED'
  | 'SERVICE_NOT_DELEGATED' | 'PEER_NOT_ACCEPTED' | 'PEER_NOT_IN_FORCE' | 'PEER_STALE'
>;

const OTHER_CA = say(
  '请改用信任名单中状态正常的 CA 签发的证书重新签名；已提交的投标文件如何处理，请咨询平台运营方。',
  'Sign again with a certificate of a CA in good standing on the trust list; ask the platform what becomes of bids already submitted.',
);

export const TRUST_REMEDIES: Readonly<Record<TrustCode, Wording>> = {
  SAME_NAME_OTHER_KEY: {
    message: say(
      '签发该证书的 CA 与信任名单中某家 CA 同名，但密钥不同：可能是该 CA 启用了新密钥而名单尚未登记，也可能是冒名。',
      'The CA that issued the certificate has the name of a listed CA but another key: a new key that is not listed yet, or an impostor.',
    ),
    remedy: say(
      '信任名单维护方：请向该 CA 书面核实这把密钥，属实的登记到名单并发布。投标人：请先改用该 CA 已登记密钥签发的证书，或其他被认可的证书。',
      'List operator: ask the CA in writing whether this key is its own; if so, list it and publish. Bidder: meanwhile use a certificate issued under the listed key, or another recognised one.',
    ),
  },
  REGION_NOT_IN_SCOPE: {
    message: say(
      (w) => `${w.service}的证书${w.expected('目前在以下地区受认可：', '；')}不适用于本平台所在地区${w.region('（区划代码 ', '）')}。`,
      (w) => `Certificates of ${w.service} are not recognised in this platform's region${w.region(' (code ', ')')}${w.expected('; they are in: ')}.`,
    ),
    remedy: say(
      '请改用本地区认可的 CA 签发的证书；认为应当互认的，可请平台向信任名单维护方申请扩大该 CA 的适用地区。',
      'Use a certificate of a CA recognised in this region; if it should be recognised, the platform can ask the list operator to widen the CA\'s scope.',
    ),
  },
  TRANSACTION_NOT_IN_SCOPE: {
    message: say(
      (w) => `${w.service}的证书不适用于本类交易${w.actual('（', '）')}${w.expected('，目前适用于：')}。`,
      (w) => `Certificates of ${w.service} are not recognised for this kind of transaction${w.actual(' (', ')')}${w.expected('; they are for: ')}.`,
    ),
    remedy: say('请改用适用于本类交易的 CA 证书，或请平台核对项目的交易类型是否填写正确。', 'Use a certificate of a CA recognised for this kind of transaction, or have the platform check the project\'s type.'),
  },
  PURPOSE_NOT_IN_SCOPE: {
    message: say(
      (w) => `${w.service}的证书在此不能用于本次操作${w.actual('（', '）')}${w.expected('，可用于：')}。`,
      (w) => `Certificates of ${w.service} may not be used for this here${w.actual(' (', ')')}${w.expected('; they may be used for: ')}.`,
    ),
    remedy: say('请改用获准用于本次操作（如登录、签名、盖章）的证书。', 'Use a certificate that is allowed for this operation (login, signing, sealing).'),
  },
  ROLE_NOT_IN_SCOPE: {
    message: say(
      (w) => `${w.service}的证书不适用于您在本项目中的身份${w.actual('（', '）')}${w.expected('，目前适用于：')}。`,
      (w) => `Certificates of ${w.service} are not recognised for this role${w.actual(' (', ')')}${w.expected('; they are for: ')}.`,
    ),
    remedy: say('请核对登录身份（投标人、代理机构等）是否选对；选对的，请改用适用于该身份的证书。', 'Check that the right role was chosen (bidder, agency…); if so, use a certificate recognised for it.'),
  },
  SCOPE_NOT_IN_FORCE: {
    message: say((w) => `${w.service}在本地区的认可在签名时不在有效期内${w.expected('（有效期：', '）')}。`, (w) => `The recognition of ${w.service} was not in force when this was signed${w.expected(' (in force: ', ')')}.`),
    remedy: say('请改用当前有效的证书；认可到期应当延续的，请信任名单维护方续期并发布新名单。', 'Use a certificate recognised now; if the recognition should have been prolonged, the list operator must do so and publish.'),
  },
  CA_SUSPENDED: {
    message: say((w) => `${w.service}${w.when('自', ' 起')}被暂停认可，暂停期间作出的签名目前不能认定。`, (w) => `${w.service} has been suspended${w.when(' since ')}; signatures made meanwhile cannot be accepted for now.`),
    remedy: say(
      '请改用其他受认可 CA 的证书重新签名；不便更换的，待该 CA 恢复后重新验证。平台请保留本报告和原签名文件备查。',
      'Sign again with a certificate of another recognised CA, or have the signature verified again once the CA is reinstated. The platform should keep this report and the signature.',
    ),
    settled: {
      message: say((w) => `${w.service}${w.when('自', ' 起')}曾被暂停认可，签名作于暂停期间；恢复认可时未予追认，该签名不能认定。`, (w) => `${w.service} was suspended${w.when(' from ')}, and this was signed meanwhile; its reinstatement does not cover such signatures.`),
      remedy: OTHER_CA,
    },
  },
  CA_CEASED: {
    message: say((w) => `${w.service}${w.when('自', ' 起')}停止服务，该证书是在此之后签发的，不予认可。`, (w) => `${w.service} ceased its service${w.when(' on ')}, and the certificate was issued after that.`),
    remedy: OTHER_CA,
  },
  CA_WITHDRAWN: {
    message: say((w) => `${w.service}${w.when('自', ' 起')}被取消认可，没有可信时间证明签名作于此前。`, (w) => `${w.service} was withdrawn${w.when(' on ')}, and no trusted time shows that the signature was made before.`),
    remedy: OTHER_CA,
    settled: {
      message: say((w) => `${w.service}${w.when('自', ' 起')}被取消认可，可信时间表明签名作于此后。`, (w) => `${w.service} was withdrawn${w.when(' on ')}, and the trusted time shows that the signature was made after that.`),
    },
  },
  CA_DISTRUSTED: {
    message: say((w) => `${w.service}${w.when('自', ' 起')}被列为不可信（例如密钥疑似泄露），其证书不再采信。`, (w) => `${w.service} is distrusted${w.when(' since ')} (its key may be lost); its certificates are no longer believed.`),
    settled: {
      message: say((w) => `${w.service}${w.when('自', ' 起')}被列为不可信（例如密钥疑似泄露），可信时间表明签名作于此后。`, (w) => `${w.service} is distrusted${w.when(' since ')} (its key may be lost), and the trusted time shows that the signature was made after that.`),
    },
    remedy: say(
      '请立即停用该 CA 的证书，改用其他受认可 CA 的证书重新签名；平台请排查该时间之后收到的此类签名。',
      'Stop using certificates of this CA at once and sign again with another one; the platform should review what it received under this CA since then.',
    ),
  },
  SERVICE_NOT_DELEGATED: {
    message: say(
      (w) => `${w.service}只列在下级名单中，而该名单未获授权在此认可它${w.expected('（授权范围：', '）')}。`,
      (w) => `${w.service} is listed only by a subordinate list, which is not authorised to recognise it here${w.expected(' (authorised: ', ')')}.`,
    ),
    remedy: say(
      '请改用上级名单认可的 CA 签发的证书；确应认可的，请上级名单维护方把该 CA 列入名单，或扩大对下级名单的授权。',
      'Use a certificate of a CA that the superior list recognises; if this one should be, the superior list\'s operator must list it or widen the delegation.',
    ),
  },
  PEER_NOT_ACCEPTED: {
    message: say(
      (w) => `${w.service}由另一互认体系${w.actual('（', '）')}认可，但两地的互认不包括本地区的此项用途。`,
      (w) => `${w.service} is recognised by another scheme${w.actual(' (', ')')}, but the mutual recognition does not cover this use in this region.`,
    ),
    remedy: say('请改用本地区名单认可的 CA 签发的证书；认为应当互认的，可请平台向名单维护方提出。', 'Use a certificate of a CA that this region\'s list recognises; if the recognition should cover it, the platform can ask the list operator.'),
  },
  PEER_NOT_IN_FORCE: {
    message: say((w) => `${w.service}由另一互认体系${w.actual('（', '）')}认可，但签名时两地的互认不在有效期内。`, (w) => `${w.service} is recognised by another scheme${w.actual(' (', ')')}, but the mutual recognition was not in force when this was signed.`),
    remedy: say('请改用本地区名单认可的 CA 签发的证书；互认应当延续的，请名单维护方续期并发布。', 'Use a certificate of a CA that this region\'s list recognises; if the recognition should go on, the list operator must prolong it and publish.'),
  },
  PEER_STALE: {
    message: say((w) => `${w.service}由另一互认体系${w.actual('（', '）')}认可，但平台手中的对方名单已经过时。`, (w) => `${w.service} is recognised by another scheme${w.actual(' (', ')')}, but what the platform holds of that scheme is out of date.`),
    remedy: say('请平台更新对方体系的名单后重新验证；对方长期未更新的，请名单维护方联系对方。', 'The platform should update the other scheme\'s lists and verify again; if nothing newer is published, the list operator should ask the other side.'),
  },
  CA_NOT_YET_GRANTED: {
    message: say((w) => `签名时${w.service}尚未获得认可${w.when('（认可自', ' 起）')}。`, (w) => `${w.service} was not recognised yet when this was signed${w.when(' (recognition starts on ', ')')}.`),
    remedy: say('请在认可生效之后重新签名，或改用当时已受认可的 CA 的证书。', 'Sign again once the recognition has begun, or use a certificate of a CA recognised at the time.'),
  },
  SERVICE_UNSUPPORTED: {
    message: say((w) => `信任名单对${w.service}提出了本系统版本不支持的要求${w.actual('（', '）')}，不能据以认可。`, (w) => `The trust list puts a condition on ${w.service} that this version does not understand${w.actual(' (', ')')}.`),
    remedy: say('请平台把验签组件升级到支持该要求的版本。', 'The platform should update its verification component to a version that understands it.'),
  },
  SERVICE_CONSTRAINTS_VIOLATED: {
    message: say(
      (w) => `该证书不符合信任名单对${w.service}证书的要求${w.expected('（要求 ', w.actual('，实为 ') + '）')}。`,
      (w) => `The certificate does not meet what the trust list asks of ${w.service}${w.expected(' (asked: ', w.actual('; found: ') + ')')}.`,
    ),
    remedy: say('请向 CA 换领符合要求的证书，或改用其他受认可的证书；认为要求有误的，请联系信任名单维护方。', 'Get a conforming certificate from the CA or use another recognised one; if the requirement is wrong, tell the list operator.'),
  },
};
