import type { Answer } from './answer.js';

/**
 * Which sources count, in the trust list's words. `crl-only`: OCSP is not listened to. `ocsp-first` and `crl-first`: either
 * may say good, the first one is preferred. `both`: both must.
 */
export type RevocationSources = 'crl-only' | 'ocsp-first' | 'crl-first' | 'both';

/**
 * One answer from two, with the doubt that an OCSP responder left: where it took an answer back, and where it is newer than what says good.
 */
export function combine(crl: Answer, ocsp: Answer, sources: RevocationSources): Answer {
  const { doubt: _own, ...answer } = oneOf(crl, ocsp, sources);
  const { doubt } = ocsp;
  if (doubt === undefined || answer.status === 'revoked' || answer.status === 'frozen') return answer;
  return doubt.takenBack !== undefined || (answer.status === 'good' && doubt.item.thisUpdate > answer.thisUpdate!) ? { ...answer, doubt } : answer;
}

/**
 * Revoked is revoked whoever says so, since the earlier date; a hold counts unless the other source
 * is newer and says good; good is as `sources` has it.
 */
function oneOf(crl: Answer, ocsp: Answer, sources: RevocationSources): Answer {
  if (sources === 'crl-only') return crl;
  const [first, second] = sources === 'ocsp-first' ? [ocsp, crl] : [crl, ocsp];
  const revoked = [first, second].filter(({ status }) => status === 'revoked').sort((a, b) => a.revokedAt! - b.revokedAt!);
  if (revoked[0] !== undefined) return { ...revoked[0], items: revoked.flatMap(({ items }) => items) };
  for (const [hold, other] of [[first, second], [second, first]] as const) {
    if (hold.status !== 'frozen') continue;
    if (!(other.status === 'good' && other.thisUpdate! > hold.thisUpdate!)) return hold;
  }
  const good = [first, second].filter(({ status }) => status === 'good');
  if (sources === 'both') {
    if (good.length === 2) {
      // Both say so as far as the older one does.
      const [older, newer] = [...good].sort((a, b) => a.thisUpdate! - b.thisUpdate!) as [Answer, Answer];
      return { ...older, items: [...older.items, ...newer.items], inGrace: good.some(({ inGrace }) => inGrace === true) };
    }
    // One of them is frozen and outdone by the other, or unknown.
    return first.status === 'unknown' ? first : second.status === 'unknown' ? second : first.status === 'frozen' ? first : second;
  }
  if (good[0] !== undefined) return good[0];
  // Neither knows: what was brought says more than what was not.
  return isMissing(first) && !isMissing(second) ? second : first;
}

function isMissing({ code }: Answer): boolean {
  return code === 'CRL_NOT_AVAILABLE' || code === 'OCSP_NOT_AVAILABLE';
}
