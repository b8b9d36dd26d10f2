import { nameKey, parseCertificate } from '@hefu/pki';
import { decodeBase64 } from '../base64.js';
import { ROOT_ROLES } from '../edit/keys.js';
import { parseDraft } from '../edit/draft.js';
import { TrustListError } from '../error.js';
import { readListContent } from '../list-content.js';
import type { ListDocument } from '../list-document.js';
import { readable } from '../readable.js';
import { heldKey, type HeldKey } from '../role-capacity.js';
import type { RootDocument, SchemeKeyDocument } from '../scheme-document.js';
import { hexOf } from '../sha256.js';
import { ANCHOR_RULES } from './anchor-rules.js';
import { DOCUMENT_RULES } from './document-rules.js';
import { KEY_RULES } from './key-rules.js';
import type { LintFinding, LintLevel, LintOptions, LintReport, LintRule, LintSubject, PlacedCertificate, PlacedRole } from './model.js';
import { PROFILE_RULES, REVOCATION_RULES, SCOPE_RULES } from './service-rules.js';

/** Every rule, by id. */
export const LINT_RULES: readonly LintRule[] = [...DOCUMENT_RULES, ...ANCHOR_RULES, ...REVOCATION_RULES, ...PROFILE_RULES, ...SCOPE_RULES, ...KEY_RULES];

/**
 * Looks at the payload of a list, or the file of a draft, for what its operators should know before they sign. With
 * `root` given, also at the keys and roles that sign it. What a list must be to be read at all is rule L001; most
 * others need a list that reads.
 */
export function lintList(payload: Uint8Array, options: LintOptions): LintReport {
  return run({ ...subjectOf(options), ...readPayload(payload, options), payload }, ({ target }) => target !== 'root' || options.root !== undefined);
}

/** Looks at a root by itself. */
export function lintRoot(root: RootDocument, options: LintOptions): LintReport {
  return run(subjectOf({ ...options, root }), ({ target }) => target !== 'list');
}

function run(subject: LintSubject, wanted: (rule: LintRule) => boolean): LintReport {
  const findings: LintFinding[] = [];
  const notApplied: string[] = [];
  const unread = subject.payload !== undefined && subject.content === undefined;
  for (const { id, level, applies, tolerant, check, target } of LINT_RULES.filter(wanted)) {
    const ready = (tolerant === true || !unread || target === 'root') && (applies?.(subject) ?? true);
    if (!ready) {
      notApplied.push(id);
      continue;
    }
    check(subject, (place, zh, en) => findings.push({ rule: id, level, ...place, sentence: { zh: `${zh}。`, en: `${en}.` } }));
  }
  const count = (level: LintLevel): number => findings.filter((finding) => finding.level === level).length;
  return { findings, counts: { mandatory: count('mandatory'), recommended: count('recommended'), permitted: count('permitted') }, notApplied };
}

function subjectOf(options: LintOptions): LintSubject {
  const keys = (options.root?.keys ?? []).map((key, index) => placedKey(key, `keys[${index}]`, options));
  return { ...options, list: undefined, content: undefined, unreadable: [], baseList: undefined, baseContent: undefined, payload: undefined, certificates: [], keys, roles: rolesOfRoot(options.root, keys) };
}

function readPayload(payload: Uint8Array, options: LintOptions): Partial<LintSubject> {
  const { base, sha256 } = options;
  const unreadable: { path: string; message: string }[] = [];
  const note = (error: unknown): undefined => {
    if (!(error instanceof TrustListError)) throw error;
    unreadable.push(...(error.problems.length > 0 ? error.problems : [{ path: '', message: error.message }]));
    return undefined;
  };
  const list = attempt(() => parseDraft(payload, 'list'), note);
  if (list === undefined) return { unreadable };
  const content = attempt(() => readListContent(payload, { sha256 }), note);
  // A base that does not read is the caller's mistake: it was published.
  const before = base === undefined ? {} : { baseList: parseDraft(base, 'list'), baseContent: { ...readListContent(base, { sha256 }), sha256: hexOf(sha256.digest(base)) } };
  const inner = subjectOf(options);
  if (content === undefined) return { ...before, list, unreadable };
  const delegated = (list.delegations ?? []).map((delegation, index) => {
    const path = `delegations[${index}]`;
    const keys = delegation.keys.map((key, at) => placedKey(key, `${path}.keys[${at}]`, options));
    return { keys, role: { path, name: delegation.listId, role: delegation, keys: keys.flatMap(({ held }) => held ?? []) } };
  });
  return {
    ...before,
    list,
    content,
    unreadable,
    certificates: certificatesOf(list),
    keys: [...inner.keys, ...delegated.flatMap(({ keys }) => keys)],
    roles: [...inner.roles, ...delegated.map(({ role }) => role)],
  };
}

function attempt<T>(read: () => T, failed: (error: unknown) => undefined): T | undefined {
  try {
    return read();
  } catch (error) {
    return failed(error);
  }
}

function placedKey(key: SchemeKeyDocument, path: string, { sha256 }: LintOptions): LintSubject['keys'][number] {
  return {
    path,
    key,
    held: attempt((): HeldKey | undefined => heldKey(key, sha256), (error) => {
      if (!(error instanceof TypeError)) throw error;
      return undefined;
    }),
  };
}

function rolesOfRoot(root: RootDocument | undefined, keys: LintSubject['keys']): readonly PlacedRole[] {
  if (root === undefined) return [];
  const held = new Map(keys.flatMap((key) => (key.held === undefined ? [] : [[key.held.thumbprint, key.held] as const])));
  return ROOT_ROLES.map((name) => ({ path: `roles.${name}`, name, role: root.roles[name], keys: [...new Set(root.roles[name].keys)].flatMap((print) => held.get(print) ?? []) }));
}

/** Of a list that reads, so that every certificate does. */
function certificatesOf(list: ListDocument): readonly PlacedCertificate[] {
  return list.services.flatMap((service, index) => [
    ...service.anchors.flatMap(({ x5c }, at) => (x5c === undefined ? [] : [{ text: x5c[0], use: 'anchor' as const, path: `services[${index}].anchors[${at}]` }])),
    ...(service.intermediates ?? []).map((text, at) => ({ text, use: 'intermediate' as const, path: `services[${index}].intermediates[${at}]` })),
  ].map(({ text, use, path }): PlacedCertificate => {
    const der = decodeBase64(text)!;
    const certificate = parseCertificate(der);
    return { path, service, use, der, certificate, selfIssued: readable(() => nameKey(certificate.subject) === nameKey(certificate.issuer)) === true };
  }));
}
