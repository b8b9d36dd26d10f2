import { CERTIFICATE_LABELS, decodeArmoured, equalBytes, formatName, namesEqual, PkiError, readSignedData, type Certificate } from '@hefu/pki';
import type { ListDocument, ServiceDocument } from '../list-document.js';
import { DEFAULT_LIMITS } from '../limits.js';
import { hexOf } from '../sha256.js';
import { formatInstant } from '../time.js';
import { anchorCertificate, anchorOf, isCa } from './anchor-of-identity.js';
import { refuseImport, type ImportedService, type ImportOutcome } from './import-report.js';
import { DEFAULT_EXCHANGE_LIMITS, type ExchangeLimits } from './limits.js';
import type { ImportOptions } from './map-list.js';
import { noteTaker } from './note-taker.js';

/**
 * Drafts a list from a bundle of CA certificates: PEM, one DER certificate, or a P7B bag (RFC 5652 SignedData without
 * signers). A bundle says nothing but certificates, so each CA becomes a service granted from `at`, recognised nowhere
 * until somebody adds regions; a certificate issued by another of the bundle becomes an intermediate of that one's service.
 * Nothing is signed: the caller vouches for where it came from.
 */
export function importCertificates(bytes: Uint8Array, options: ImportOptions & { readonly format: 'pem' | 'p7b'; readonly limits?: Partial<ExchangeLimits> }): ImportOutcome {
  const limits = { ...DEFAULT_EXCHANGE_LIMITS, ...options.limits };
  if (options.territory === undefined) return refuseImport('IMPORT_TERRITORY', 'a bundle of certificates names none');
  let ders: readonly Uint8Array[];
  try {
    ders = options.format === 'pem' ? decodeArmoured(bytes, { labels: CERTIFICATE_LABELS, maxBytes: limits.maxBytes }) : readSignedData(bytes, { maxMessageCertificates: limits.maxCertificates }).certificates;
  } catch (error) {
    if (!(error instanceof PkiError)) throw error;
    return refuseImport(error.code === 'INPUT_TOO_LARGE' ? 'IMPORT_TOO_LARGE' : 'IMPORT_MALFORMED', `${error.code}: ${error.message}`);
  }
  if (ders.length > limits.maxCertificates) return refuseImport('IMPORT_TOO_LARGE', `${ders.length} certificates, at most ${limits.maxCertificates}`);

  const services: ImportedService[] = [];
  const found: { readonly certificate: Certificate; readonly where: string }[] = [];
  const seen = new Set<string>();
  for (const [index, der] of ders.entries()) {
    const where = `certificates[${index}]`;
    const { notes, take } = noteTaker();
    const certificate = anchorCertificate(der);
    const hash = hexOf(options.sha256.digest(der));
    if (typeof certificate === 'string') take('CERTIFICATE_UNREADABLE', 'refused', certificate);
    else if (seen.has(hash)) take('DUPLICATE', 'refused', hash);
    else if (!isCa(certificate)) take('CERTIFICATE_NOT_CA', 'refused', 'basicConstraints says it is none');
    else {
      seen.add(hash);
      found.push({ certificate, where });
      continue;
    }
    services.push({ where, name: typeof certificate === 'string' ? hash : formatName(certificate.subject), notes });
  }
  if (found.length === 0) return refuseImport('IMPORT_NOTHING', `${ders.length} certificates, none of a CA`);

  const documents: ServiceDocument[] = [];
  for (const { certificate, where } of found) {
    if (above(certificate, found.map((each) => each.certificate)) !== undefined) continue;
    const { notes, take } = noteTaker();
    const name = formatName(certificate.subject).slice(0, 1000);
    const below = descendants(certificate, found.map((each) => each.certificate));
    if (options.regions === undefined) take('SCOPE_MISSING', 'kept', 'add regions');
    take('PLACEHOLDER', 'mapped', `granted from ${formatInstant(options.at)}; name from the subject`);
    const document: ServiceDocument = {
      id: `urn:hefu:imported:ca:${hexOf(options.sha256.digest(certificate.bytes)).slice(0, 32)}`,
      kind: 'ca',
      name: { zh: name === '' ? '（无名称）' : name },
      anchors: [anchorOf(certificate)],
      ...(below.length === 0 ? {} : { intermediates: below.map((each) => anchorOf(each).x5c![0]) }),
      status: [{ status: 'granted', since: formatInstant(options.at), recorded: 1 }],
      ...(options.regions === undefined ? {} : { scope: [{ regions: options.regions }] }),
    };
    documents.push(document);
    services.push({ where, id: document.id, name, notes });
  }
  if (documents.length > limits.maxServices) return refuseImport('IMPORT_TOO_LARGE', `${documents.length} services, at most ${limits.maxServices}`);
  const draft: ListDocument = {
    type: 'list',
    spec: '1.0',
    listId: options.listId ?? 'imported',
    sequence: 1,
    issued: formatInstant(options.at),
    nextUpdate: formatInstant(options.at + DEFAULT_LIMITS.maxLifetime),
    operator: { name: { zh: '（待填写）', en: '(to be filled in)' } },
    territory: options.territory,
    services: documents,
  };
  const leftOut = services.filter(({ id }) => id === undefined).length;
  return {
    outcome: 'imported',
    draft,
    report: {
      format: options.format,
      source: { sha256: hexOf(options.sha256.digest(bytes)) },
      signature: { status: 'none' },
      counts: { services: services.length, imported: documents.length, leftOut, lost: 0 },
      notes: [{ code: 'PLACEHOLDER', effect: 'mapped', detail: 'operator, dates' }],
      services: services.sort((a, b) => positionOf(a) - positionOf(b)),
      pointers: [],
    },
  };
}

/** By name and, where both are there, key identifier: which service offers an intermediate decides nothing about trust. */
function above(certificate: Certificate, others: readonly Certificate[]): Certificate | undefined {
  if (namesEqual(certificate.issuer, certificate.subject)) return undefined;
  return others.find((other) => other !== certificate && namesEqual(other.subject, certificate.issuer) && fits(certificate, other));
}

function fits(certificate: Certificate, issuer: Certificate): boolean {
  try {
    const wanted = certificate.extAuthorityKeyIdentifier?.keyIdentifier;
    const has = issuer.extSubjectKeyIdentifier;
    return wanted === undefined || has === undefined || equalBytes(wanted, has);
  } catch (error) {
    if (error instanceof PkiError) return false;
    throw error;
  }
}

function descendants(top: Certificate, all: readonly Certificate[]): readonly Certificate[] {
  const below = new Set<Certificate>();
  for (let level: readonly Certificate[] = [top]; level.length > 0; ) {
    const next = all.filter((each) => each !== top && !below.has(each) && !namesEqual(each.issuer, each.subject) && level.some((issuer) => namesEqual(each.issuer, issuer.subject) && fits(each, issuer)));
    for (const each of next) below.add(each);
    level = next;
  }
  return [...below];
}

function positionOf({ where }: ImportedService): number {
  return Number(/\d+/.exec(where)?.[0] ?? 0);
}
