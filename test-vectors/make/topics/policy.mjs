// The relying party's own word: algorithms and their end, deviations it refuses, and how old a list may be.
import { signDetached } from '@hefu/sandbox';
import { DEFAULT_POLICY, policyBytes } from '@hefu/verify';
import { open, passed } from '../case-book.mjs';
import { AT, BID, DAY, HOUR, IDENTITY, SECOND } from '../ground.mjs';
import { LIST_END, LIST_ISSUED, OID, without } from '../laboratory.mjs';
import { cmsMessage } from '../message.mjs';

export function policy(book, lab) {
  book.share('policy/default.json', policyBytes(DEFAULT_POLICY));
  const named = (name, change) => book.share(`policy/${name}.json`, policyBytes({ ...DEFAULT_POLICY, id: `test-vectors-${name}`, ...change }));
  const algorithms = (change) => ({ algorithms: { ...DEFAULT_POLICY.algorithms, ...change } });

  const ca = lab.authority('policy');
  const company = lab.company(ca);
  const crls = [lab.crl(ca)];
  const signature = signDetached(company, BID, { form: 'za-content' });
  const ok = (more) => passed(IDENTITY, 'za-content', more);

  const sunset = named('sunset', algorithms({ sunset: { 'SM2-SM3': AT } }));
  book.group('policy', { crls, signature, policy: sunset, by: 'algorithms.sunset' }, [
    { zh: '算法停用前一秒', en: 'One second before the end of an algorithm', at: AT - SECOND, expect: ok() },
    { zh: '恰在算法停用时刻', en: 'At the end of an algorithm', expect: open('ALGORITHM_REFUSED') },
  ]);

  const ec = lab.authority('policy-p-256', { kind: 'P-256' });
  const ecMessage = cmsMessage(lab.company(ec), BID);
  const national = named('sm2-only', algorithms({ signatures: ['SM2-SM3'], digests: ['SM3', 'SHA-256'] }));
  book.group('policy', { crls: [lab.crl(ec)], signature: ecMessage, by: 'algorithms.signatures' }, [
    { zh: '策略接受 ECDSA', en: 'ECDSA under a policy that names it', expect: passed(IDENTITY, 'cms') },
    { zh: '策略只接受 SM2', en: 'ECDSA under a policy of SM2 only', policy: national, expect: open('ALGORITHM_REFUSED') },
  ]);

  const rsa = lab.authority('policy-rsa', { kind: 'RSA-2048' });
  const strong = named('rsa-3072', algorithms({ minRsaBits: 3072 }));
  book.group('policy', { crls: [lab.crl(rsa)], signature: cmsMessage(lab.company(rsa), BID), by: 'algorithms.minRsaBits' }, [
    { zh: '策略接受 RSA-2048', en: 'RSA of 2048 bits under a policy that allows it', expect: passed(IDENTITY, 'cms') },
    { zh: '策略要求 RSA-3072', en: 'RSA of 2048 bits under a policy of 3072', policy: strong, expect: open('KEY_TOO_WEAK') },
  ]);

  const odd = lab.company(ca, 'no-aki', { extensions: without(OID.aki) });
  const strict = named('no-deviation', { refusedDeviations: ['X509_AUTHORITY_KEY_IDENTIFIER_MISSING'] });
  book.group('policy', { crls, signature: signDetached(odd, BID, { form: 'za-content' }), by: 'refusedDeviations' }, [
    { zh: '策略容忍的偏差', en: 'A deviation that the policy tolerates', expect: ok({ warnings: ['CERTIFICATE_DEVIATIONS'] }) },
    { zh: '策略拒绝的偏差', en: 'A deviation that the policy refuses', policy: strict, expect: open('CERTIFICATE_DEVIATION_REFUSED') },
  ]);

  const unstated = lab.company(ca, 'no-usage', { extensions: without(OID.keyUsage) });
  const lenient = named('usage-absent', { keyUsageAbsent: 'accept' });
  book.group('policy', { crls, signature: signDetached(unstated, BID, { form: 'za-content' }), by: 'keyUsageAbsent' }, [
    { zh: '策略接受没有 keyUsage 的证书', en: 'No keyUsage under a policy that accepts it', policy: lenient, expect: ok() },
    { zh: '默认策略不接受没有 keyUsage 的证书', en: 'No keyUsage under the default policy', expect: open('KEY_USAGE_ABSENT') },
  ]);

  // The list's age (rule R8): 72 hours for bids, none at the opening.
  const late = lab.crl(ca, 'at-list-end', { at: LIST_END });
  const held = [{ path: 'shared/list/laboratory.json', at: AT }];
  book.group('list-age', { crls: [late], signature, lists: held, by: 'the laboratory\'s list after its nextUpdate' }, [
    { zh: '恰在名单 nextUpdate', en: 'A list at its nextUpdate', at: LIST_END, expect: ok() },
    { zh: '过 nextUpdate 一秒，仍收标', en: 'A list one second after its nextUpdate', at: LIST_END + SECOND, expect: ok({ warnings: ['LIST_STALE'] }) },
    { zh: '恰在 72 小时宽限末', en: 'A list 72 hours after its nextUpdate', at: LIST_END + 72 * HOUR, expect: ok({ warnings: ['LIST_STALE'] }) },
    { zh: '过宽限一秒', en: 'A list one second after its grace', at: LIST_END + 72 * HOUR + SECOND, expect: open('LIST_EXPIRED') },
    { zh: '开标不享受宽限', en: 'A list one second after its nextUpdate at the opening', at: LIST_END + SECOND, context: { scene: 'opening' }, expect: open('LIST_EXPIRED') },
    { zh: '开标恰在 nextUpdate', en: 'A list at its nextUpdate at the opening', at: LIST_END, context: { scene: 'opening' }, expect: ok() },
  ]);
  const before = lab.crl(ca, 'before-list', { at: LIST_ISSUED - DAY });
  book.group('list-age', { crls: [before], signature, lists: held, by: 'the laboratory\'s list before its issue' }, [
    { zh: '验证时间早于签发五分钟', en: 'A list issued five minutes after the time of validation', at: LIST_ISSUED - 300 * SECOND, expect: ok() },
    { zh: '验证时间早于签发五分钟零一秒', en: 'A list issued five minutes and one second after the time of validation', at: LIST_ISSUED - 301 * SECOND, expect: open('LIST_NOT_YET_VALID') },
  ]);
}
