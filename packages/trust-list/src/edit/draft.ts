import type { DigestAlgorithm } from '@hefu/crypto';
import { TrustListError } from '../error.js';
import { readJson, type JsonValue } from '../json.js';
import { DEFAULT_LIMITS } from '../limits.js';
import type { ListDocument, ServiceDocument } from '../list-document.js';
import { isObject, MemberReader, ProblemLog } from '../member-reader.js';
import { readService } from '../read-service.js';
import type { RootDocument } from '../scheme-document.js';
import { hexOf } from '../sha256.js';
import { formatInstant, parseInstant } from '../time.js';
import { notFound, refuseProblems } from './error.js';

/** What edits need besides the document. */
export interface EditContext {
  readonly sha256: DigestAlgorithm;
}

/**
 * Reads a list or root under work. Only strict JSON and the `type` are checked, so that a draft may be unfinished;
 * members this version does not know are kept, in their place.
 * @param bytes a payload, or the file of a working tree
 * @throws TrustListError as `readJson`; TL_SCHEMA_INVALID for another document
 */
export function parseDraft(bytes: Uint8Array, type: 'list'): ListDocument;
export function parseDraft(bytes: Uint8Array, type: 'root'): RootDocument;
export function parseDraft(bytes: Uint8Array, type: 'list' | 'root'): ListDocument | RootDocument {
  const value = readJson(bytes, DEFAULT_LIMITS);
  if (isObject(value) && value['type'] === type) return value as unknown as ListDocument | RootDocument;
  throw new TrustListError('TL_SCHEMA_INVALID', `the document is no ${type}`, { problems: [{ path: 'type', code: 'TL_SCHEMA_INVALID', message: `is not ${type}` }] });
}

/** The text kept in a working tree: two spaces, one member a line, members in the order they have, a line feed at the end. */
export function formatDraft(document: ListDocument | RootDocument): string {
  return `${JSON.stringify(document, null, 2)}\n`;
}

/**
 * The draft that follows a published list: sequence + 1, chained by hash, everything else as it was.
 * @param published the payload octets
 * @param options.issued epoch milliseconds, as all instants
 * @param options.nextUpdate by default the list lives as long as the one before
 */
export function nextVersion(published: Uint8Array, options: { readonly issued: number; readonly nextUpdate?: number } & EditContext): ListDocument {
  const before = parseDraft(published, 'list');
  const life = parseInstant(before.nextUpdate) - parseInstant(before.issued);
  return chained(before, { sequence: before.sequence + 1, prev: prevOf(published, options) }, { issued: formatInstant(options.issued), nextUpdate: formatInstant(options.nextUpdate ?? options.issued + life) });
}

/** The draft that follows a published root, as {@link nextVersion}. */
export function nextRootVersion(published: Uint8Array, options: { readonly issued: number; readonly expires?: number } & EditContext): RootDocument {
  const before = parseDraft(published, 'root');
  const life = parseInstant(before.expires) - parseInstant(before.issued);
  return chained(before, { version: before.version + 1, prev: prevOf(published, options) }, { issued: formatInstant(options.issued), expires: formatInstant(options.expires ?? options.issued + life) });
}

/** A draft with other dates, for when its proposal is made later than it was begun. */
export function restamp<D extends ListDocument | RootDocument>(draft: D, dates: { readonly issued: number; readonly until: number }): D {
  const end = draft.type === 'list' ? 'nextUpdate' : 'expires';
  return { ...draft, issued: formatInstant(dates.issued), [end]: formatInstant(dates.until) };
}

function prevOf(payload: Uint8Array, { sha256 }: EditContext): string {
  return `sha256:${hexOf(sha256.digest(payload))}`;
}

/** `prev` beside the number it belongs to, also where the first document had none. */
function chained<D extends object>(before: D, place: { readonly [name: string]: unknown }, dates: { readonly [name: string]: string }): D {
  const [number] = Object.keys(place);
  const members = Object.entries(before).flatMap(([name, value]): [string, unknown][] => {
    if (name === 'prev') return [];
    return name === number ? Object.entries(place) : [[name, Object.hasOwn(dates, name) ? dates[name] : value]];
  });
  return Object.fromEntries(members) as D;
}

/** The draft with one service changed, and the service judged as readers will judge it. */
export function replaceService(draft: ListDocument, id: string, change: (service: ServiceDocument) => ServiceDocument, context: EditContext): ListDocument {
  const index = serviceIndex(draft, id);
  const service = change(draft.services[index]!);
  checkService(service, draft, index, context);
  return { ...draft, services: draft.services.map((each, at) => (at === index ? service : each)) };
}

export function serviceIndex(draft: ListDocument, id: string): number {
  const index = draft.services.findIndex((service) => service.id === id);
  if (index < 0) throw notFound({ zh: '服务', en: 'service' }, id);
  return index;
}

/** @throws EditError EDIT_INVALID with what a reader of the list would say */
export function checkService(service: ServiceDocument, draft: ListDocument, index: number, { sha256 }: EditContext): void {
  const log = new ProblemLog(DEFAULT_LIMITS.maxProblems);
  readService(new MemberReader(service as unknown as JsonValue, `services[${index}]`, log), { sequence: draft.sequence, issued: parseInstant(draft.issued), sha256 });
  refuseProblems(log.problems);
}
