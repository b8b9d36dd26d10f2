import type { DigestAlgorithm } from '@hefu/crypto';
import { parseCertificate } from '@hefu/pki';
import type { Federation } from '../federation/federation.js';
import { readListKey, thumbprint as thumbprintOf } from '../jwk.js';
import type { ServiceStatus, TrustService } from '../model.js';
import { readable } from '../readable.js';
import { hexOf } from '../sha256.js';
import type { DocumentState, Due, Timeline, TimelineLimit, TimelineRow, TimelineSpan } from './model.js';

const DAY = 86_400_000;
const YEAR = 365 * DAY;
/** Limits shown of one service. */
const MAX_LIMITS = 4;

/** What holds since when and until when: documents, keys, services. */
export function timelineOf(federation: Federation, documents: readonly DocumentState[], { at, most, sha256 }: { readonly at: number; readonly most: number; readonly sha256: DigestAlgorithm }): Timeline {
  const services = federation.members.flatMap(({ list }) => list.services.map((service) => serviceRow(service, list.listId, at)));
  const keys = keyRows(federation, sha256);
  // Rows without a deadline come last, and infinities must not be subtracted.
  const soonest = (a: TimelineRow, b: TimelineRow): number => (a.deadline ?? Number.MAX_VALUE) - (b.deadline ?? Number.MAX_VALUE);
  const rows = [...documents.map(documentRow), ...keys.sort(soonest), ...services.sort(soonest)];
  const shown = rows.slice(0, most);
  const starts = shown.flatMap(({ spans }) => spans.map(({ from }) => from)).filter(Number.isFinite);
  const ends = shown.flatMap(({ deadline }) => deadline ?? []);
  // A root of thirty years must not press everything else into a corner.
  const from = Math.max(starts.reduce((earliest, each) => Math.min(earliest, each), at - 30 * DAY), at - 3 * YEAR);
  const to = Math.min(ends.reduce((latest, each) => Math.max(latest, each), at + 90 * DAY), at + 3 * YEAR);
  const due = (wanted: (row: TimelineRow, deadline: number) => boolean): Due => {
    const found = rows.filter((row) => row.kind !== 'document' && row.deadline !== undefined && wanted(row, row.deadline));
    return { count: found.length, labels: found.slice(0, 3).map(({ label }) => label) };
  };
  return {
    from, to, rows: shown, leftOut: rows.length - shown.length,
    overdue: due((_, deadline) => deadline <= at), soon: due(({ notice }, deadline) => deadline > at && deadline - at < notice),
  };
}

/** How long before its end somebody should know. */
export function noticeOfDocument(kind: DocumentState['kind']): number {
  return kind === 'freshness' || kind === 'peer' ? DAY : 30 * DAY;
}

function documentRow({ kind, id, number, issued, until }: DocumentState): TimelineRow {
  const words = { root: ['根文件', 'Root'], freshness: ['时效文件', 'Freshness'], list: ['名单', 'List'], peer: ['互认方', 'Peer'] }[kind];
  return {
    kind: 'document', id, label: { zh: `${words[0]} ${id} #${number}`, en: `${words[1]} ${id} #${number}` },
    spans: [{ state: 'valid', from: issued, until }], limits: [], limitsLeftOut: 0, deadline: until, notice: noticeOfDocument(kind),
  };
}

function keyRows({ snapshot, members }: Federation, sha256: DigestAlgorithm): TimelineRow[] {
  const held = [...(snapshot?.root.keys ?? []), ...members.flatMap(({ list }) => list.delegations.flatMap(({ role }) => role.keys))];
  const rows = new Map<string, TimelineRow>();
  for (const { jwk, org, owner, notAfter } of held) {
    if (notAfter === undefined) continue;
    const thumbprint = thumbprintOf(readListKey(jwk), sha256);
    const who = [org, ...(owner === undefined ? [] : [owner]), thumbprint.slice(0, 8)].join(' · ');
    rows.set(thumbprint, { kind: 'key', id: thumbprint, label: { zh: `签名密钥 ${who}`, en: `Signing key ${who}` }, spans: [{ state: 'valid', from: -Infinity, until: notAfter }], limits: [], limitsLeftOut: 0, deadline: notAfter, notice: 60 * DAY });
  }
  return [...rows.values()];
}

function serviceRow(service: TrustService, listId: string, at: number): TimelineRow {
  const limits = limitsOf(service);
  const announced = service.status.map(({ since }) => since).filter((since) => since > at);
  // What nobody is recognised by any more need not be renewed.
  const ended = service.status[0]?.status === 'withdrawn' || service.status[0]?.status === 'distrusted';
  const deadlines = [...(ended ? [] : limits.map(({ until }) => until)), ...announced];
  return {
    kind: 'service', id: `${service.id} · ${listId}`, label: service.name, spans: spansOf(service.status),
    limits: limits.slice(0, MAX_LIMITS), limitsLeftOut: Math.max(0, limits.length - MAX_LIMITS), deadline: deadlines.length === 0 ? undefined : Math.min(...deadlines),
    notice: 60 * DAY,
  };
}

/** Intervals in order of time, as `statusAt` finds them: a newer event prevails from its `since` on. */
export function spansOf(history: readonly ServiceStatus[]): readonly TimelineSpan[] {
  const spans: TimelineSpan[] = [];
  let until: number | undefined;
  for (const { status, since } of history) {
    if (until !== undefined && since >= until) continue;
    spans.unshift({ state: status, from: since, until });
    until = since;
  }
  return spans;
}

/** Soonest first. */
function limitsOf({ anchors, scope }: TrustService): readonly TimelineLimit[] {
  const found: TimelineLimit[] = anchors.flatMap(({ certificate }): TimelineLimit[] => {
    if (certificate === undefined) return [];
    const read = readable(() => {
      const { validity, serialNumber } = parseCertificate(certificate);
      return { ...validity, serial: hexOf(serialNumber) };
    });
    return read === undefined ? [] : [{ what: 'anchor', name: read.serial, from: read.notBefore, until: read.notAfter }];
  });
  for (const { regions, until, from } of scope) if (until !== undefined) found.push({ what: 'scope', name: regions.join(' '), from, until });
  return found.sort((a, b) => a.until - b.until);
}
