import { isSnapshot, type Trust, type TrustList, type TrustSnapshot } from '@hefu/trust-list';

/** A list by itself; every list of a scheme, the top one first, and those of its peers. Which of them may speak where is not said by this. */
export function listsOf(trust: Trust): readonly TrustList[] {
  if (!isSnapshot(trust)) return [trust];
  const of = ({ list, lists }: TrustSnapshot): readonly TrustList[] => [list, ...[...lists.values()].filter((each) => each !== list)];
  return [trust, ...trust.peers.values()].flatMap(of);
}
