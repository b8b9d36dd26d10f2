import type { ReasonCode } from '../codes.js';
import { say, type Wording } from './row.js';

type ChallengeCode = Extract<ReasonCode, `CHALLENGE_${string}`>;

const AGAIN = say('请回到登录页面刷新，用新的挑战重新签名。', 'Go back to the login page, reload it and sign the new challenge.');

export const CHALLENGE_REMEDIES: Readonly<Record<ChallengeCode, Wording>> = {
  CHALLENGE_MALFORMED: {
    message: say('被签名的内容不是登录挑战：文件签名不能用来登录。', 'What was signed is not a login challenge: the signature of a document logs nobody in.'),
    remedy: AGAIN,
  },
  CHALLENGE_AS_DOCUMENT: {
    message: say('这份签名是对登录挑战的签名，不能当作文件签名使用。', 'This is the signature of a login challenge; it counts for no document.'),
    remedy: say('请对文件本身签名；若并未提交过这样的文件，请警惕有人套用登录签名，并告知平台。', 'Sign the document itself; if you did not submit this, somebody may be reusing a login signature: tell the platform.'),
  },
  CHALLENGE_ORIGIN_MISMATCH: {
    message: say((w) => `登录挑战由另一个网站发出${w.actual('（', '）')}。`, (w) => `The login challenge was issued by another site${w.actual(' (', ')')}.`),
    remedy: say('请核对浏览器地址，谨防仿冒网站，并从正确的平台网址重新登录。', 'Check the address in the browser, beware of imitated sites, and log in again at the right one.'),
  },
  CHALLENGE_PURPOSE_MISMATCH: {
    message: say((w) => `登录挑战是为另一用途签的${w.actual('（', w.expected('，应为 ') + '）')}。`, (w) => `The challenge was signed for another purpose${w.actual(' (', w.expected(', expected ') + ')')}.`),
    remedy: AGAIN,
  },
  CHALLENGE_ENTITY_MISMATCH: {
    message: say((w) => `签名证书的单位${w.actual('（', '）')}不是要求登录的单位${w.expected('（', '）')}。`, (w) => `The company of the certificate${w.actual(' (', ')')} is not the one that is to log in${w.expected(' (', ')')}.`),
    remedy: say('请换用该单位的证书重新登录。', 'Log in again with the certificate of that company.'),
  },
  CHALLENGE_EXPIRED: {
    message: say((w) => `登录挑战已过期${w.when('（', '）')}。`, (w) => `The login challenge has expired${w.when(' (', ')')}.`),
    remedy: AGAIN,
  },
  CHALLENGE_NOT_YET_VALID: {
    message: say((w) => `登录挑战的发出时间在将来${w.when('（', '）')}，服务器时钟不一致。`, (w) => `The login challenge was issued in the future${w.when(' (', ')')}: the clocks of the servers disagree.`),
    remedy: say('请平台检查各服务器的时间同步。', 'The platform should check the time synchronisation of its servers.'),
  },
  CHALLENGE_USED: {
    message: say('登录挑战已经使用过，或不是本平台发出的。', 'The login challenge was used before, or this platform did not issue it.'),
    remedy: AGAIN,
  },
};
