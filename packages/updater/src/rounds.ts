import type { WantedCrl, WantedOcsp } from '@hefu/verify';
import type { Gathered, GatherEvent, GatherOptions } from './gather.js';

type Wish = WantedCrl | WantedOcsp;

/** The wishes of each tier in turn; more tiers than rounds share the last one. */
export function roundsOf(wishes: readonly Wish[], maxRounds: number): readonly (readonly Wish[])[] {
  const tiers = [...new Set(wishes.map(({ tier = 0 }) => tier))].sort((a, b) => a - b);
  const last = Math.max(0, Math.min(tiers.length, maxRounds) - 1);
  const rounds = tiers.slice(0, last).map((tier) => wishes.filter((wish) => (wish.tier ?? 0) === tier));
  return [...rounds, wishes.filter((wish) => (wish.tier ?? 0) >= (tiers[last] ?? 0))];
}

/** Those that what has been gathered does not spare. A question that throws spares nothing. */
export async function unsettled(
  round: readonly Wish[],
  soFar: Pick<Gathered, 'crls' | 'ocsp'>,
  settles: GatherOptions['settles'],
  emit: (event: GatherEvent) => void,
): Promise<readonly Wish[]> {
  const open: Wish[] = [];
  for (const wanted of round) {
    let spared = false;
    try {
      spared = (await settles?.(wanted, soFar)) === true;
    } catch {
      // Asked for all the same.
    }
    if (spared) emit({ kind: 'spared', wanted });
    else open.push(wanted);
  }
  return open;
}
