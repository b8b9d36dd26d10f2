import type { DigestAlgorithm } from '@hefu/crypto';
import { heldKey } from '../role-capacity.js';
import type { SchemeKeyDocument } from '../scheme-document.js';
import { type ChangeLog, memberOf, pair } from './compare.js';
import type { Change } from './model.js';

/** Keys by their computed thumbprints; one that cannot be read goes by its JWK. */
export function printOf(key: SchemeKeyDocument, sha256: DigestAlgorithm): string {
  try {
    return heldKey(key, sha256).thumbprint;
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    return JSON.stringify(key.jwk);
  }
}

export function keySetChanges(log: ChangeLog, subject: Change['subject'], before: readonly SchemeKeyDocument[], after: readonly SchemeKeyDocument[], sha256: DigestAlgorithm): void {
  const who = (key: SchemeKeyDocument): string => `${key.owner === undefined ? '' : `${key.owner}, `}${key.org}`;
  for (const { key: print, before: was, after: is } of pair(before, after, (key) => printOf(key, sha256))) {
    if (was === undefined) log.add('KEY_ADDED', 'widens', subject, 'keys', { zh: `${subject.id}：新增密钥 ${print}（${who(is!)}）。`, en: `${subject.id}: key ${print} (${who(is!)}) is added.` }, { after: is });
    else if (is === undefined) log.add('KEY_REMOVED', 'narrows', subject, 'keys', { zh: `${subject.id}：移除密钥 ${print}（${who(was)}）。`, en: `${subject.id}: key ${print} (${who(was)}) is removed.` }, { before: was });
    else {
      const change = (severity: Change['severity']) => (member: string): void =>
        log.add('KEY_CHANGED', severity, subject, member, { zh: `${subject.id}：密钥 ${print} 的 ${member} 有变化：${String(memberOf(was, member) ?? '–')} → ${String(memberOf(is, member) ?? '–')}。`, en: `${subject.id}: ${member} of key ${print} changes: ${String(memberOf(was, member) ?? '–')} → ${String(memberOf(is, member) ?? '–')}.` }, { before: memberOf(was, member), after: memberOf(is, member) });
      // Whose key it is decides whether two signatures are two people's.
      log.members(was, is, subject, { org: change('dangerous'), owner: change('dangerous'), notAfter: change('neutral'), jwk: change('neutral'), x5c: change('dangerous') }, 'keys.');
    }
  }
}
