import type { ReasonCode } from '../codes.js';
import { say, type Wording } from './row.js';

type RevocationCode = Extract<
  ReasonCode,
  | 'CERTIFICATE_REVOKED' | 'CERTIFICATE_FROZEN' | 'CA_CERTIFICATE_REVOKED' | 'REVOCATION_UNKNOWN' | 'CRL_STALE' | 'CRL_NOT_AVAILABLE'
  | 'CRL_SIGNATURE_INVALID' | 'CRL_NOT_YET_VALID' | 'CRL_OUT_OF_SCOPE' | 'CRL_ISSUER_NOT_AUTHORISED' | 'CRL_UNSUPPORTED' | 'REVOCATION_ALGORITHM_REFUSED'
>;

type OcspCode = Extract<ReasonCode, `OCSP_${string}`>;

const FRESH_CRL = say(
  '平台：请更新或重新导入该 CA 最新的吊销列表后再验证一次；投标人无需操作。持续得不到的，请联系 CA 和信任名单维护方。',
  'Platform: fetch or import the CA\'s latest revocation list and verify again; the bidder need not act. If it stays out of reach, turn to the CA and the list operator.',
);

const ASK_AGAIN = say(
  '平台：请重新查询该 CA 的在线证书状态（OCSP），或改用其吊销列表后再验证一次；投标人无需操作。持续得不到的，请联系 CA 和信任列表维护方。',
  'Platform: ask the CA\'s OCSP responder again, or use its revocation list, and verify again; the bidder need not act. If it stays so, turn to the CA and the list operator.',
);

export const REVOCATION_REMEDIES: Readonly<Record<RevocationCode | OcspCode, Wording>> = {
  CERTIFICATE_REVOKED: {
    message: say((w) => `签名证书已${w.when('于', ' ')}被吊销${w.actual('（原因：', '）')}，没有可信时间证明签名作于吊销之前。`, (w) => `The signer's certificate was revoked${w.when(' on ')}${w.actual(' (', ')')}, and no trusted time shows that the signature was made before.`),
    remedy: say(
      '请改用有效证书重新签名提交；不清楚为何被吊销的，请联系签发该证书的 CA，并确认密钥是否被他人使用。',
      'Sign and submit again with a valid certificate; if the revocation is a surprise, ask the CA why and whether somebody else used the key.',
    ),
  },
  CERTIFICATE_FROZEN: {
    ofCa: {
      remedy: say('该 CA 恢复之前，请改用其他受认可 CA 的证书重新签名。', 'Until this CA is reinstated, sign again with a certificate of another recognised CA.'),
    },
    message: say((w) => `${w.subject}${w.when('自', ' 起')}处于冻结（挂失）状态。`, (w) => `${w.subject} is on hold${w.when(' since ')}.`),
    remedy: say('请到 CA 办理解冻，解冻后重新验证；急用的请改用其他有效证书重新签名。', 'Have the CA lift the hold and verify again; if it is urgent, sign again with another valid certificate.'),
  },
  CA_CERTIFICATE_REVOKED: {
    message: say((w) => `证书链上的 CA 证书已${w.when('于', ' ')}被吊销${w.actual('（原因：', '）')}，其签发的证书不能再采信。`, (w) => `A CA certificate in the path was revoked${w.when(' on ')}${w.actual(' (', ')')}; what it issued is no longer believed.`),
    remedy: say(
      '请改用其他受认可 CA 的证书重新签名；信任名单维护方请核实该 CA 的状态并更新名单。',
      'Sign again with a certificate of another recognised CA; the list operator should check this CA\'s standing and update the list.',
    ),
  },
  REVOCATION_UNKNOWN: {
    message: say((w) => `无法得知${w.subject}是否已被吊销${w.actual('（', '）')}；本场景要求必须查明。`, (w) => `${w.subject}: whether it is revoked could not be learnt${w.actual(' (', ')')}, and this scene requires it.`),
    remedy: FRESH_CRL,
  },
  CRL_STALE: {
    message: say((w) => `查到的吊销列表已经过时${w.actual('（', '）')}，不能据以判断${w.subject}的状态。`, (w) => `${w.subject}: the revocation list at hand is out of date${w.actual(' (', ')')}.`),
    remedy: FRESH_CRL,
  },
  REVOCATION_ALGORITHM_REFUSED: {
    message: say((w) => `用于判断${w.subject}状态的吊销列表或在线应答，其签名算法已被平台策略停用。`, (w) => `${w.subject}: the revocation list or OCSP answer about it is signed by an algorithm that the platform's policy has retired.`),
    remedy: say('平台：取得该 CA 以现行算法签发的吊销列表或应答后再验证一次；归档文件须有算法停用之前的时间戳覆盖这些证据。投标人无需操作。', 'Platform: get a revocation list or answer that the CA signs with an algorithm in use, and verify again; in an archive, a time-stamp from before the algorithm was retired must cover that evidence. The bidder need not act.'),
  },
  CRL_NOT_AVAILABLE: {
    message: say((w) => `取不到用于查询${w.subject}的吊销列表${w.actual('（', '）')}。`, (w) => `${w.subject}: its revocation list could not be obtained${w.actual(' (', ')')}.`),
    remedy: say(
      '平台：请检查到 CA 吊销列表地址的网络；地址为内网或仅支持 LDAP 的，请配置镜像地址或手工导入吊销列表文件，再验证一次。',
      'Platform: check the network towards the CA\'s revocation list; where the address is private or LDAP only, set up a mirror or import the file by hand, then verify again.',
    ),
  },
  CRL_SIGNATURE_INVALID: {
    message: say('得到的吊销列表签名验证不通过，可能传输损坏或被替换，不能采信。', 'The revocation list obtained does not verify; it may be damaged or replaced.'),
    remedy: FRESH_CRL,
  },
  CRL_NOT_YET_VALID: {
    message: say((w) => `吊销列表的发布时间晚于验证时间${w.when('（', '）')}，可能是服务器时钟不准。`, (w) => `The revocation list was issued after the time of verification${w.when(' (', ')')}; a clock may be wrong.`),
    remedy: say('请平台校准服务器时间后再验证一次。', 'The platform should set its clock right and verify again.'),
  },
  CRL_OUT_OF_SCOPE: {
    message: say((w) => `得到的吊销列表不覆盖${w.subject}${w.actual('（', '）')}。`, (w) => `${w.subject} is not covered by the revocation list obtained${w.actual(' (', ')')}.`),
    remedy: FRESH_CRL,
  },
  CRL_ISSUER_NOT_AUTHORISED: {
    message: say((w) => `吊销列表不是由有权的 CA 签发的${w.actual('（', '）')}，不能采信。`, (w) => `The revocation list was not issued by a CA entitled to do so${w.actual(' (', ')')}.`),
    remedy: FRESH_CRL,
  },
  CRL_UNSUPPORTED: {
    message: say((w) => `吊销列表使用了本系统不支持的形式${w.actual('（', '）')}。`, (w) => `The revocation list has a form that is not supported here${w.actual(' (', ')')}.`),
    remedy: say('请平台改用该 CA 的完整吊销列表（非增量），或升级验签组件。', 'The platform should use the CA\'s complete revocation list, or update its verification component.'),
  },
  OCSP_NOT_AVAILABLE: {
    remedy: ASK_AGAIN,
    message: say((w) => `得不到${w.subject}的在线证书状态（OCSP）${w.actual('（', '）')}。`, (w) => `${w.subject}: no OCSP response about it could be obtained${w.actual(' (', ')')}.`),
  },
  OCSP_REFUSED: {
    remedy: ASK_AGAIN,
    message: say((w) => `OCSP 服务拒绝或未能答复对${w.subject}的查询${w.actual('（', '）')}。`, (w) => `${w.subject}: the OCSP responder refused to answer or could not${w.actual(' (', ')')}.`),
  },
  OCSP_STATUS_UNKNOWN: {
    remedy: ASK_AGAIN,
    message: say((w) => `OCSP 服务答复不知道${w.subject}的状态${w.actual('（', '）')}。`, (w) => `${w.subject}: the OCSP responder answers that it does not know it${w.actual(' (', ')')}.`),
  },
  OCSP_STALE: {
    remedy: ASK_AGAIN,
    message: say((w) => `得到的 OCSP 响应已经过时${w.actual('（', '）')}，不能据以判断${w.subject}的状态。`, (w) => `${w.subject}: the OCSP response at hand is out of date${w.actual(' (', ')')}.`),
  },
  OCSP_NOT_YET_VALID: {
    message: say((w) => `OCSP 响应的时间晚于验证时间${w.when('（', '）')}，可能是服务器时钟不准。`, (w) => `The OCSP response was made after the time of verification${w.when(' (', ')')}; a clock may be wrong.`),
    remedy: say('请平台校准服务器时间后再验证一次。', 'The platform should set its clock right and verify again.'),
  },
  OCSP_NONCE_MISMATCH: {
    remedy: ASK_AGAIN,
    message: say((w) => `OCSP 响应不是对本次查询的答复${w.actual('（', '）')}，可能是重放的旧响应。`, (w) => `The OCSP response does not answer this request${w.actual(' (', ')')}; it may be an old one played again.`),
  },
  OCSP_SIGNATURE_INVALID: {
    remedy: ASK_AGAIN,
    message: say('得到的 OCSP 响应签名验证不通过，可能传输损坏或被替换，不能采信。', 'The OCSP response obtained does not verify; it may be damaged or replaced.'),
  },
  OCSP_RESPONDER_NOT_AUTHORISED: {
    remedy: ASK_AGAIN,
    message: say((w) => `OCSP 响应不是由签发者或其授权的服务签发的${w.actual('（', '）')}，不能采信。`, (w) => `The OCSP response was signed by neither the issuer nor a responder it authorised${w.actual(' (', ')')}.`),
  },
  OCSP_UNSUPPORTED: {
    message: say((w) => `OCSP 响应使用了本系统不支持的形式${w.actual('（', '）')}。`, (w) => `The OCSP response has a form that is not supported here${w.actual(' (', ')')}.`),
    remedy: say('请平台改用该 CA 的吊销列表，或升级验签组件。', 'The platform should use the CA\'s revocation list, or update its verification component.'),
  },
};
