import { matchScope, type ScopeDimension } from '../scope.js';
import type { Purpose, ServiceKind, TrustList } from '../model.js';
import { regionWithin } from '../region.js';
import { statusEffect, type StatusEffect } from '../status.js';
import { hasJurisdiction, mayGrant, onlyRestricts, type Federation, type MemberList, type PathKey, type RecognisedPeer, type Statement } from './federation.js';
import { theirWords } from './peer-words.js';

/** A list at the sequence that was current at some moment: how a report cites one, and how the moment is named again. */
export interface ListReference {
  /** Absent for a list that is by itself. */
  readonly schemeId?: string;
  readonly id: string;
  readonly sequence: number;
}

export interface TrustQuestion {
  /** The keys of the path's CAs, the anchor's among them: an entry about any of them is heard. */
  readonly keys: readonly PathKey[];
  /** Whether an entry's anchor is the one the path ends in. Other entries can only restrict. */
  readonly anchors: (statement: Statement) => boolean;
  readonly kind: ServiceKind;
  /** GB/T 2260 code of six digits. */
  readonly region: string;
  readonly transaction?: string;
  readonly role?: string;
  readonly purpose: Purpose;
  /** notBefore of the certificate. */
  readonly issuedAt: number;
  /** Best signature time. */
  readonly signedAt: number;
  /** Validation time: how old a peer's word may be is measured from here. */
  readonly at: number;
  /** What an entry asks of the certificate; undefined: all is met. */
  readonly violated?: (statement: Statement) => Violation | undefined;
  /** Only what was recorded in these lists up to these sequences: what was known then. A list not named was not known. */
  readonly knownAt?: readonly ListReference[];
  /** What a list that is missing and has jurisdiction means. `ignore`: as if it restricted nothing. */
  readonly missing: 'refuse' | 'ignore';
}

export interface Violation {
  readonly expected: string;
  readonly actual: string;
}

export type RulingCode =
  | StatusEffect['code']
  | 'REGION_NOT_IN_SCOPE' | 'TRANSACTION_NOT_IN_SCOPE' | 'ROLE_NOT_IN_SCOPE' | 'PURPOSE_NOT_IN_SCOPE' | 'SCOPE_NOT_IN_FORCE'
  | 'SERVICE_UNSUPPORTED' | 'SERVICE_CONSTRAINTS_VIOLATED'
  | 'SERVICE_NOT_DELEGATED' // a list's own service, beyond what its delegation lets it recognise
  | 'PEER_NOT_IN_FORCE' | 'PEER_NOT_ACCEPTED' | 'PEER_STALE'
  | 'LIST_NOT_LOADED';

/** What one entry of one list says about one path. */
export interface Opinion {
  readonly statement: Statement;
  readonly code: RulingCode;
  readonly status: StatusEffect;
  readonly violation?: Violation;
  /** How it bears on the ruling. `not-applicable`: its scope is elsewhere, and it neither helps nor hinders. */
  readonly effect: 'grants' | 'permits' | 'denies' | 'not-applicable';
}

/** The answer, with every list that had a say. */
export interface TrustRuling {
  readonly trusted: boolean;
  readonly code: RulingCode;
  /** The entry that recognises, or that refuses; undefined when a missing list does, or nothing was known of the anchor. */
  readonly decisive: Opinion | undefined;
  /** The entry that recognises, were nothing against it; else the one that comes nearest. */
  readonly anchor: Opinion | undefined;
  readonly opinions: readonly Opinion[];
  /** Lists with jurisdiction that are not here. */
  readonly missing: readonly { readonly listId: string; readonly code: string }[];
  /** The peer whose list recognises. */
  readonly peer?: RecognisedPeer;
}

/** From the least to the most serious. Of several refusals to recognise the least is nearest; of several denials the most decides. */
const GRAVITY: readonly RulingCode[] = [
  'GRANTED', 'CA_SUSPENDED', 'SERVICE_CONSTRAINTS_VIOLATED', 'PEER_STALE', 'TRANSACTION_NOT_IN_SCOPE', 'ROLE_NOT_IN_SCOPE', 'PURPOSE_NOT_IN_SCOPE', 'SCOPE_NOT_IN_FORCE',
  'REGION_NOT_IN_SCOPE', 'PEER_NOT_IN_FORCE', 'PEER_NOT_ACCEPTED', 'SERVICE_NOT_DELEGATED', 'CA_NOT_YET_GRANTED', 'CA_CEASED', 'CA_WITHDRAWN', 'CA_DISTRUSTED', 'SERVICE_UNSUPPORTED', 'LIST_NOT_LOADED',
];
const SCOPE_CODES: Readonly<Record<ScopeDimension, RulingCode>> = {
  REGION: 'REGION_NOT_IN_SCOPE', TRANSACTION: 'TRANSACTION_NOT_IN_SCOPE', ROLE: 'ROLE_NOT_IN_SCOPE', PURPOSE: 'PURPOSE_NOT_IN_SCOPE', TIME: 'SCOPE_NOT_IN_FORCE',
};

const OUT_OF_SCOPE: ReadonlySet<RulingCode> = new Set(Object.values(SCOPE_CODES));

/** An opinion on the way to a ruling. */
interface Heard {
  readonly statement: Statement;
  readonly code: RulingCode;
  readonly status: StatusEffect;
  readonly violation?: Violation;
  readonly key: number;
  readonly anchors: boolean;
  /** Its list has a say over the region. */
  readonly jurisdiction: boolean;
  /** Its list may recognise it for this. */
  readonly grants: boolean;
}

/** A list that recognises, itself or by its recognition of a peer. */
interface Grant {
  readonly by: MemberList;
  readonly heard: Heard;
  readonly peer?: RecognisedPeer;
}

/**
 * Whether a path is recognised here, for this, at this time; deny-overrides (trust-list design §5.5, §5.8):
 *
 * - some list that may must recognise the anchor: the top list, one whose delegations all say `may-grant` and cover
 *   region, kind and purpose, or a peer's under the conditions of its recognition;
 * - no list with jurisdiction over the region may deny. A list denies when it has entries about a key of the path and
 *   none of them lets this pass. An entry that is refused for its status, its constraints or a critical member not
 *   understood denies whoever recognises; one whose scope is elsewhere denies what lists above it recognise, and in
 *   a list that can only restrict, everything;
 * - no list with jurisdiction may be missing, unless the question says otherwise.
 */
export function decideTrust(federation: Federation, question: TrustQuestion): TrustRuling {
  const heard = hear(federation, question);
  const denials = denialsOf(heard);
  const grants: Grant[] = heard.filter((each) => each.grants && each.code === 'GRANTED').map((each) => ({ by: each.statement.member, heard: each }));
  const refusals = heard.flatMap((each): Heard[] => {
    if (!each.anchors || (each.code === 'GRANTED' && each.grants)) return [];
    // In order as far as it goes, but nothing its list may recognise.
    return [each.code === 'GRANTED' ? { ...each, code: 'SERVICE_NOT_DELEGATED' } : each];
  });
  const foreign: Opinion[] = [];
  for (const peer of federation.peers) {
    const answer = askPeer(peer, question);
    if (answer === undefined) continue;
    foreign.push(...answer.opinions);
    if (answer.code === 'GRANTED') grants.push({ by: peer.recognisedBy, heard: answer, peer });
    else refusals.push(answer);
  }

  const missing = question.missing === 'ignore' ? [] : missingOf(federation, question);
  const blocking = new Set<Heard>();
  let granted: Grant | undefined;
  for (const grant of grants) {
    const against = denials.filter((denial) => denies(denial, grant.by, question.region));
    for (const denial of against) blocking.add(denial);
    if (against.length === 0) granted ??= grant;
  }
  const nearest = nearestOf(refusals);
  const trusted = granted !== undefined && missing.length === 0;
  const decisive = trusted ? granted!.heard
    : granted !== undefined ? undefined
    : grants.length > 0 ? gravest([...blocking], 1)
    : nearest;
  const anchor = (granted ?? grants[0])?.heard ?? nearest;
  const opinion = (each: Heard): Opinion => ({
    statement: each.statement, code: each.code, status: each.status, ...(each.violation !== undefined && { violation: each.violation }),
    effect: each.code === 'GRANTED' ? (each.grants ? 'grants' : each.jurisdiction ? 'permits' : 'not-applicable') : denials.includes(each) && (blocking.has(each) || grants.length === 0) ? 'denies' : 'not-applicable',
  });
  return {
    trusted,
    code: trusted ? 'GRANTED' : granted !== undefined ? 'LIST_NOT_LOADED' : (decisive?.code ?? 'CA_NOT_YET_GRANTED'),
    decisive: decisive && opinion(decisive),
    anchor: anchor && opinion(anchor),
    opinions: [...heard.map(opinion), ...foreign],
    missing,
    ...(trusted && granted!.peer !== undefined && { peer: granted!.peer }),
  };
}

/** What every list with jurisdiction says, and every list of this scheme that has the anchor. */
function hear(federation: Federation, question: TrustQuestion): readonly Heard[] {
  const { region, kind, purpose } = question;
  const heard: Heard[] = [];
  question.keys.forEach((key, index) => {
    for (const statement of federation.statementsOn(key)) {
      const { member, service } = statement;
      if (service.kind !== kind) continue;
      const known = knownSequence(member, federation, question);
      if (known === 'unknown') continue;
      const anchors = question.anchors(statement);
      const jurisdiction = member.ways.some((way) => hasJurisdiction(way, region));
      if (!anchors && !jurisdiction) continue;
      const may = anchors && member.ways.some((way) => mayGrant(way, region, kind, purpose));
      const own = evaluate(statement, question, known);
      heard.push({ statement, key: index, anchors, jurisdiction, grants: may, ...own });
    }
  });
  return heard;
}

function evaluate(statement: Statement, question: TrustQuestion, asKnownAt: number | undefined): Pick<Heard, 'code' | 'status' | 'violation'> {
  const { service } = statement;
  const { issuedAt, signedAt } = question;
  const status = statusEffect({ service, issuedAt, signedAt, ...(asKnownAt !== undefined && { asKnownAt }) });
  if (service.unusable !== undefined) return { code: 'SERVICE_UNSUPPORTED', status };
  if (!status.trusted) return { code: status.code, status };
  const scope = matchScope(service, {
    region: question.region, purpose: question.purpose, at: signedAt,
    ...(question.transaction !== undefined && { transaction: question.transaction }), ...(question.role !== undefined && { role: question.role }),
  });
  if (!scope.matched) return { code: SCOPE_CODES[scope.failed], status };
  const violation = question.violated?.(statement);
  return violation === undefined ? { code: 'GRANTED', status } : { code: 'SERVICE_CONSTRAINTS_VIOLATED', status, violation };
}

/**
 * Entries of one list about one key are alternatives: while one lets pass, the list does, save for a distrusted key.
 * Before its first event an entry says nothing, so that one which only suspends leaves the time before as it was.
 */
function denialsOf(heard: readonly Heard[]): readonly Heard[] {
  return heard.filter(({ code, jurisdiction, key, statement: { member } }) => {
    if (!jurisdiction || code === 'GRANTED' || code === 'CA_NOT_YET_GRANTED') return false;
    return code === 'CA_DISTRUSTED' || !heard.some((other) => other.code === 'GRANTED' && other.key === key && other.statement.member === member);
  });
}

function denies({ code, statement: { member } }: Heard, by: MemberList, region: string): boolean {
  if (!OUT_OF_SCOPE.has(code)) return true;
  if (onlyRestricts(member, region)) return true;
  return member.ways.some((way) => hasJurisdiction(way, region) && way.above.includes(by.list));
}

/** The refusal that came nearest, among those of lists that may recognise where there are any. */
function nearestOf(refusals: readonly Heard[]): Heard | undefined {
  const able = refusals.filter(({ grants }) => grants);
  return gravest(able.length > 0 ? able : refusals, -1);
}

/** `1`: the most serious, the first of several; `-1`: the least. */
function gravest(heard: readonly Heard[], sign: 1 | -1): Heard | undefined {
  const weight = ({ code }: Heard): number => sign * GRAVITY.indexOf(code);
  return heard.reduce<Heard | undefined>((best, each) => (best === undefined || weight(each) > weight(best) ? each : best), undefined);
}

/** The sequence up to which a list counts; undefined: all of it. `unknown`: it was not known then. */
function knownSequence({ list }: MemberList, federation: Federation, { knownAt }: TrustQuestion): number | undefined | 'unknown' {
  if (knownAt === undefined) return undefined;
  return pinnedSequence(list, federation, knownAt) ?? 'unknown';
}

function pinnedSequence({ listId }: Pick<TrustList, 'listId'>, federation: Federation, knownAt: readonly ListReference[]): number | undefined {
  return knownAt.find((each) => each.id === listId && each.schemeId === federation.schemeId)?.sequence;
}

function missingOf(federation: Federation, { region, knownAt }: TrustQuestion): TrustRuling['missing'] {
  const missing = new Map<string, string>();
  for (const { listId, code } of federation.missingFor(region)) {
    if (knownAt === undefined || pinnedSequence({ listId }, federation, knownAt) !== undefined) missing.set(listId, code);
  }
  return [...missing].map(([listId, code]) => ({ listId, code }));
}

/**
 * What a peer says, asked as its own platforms would ask it: in its territory, in its words. undefined when it has
 * nothing about the anchor, or the list that recognises it has no say here.
 */
function askPeer(recognised: RecognisedPeer, question: TrustQuestion): (Heard & { readonly opinions: readonly Opinion[] }) | undefined {
  const { peer, recognisedBy, federation } = recognised;
  if (federation === undefined) return undefined;
  if (!question.keys.some((key) => federation.statementsOn(key).some((statement) => statement.service.kind === question.kind && question.anchors(statement)))) return undefined;
  const { region, kind, purpose, signedAt } = question;
  const { transaction: _, role: __, ...rest } = question;
  const transaction = theirWords(peer.map, 'transactions', question.transaction);
  const role = theirWords(peer.map, 'roles', question.role);
  const rulings = federation.top.territory.flatMap((territory) =>
    words(transaction).flatMap((their) => words(role).map((theirRole) => decideTrust(federation, {
      ...rest, region: territory, missing: 'refuse', ...(their !== undefined && { transaction: their }), ...(theirRole !== undefined && { role: theirRole }),
    }))),
  );
  const ruling = rulings.find(({ trusted }) => trusted) ?? rulings.find(({ decisive }) => decisive !== undefined);
  if (ruling?.decisive === undefined) return undefined;
  const may = recognisedBy.ways.some((way) => mayGrant(way, region, kind, purpose));
  const accepted = may && peer.accept.kinds.includes(kind) && peer.accept.purposes.includes(purpose) && (peer.regions === undefined || regionWithin(region, peer.regions));
  const code: RulingCode =
    !accepted ? 'PEER_NOT_ACCEPTED'
    : !(signedAt >= peer.since && signedAt < (peer.until ?? Infinity)) ? 'PEER_NOT_IN_FORCE'
    : !current(federation, peer.accept.maxStatusAge, question.at) ? 'PEER_STALE'
    : ruling.code;
  const { statement, status, violation } = ruling.decisive;
  const counted = code === 'GRANTED';
  return {
    statement, status, code, ...(violation !== undefined && { violation }), key: 0, anchors: true, jurisdiction: false, grants: true,
    opinions: ruling.opinions.map((each) => (counted || each.effect === 'denies' ? each : { ...each, effect: 'not-applicable' as const })),
  };
}

/** Every word of theirs to try; none of ours, or none of theirs for it, asks without a word. */
function words(theirs: readonly string[] | undefined): readonly (string | undefined)[] {
  return theirs === undefined || theirs.length === 0 ? [undefined] : theirs;
}

/** A peer's word is current, or it does not count: its operators, not ours, know how late they may be. */
function current({ snapshot, members, top }: Federation, maxStatusAge: number | undefined, at: number): boolean {
  const freshness = snapshot?.freshness;
  if (freshness === undefined || at > freshness.expires) return false;
  if (maxStatusAge !== undefined && at > freshness.issued + maxStatusAge) return false;
  const asked = members.filter(({ ways }) => ways.some((way) => top.territory.some((region) => hasJurisdiction(way, region))));
  return asked.every(({ list }) => at <= list.nextUpdate);
}
