import type { MemberReader } from '../member-reader.js';
import { present } from '../member-reader.js';
import { ascending, PURPOSES, SERVICE_KINDS } from '../read-service.js';
import type { Peer, PeerScopeWords } from '../scheme.js';
import { readFolders, readRegions } from './read-delegation.js';
import { HEX_SHA256, SCHEME_ID } from './rules.js';

/** Reads `peers`: each scheme once; an acceptance without kinds or purposes would accept nothing and is refused. */
export function readPeers(reader: MemberReader, territory: readonly string[], maxPeers: number): readonly Peer[] {
  const peers = reader.objects('peers', 0, maxPeers, (each) => readPeer(each, territory)) ?? [];
  const seen = new Set<string>();
  peers.forEach(({ schemeId }, index) => {
    if (schemeId !== '' && seen.has(schemeId)) reader.fail(`peers[${index}].schemeId`, `${schemeId} is a peer already`);
    seen.add(schemeId);
  });
  return peers;
}

function readPeer(reader: MemberReader, territory: readonly string[]): Peer {
  const since = reader.instant('since');
  const until = reader.optionalInstant('until');
  if (reader.get('since') !== undefined) ascending(reader, 'since', since, 'until', until);
  const accept = reader.object('accept');
  for (const name of ['kinds', 'purposes']) if (accept.get(name) === undefined) accept.fail(name, 'is missing');
  const maxStatusAge = accept.optionalDuration('maxStatusAge');
  const regions = reader.get('regions') === undefined ? undefined : readRegions(reader, territory);
  return {
    schemeId: reader.text('schemeId', SCHEME_ID),
    rootSha256: reader.text('rootSha256', HEX_SHA256),
    since,
    map: reader.objects('map', 0, 1000, (entry) => ({ theirs: readWords(entry, 'theirs'), ours: readWords(entry, 'ours') })) ?? [],
    accept: {
      kinds: accept.optionalChoices('kinds', SERVICE_KINDS) ?? [],
      purposes: accept.optionalChoices('purposes', PURPOSES) ?? [],
      ...(maxStatusAge !== undefined && { maxStatusAge }),
    },
    location: readFolders(reader, 'location'),
    ...(until !== undefined && { until }),
    ...(regions !== undefined && { regions }),
  };
}

/** Both sides of a mapping say something; which word stands for which is by their being beside each other. */
function readWords(reader: MemberReader, name: 'theirs' | 'ours'): PeerScopeWords {
  const words = reader.object(name);
  if (words.get('transactions') === undefined && words.get('roles') === undefined) words.fail('transactions', 'is missing, and so is roles');
  return present<PeerScopeWords>({ transactions: words.optionalTexts('transactions'), roles: words.optionalTexts('roles') });
}
