import type { Algorithms } from '@hefu/crypto';
import { formatName, parseCertificate, parseCertificateList, parseOcspResponse } from '@hefu/pki';
import type { CertificateSummary, Report } from '../report.js';
import { summarise } from '../summary.js';
import { maskSubjectText } from '../identity/mask.js';
import { EvidenceError } from '../evidence-bundle/error.js';
import { checkedObjects } from '../evidence-bundle/objects.js';
import { readManifest, serializeManifest } from '../evidence-bundle/documents.js';
import type { EvidenceManifest, ObjectSource } from '../evidence-bundle/model.js';
import { judgeReplay, readReplay } from '../evidence-bundle/replay.js';
import { octetsOfBase64, base64 } from '../evidence-bundle/seals.js';
import { openTrust, requirePin, type TrustPin } from '../evidence-bundle/trust.js';

/** What a CRL or OCSP response says of itself. */
export interface RevocationFacts {
  readonly kind: 'crl' | 'ocsp';
  readonly sha256: string;
  readonly issuer?: string;
  readonly thisUpdate?: string;
  readonly nextUpdate?: string;
  readonly producedAt?: string;
  readonly url?: string;
}

/**
 * Facts without a verdict: everything a message was judged by, and what of it a person can read. JSON; `replay` gives the
 * report of it.
 */
export interface Diagnostic {
  readonly type: 'hefu-diagnostic';
  readonly version: 1;
  readonly facts: {
    readonly certificates: readonly CertificateSummary[];
    readonly revocation: readonly RevocationFacts[];
    readonly content?: { readonly length: number; readonly digests: Readonly<Record<string, string>> };
  };
  /** As in an evidence bundle. */
  readonly manifest: EvidenceManifest;
  /** Base64 of each object but the report, by SHA-256. */
  readonly objects: Readonly<Record<string, string>>;
}

/** @throws EvidenceError for objects that are missing or altered */
export async function makeDiagnostic({ manifest, objects, algorithms }: { readonly manifest: EvidenceManifest; readonly objects: ObjectSource; readonly algorithms: Algorithms }): Promise<Diagnostic> {
  const read = checkedObjects(objects, manifest.files, algorithms);
  const certificates: CertificateSummary[] = [];
  const revocation: RevocationFacts[] = [];
  for (const { kind, sha256, url } of manifest.evidence) {
    const bytes = await read(sha256);
    const from = url === undefined ? {} : { url };
    if (kind === 'certificate') certificates.push(summarise(parseCertificate(bytes), algorithms, { reveal: false, person: true }));
    else if (kind === 'crl') {
      const { issuer, thisUpdate, nextUpdate } = parseCertificateList(bytes);
      revocation.push({ kind, sha256, issuer: maskSubjectText(formatName(issuer), {}), thisUpdate: new Date(thisUpdate).toISOString(), ...(nextUpdate === undefined ? {} : { nextUpdate: new Date(nextUpdate).toISOString() }), ...from });
    } else {
      const { basic } = parseOcspResponse(bytes);
      revocation.push({ kind, sha256, ...(basic === undefined ? {} : { producedAt: new Date(basic.producedAt).toISOString() }), ...from });
    }
  }
  const { content } = manifest;
  const kept: Record<string, string> = {};
  for (const { sha256 } of manifest.files) if (sha256 !== manifest.report) kept[sha256] = base64(await read(sha256));
  return {
    type: 'hefu-diagnostic',
    version: 1,
    facts: { certificates, revocation, ...(content === undefined ? {} : { content: { length: content.length, digests: { 'SHA-256': content.sha256, SM3: content.sm3 } } }) },
    manifest,
    objects: kept,
  };
}

/**
 * Judges a diagnostic: the report that its facts lead to. The facts for people are not looked at.
 * @param pin who may have signed the list
 * @throws EvidenceError for a diagnostic that is not of its form, was altered, or follows a list of others than trusted
 */
export async function replay(diagnostic: Diagnostic, { pin, algorithms, content }: { readonly pin: TrustPin; readonly algorithms: Algorithms; readonly content?: Uint8Array }): Promise<Report> {
  if (diagnostic?.type !== 'hefu-diagnostic' || diagnostic.version !== 1 || typeof diagnostic.objects !== 'object') throw new EvidenceError('EVIDENCE_DOCUMENT_INVALID', 'not a diagnostic');
  const manifest = readManifest(serializeManifest(diagnostic.manifest));
  const objects = checkedObjects((sha256) => (Object.hasOwn(diagnostic.objects, sha256) ? octets(diagnostic.objects[sha256]) : undefined), manifest.files, algorithms);
  const trust = await openTrust(manifest.trust, objects, { pin: requirePin(pin), algorithms, at: manifest.circumstances.at, madeAt: Date.parse(manifest.madeAt) });
  return judgeReplay(await readReplay(manifest, objects, trust, { algorithms, ...(content === undefined ? {} : { content }) }), { algorithms });
}

function octets(text: unknown): Uint8Array | undefined {
  return typeof text === 'string' && /^[A-Za-z0-9+/]*={0,2}$/.test(text) && text.length % 4 === 0 ? octetsOfBase64(text) : undefined;
}
