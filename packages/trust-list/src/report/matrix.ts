import type { DigestAlgorithm } from '@hefu/crypto';
import { parseCertificate } from '@hefu/pki';
import { decideTrust, type RulingCode, type TrustRuling } from '../federation/decide.js';
import type { Federation, PathKey } from '../federation/federation.js';
import type { Purpose, ServiceKind, ServiceStatusName, TrustList, TrustService } from '../model.js';
import { readable } from '../readable.js';
import { hexOf } from '../sha256.js';
import { statusAt } from '../status.js';
import type { Matrix, MatrixCell, ReportLimits, ReportRegion, ReportService, Use } from './model.js';
import { withinOnly } from './regions.js';

const PURPOSES: readonly Purpose[] = ['auth', 'sign', 'seal', 'encrypt'];
/** Others speak of a CA's certificates; they are recognised with it. */
const KINDS: ReadonlySet<ServiceKind> = new Set(['ca', 'tsa', 'seal-maker']);

/** A service and every entry of any list about its keys. */
interface Entry {
  readonly service: TrustService;
  readonly list: TrustList;
  readonly schemeId: string | undefined;
}

interface Path {
  readonly key: PathKey;
  readonly services: ReadonlySet<TrustService>;
}

/** What each CA may do in each region: every cell is what `decideTrust` says, so that a report cannot say otherwise than a verifier. */
export function matrixOf(federation: Federation, columns: readonly ReportRegion[], { sha256, at, limits }: { readonly sha256: DigestAlgorithm; readonly at: number; readonly limits: ReportLimits }): Matrix {
  const entries = entriesOf(federation, sha256);
  const counts: Record<ServiceStatusName | 'none', number> = { granted: 0, suspended: 0, ceased: 0, withdrawn: 0, distrusted: 0, none: 0 };
  for (const { service } of entries) counts[statusAt(service, at)?.status ?? 'none']++;
  // Where not all can be shown, those in trouble are.
  const ordered = entries.length <= limits.services ? entries : [...entries.filter((entry) => isTroubled(entry, at)), ...entries.filter((entry) => !isTroubled(entry, at))];
  const regions = columns.slice(0, limits.regions);
  const rows = ordered.slice(0, limits.services).map((entry) => {
    const paths = pathsOf(entry.service, federation, sha256);
    const words = wordsOf(paths, federation, limits.words);
    return { service: describe(entry, at), cells: regions.map(({ code }) => cellOf(federation, { paths, words, kind: entry.service.kind }, code, at)) };
  });
  // A province whose every service is recognised by city says nothing that its cities do not.
  const told = regions.map(({ code }, index) => rows.length === 0 || rows.some(({ cells }) => cells[index]!.code !== 'REGION_NOT_IN_SCOPE') || !regions.some((other) => withinOnly(other.code, code)));
  return {
    regions: regions.filter((_, index) => told[index]),
    regionsLeftOut: columns.length - regions.length,
    servicesLeftOut: Math.max(0, entries.length - limits.services),
    counts,
    rows: rows.map(({ service, cells }) => ({ service, cells: cells.filter((_, index) => told[index]) })),
  };
}

function isTroubled({ service }: Entry, at: number): boolean {
  return service.unusable !== undefined || statusAt(service, at)?.status !== 'granted';
}

/** Top list first. What another list says of a service that is there already is in its cells, not a row of its own. */
function entriesOf(federation: Federation, sha256: DigestAlgorithm): readonly Entry[] {
  const found: Entry[] = [];
  const seen = new Set<string>();
  const collect = (list: TrustList, schemeId: string | undefined): void => {
    for (const service of list.services) {
      if (!KINDS.has(service.kind)) continue;
      const keys = service.anchors.map((anchor) => `${service.kind} ${keyText(pathKey(anchor, sha256))}`);
      const known = keys.every((key) => seen.has(key));
      for (const key of keys) seen.add(key);
      if (!known) found.push({ service, list, schemeId });
    }
  };
  for (const { list } of federation.members) collect(list, undefined);
  const peers = new Set<Federation>();
  for (const { federation: theirs, peer } of federation.peers) {
    if (theirs === undefined || peers.has(theirs)) continue;
    peers.add(theirs);
    for (const { list } of theirs.members) collect(list, peer.schemeId);
  }
  return found;
}

function pathKey({ certificate, sha256: ofCertificate, spkiSha256 }: TrustService['anchors'][number], sha256: DigestAlgorithm): PathKey {
  if (certificate === undefined) return { spkiSha256: spkiSha256 ?? '', ...(ofCertificate !== undefined && { certificateSha256: ofCertificate }) };
  const spki = readable(() => parseCertificate(certificate).spki.bytes);
  return { spkiSha256: spki === undefined ? '' : hexOf(sha256.digest(spki)), certificateSha256: hexOf(sha256.digest(certificate)) };
}

function keyText({ spkiSha256, certificateSha256 = '' }: PathKey): string {
  return spkiSha256 === '' ? certificateSha256 : spkiSha256;
}

function pathsOf(service: TrustService, federation: Federation, sha256: DigestAlgorithm): readonly Path[] {
  const paths = new Map<string, Path>();
  for (const anchor of service.anchors) {
    const key = pathKey(anchor, sha256);
    if (paths.has(keyText(key))) continue;
    const statements = [federation, ...federation.peers.flatMap(({ federation: theirs }) => theirs ?? [])].flatMap((each) => each.statementsOn(key));
    paths.set(keyText(key), { key, services: new Set(statements.map((statement) => statement.service)) });
  }
  return [...paths.values()];
}

interface Words {
  readonly transactions: readonly string[];
  readonly roles: readonly string[];
}

/** Words worth asking about: those that scopes name, and what ours are called at a peer. */
function wordsOf(paths: readonly Path[], { peers }: Federation, most: number): Words {
  const scopes = paths.flatMap(({ services }) => [...services].flatMap(({ scope }) => scope));
  const maps = peers.flatMap(({ peer }) => peer.map.map(({ ours }) => ours));
  const of = (dimension: 'transactions' | 'roles'): readonly string[] => [...new Set([...scopes, ...(scopes.some((scope) => scope[dimension] !== undefined) ? maps : [])].flatMap((each) => each[dimension] ?? []))].slice(0, most);
  return { transactions: of('transactions'), roles: of('roles') };
}

interface Asked {
  readonly paths: readonly Path[];
  readonly words: Words;
  readonly kind: ServiceKind;
}

function cellOf(federation: Federation, asked: Asked, region: string, at: number): MatrixCell {
  const now = asked.paths.map((path) => usesOf(federation, asked, path, region, at, at));
  const best = now.find(({ uses }) => uses.length > 0) ?? now.reduce<(typeof now)[number] | undefined>((a, b) => (a === undefined || RANK.indexOf(b.code) > RANK.indexOf(a.code) ? b : a), undefined);
  const inPart = best?.code === 'REGION_NOT_IN_SCOPE' && asked.paths.some(({ services }) => [...services].some(({ scope }) => scope.some(({ regions }) => regions.some((pattern) => withinOnly(pattern, region)))));
  const keysDiffer = new Set(now.map(({ uses }) => JSON.stringify(uses))).size > 1;
  const cell = { keysDiffer, inPart, earlierOnly: false, uses: best?.uses ?? [], code: best?.code ?? 'CA_NOT_YET_GRANTED', by: best?.by, peer: best?.peer };
  if (best?.code !== 'CA_CEASED' || best.ceased === undefined) return cell;
  const earlier = asked.paths.map((path) => usesOf(federation, asked, path, region, at, best.ceased! - 1)).find(({ uses }) => uses.length > 0);
  return earlier === undefined ? cell : { ...cell, earlierOnly: true, uses: earlier.uses, peer: earlier.peer };
}

/** Of several reasons the last is told. */
const RANK: readonly RulingCode[] = [
  'GRANTED', 'REGION_NOT_IN_SCOPE', 'PURPOSE_NOT_IN_SCOPE', 'ROLE_NOT_IN_SCOPE', 'TRANSACTION_NOT_IN_SCOPE', 'SCOPE_NOT_IN_FORCE', 'SERVICE_NOT_DELEGATED', 'PEER_NOT_ACCEPTED', 'PEER_NOT_IN_FORCE', 'PEER_STALE',
  'SERVICE_CONSTRAINTS_VIOLATED', 'CA_NOT_YET_GRANTED', 'CA_CEASED', 'CA_SUSPENDED', 'CA_WITHDRAWN', 'CA_DISTRUSTED', 'SERVICE_UNSUPPORTED', 'LIST_NOT_LOADED',
];

function usesOf(federation: Federation, { words, kind }: Asked, { key, services }: Path, region: string, at: number, issuedAt: number): { readonly uses: readonly Use[]; readonly code: RulingCode; readonly by: string | undefined; readonly peer: string | undefined; readonly ceased: number | undefined } {
  const granted: { purposes: readonly Purpose[]; transaction: string | undefined; role: string | undefined }[] = [];
  let told: TrustRuling | undefined;
  let peer: string | undefined;
  for (const transaction of [undefined, ...words.transactions]) {
    for (const role of [undefined, ...words.roles]) {
      // What is recognised without a word is recognised with any.
      const covered = granted.filter((each) => (each.transaction ?? transaction) === transaction && (each.role ?? role) === role).flatMap(({ purposes }) => purposes);
      const purposes: Purpose[] = [];
      for (const purpose of PURPOSES) {
        if (covered.includes(purpose)) continue;
        const ruling = decideTrust(federation, {
          keys: [key], anchors: ({ service }) => services.has(service), kind, region, purpose, issuedAt, signedAt: at, at, missing: 'refuse',
          ...(transaction !== undefined && { transaction }), ...(role !== undefined && { role }),
        });
        if (ruling.trusted) {
          purposes.push(purpose);
          peer ??= ruling.peer?.peer.schemeId;
        } else if (told === undefined || RANK.indexOf(ruling.code) > RANK.indexOf(told.code)) told = ruling;
      }
      if (purposes.length > 0) granted.push({ purposes, transaction, role });
    }
    // No word moves a place.
    if (transaction === undefined && granted.length === 0 && told?.code === 'REGION_NOT_IN_SCOPE') break;
  }
  return {
    uses: merge(granted), code: granted.length > 0 ? 'GRANTED' : (told?.code ?? 'CA_NOT_YET_GRANTED'), peer,
    by: told?.decisive?.statement.member.list.listId ?? told?.missing[0]?.listId, ceased: told?.decisive?.status.event?.since,
  };
}

/** Words under which the same is recognised, together. */
function merge(granted: readonly { readonly purposes: readonly Purpose[]; readonly transaction: string | undefined; readonly role: string | undefined }[]): readonly Use[] {
  const uses = new Map<string, { purposes: readonly Purpose[]; transactions: string[]; role: string | undefined; any: boolean }>();
  for (const { purposes, transaction, role } of granted) {
    const key = JSON.stringify([purposes, role ?? null, transaction === undefined]);
    const known = uses.get(key);
    if (known === undefined) uses.set(key, { purposes, transactions: transaction === undefined ? [] : [transaction], role, any: transaction === undefined });
    else if (transaction !== undefined) known.transactions.push(transaction);
  }
  return [...uses.values()].map(({ purposes, transactions, role, any }) => ({ purposes, transactions: any ? undefined : transactions, roles: role === undefined ? undefined : [role] }));
}

function describe({ service, list, schemeId }: Entry, at: number): ReportService {
  const now = statusAt(service, at);
  const { id, kind, name, unusable } = service;
  return {
    id, kind, name, listId: list.listId, ...(schemeId !== undefined && { schemeId }), unusable,
    status: now?.status, since: now?.since, event: now?.event, next: service.status.filter(({ since }) => since > at).at(-1),
  };
}
