import type { Peer, PeerScopeWords } from '../scheme.js';

type Dimension = keyof PeerScopeWords;

/**
 * The peer's words that stand for one of ours. A word of theirs that is mapped means only what it is mapped to; one
 * that is not keeps its meaning. Empty when nothing of theirs does: then only a scope without words matches.
 */
export function theirWords(map: Peer['map'], dimension: Dimension, ours: string | undefined): readonly string[] | undefined {
  if (ours === undefined) return undefined;
  const mapped = new Set(map.flatMap(({ theirs }) => theirs[dimension] ?? []));
  const standing = map.filter((entry) => entry.ours[dimension]?.includes(ours) === true).flatMap(({ theirs }) => theirs[dimension] ?? []);
  return mapped.has(ours) ? standing : [...standing, ours];
}
