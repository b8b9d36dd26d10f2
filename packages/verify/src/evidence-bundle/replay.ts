import type { Algorithms } from '@hefu/crypto';
import { parseCertificate, parseCertificateList, parseOcspResponse, PkiError, readSignedData, type SignedData } from '@hefu/pki';
import type { Trust } from '@hefu/trust-list';
import type { JudgeCaches } from '../caches.js';
import type { Evidence } from '../evidence.js';
import type { JudgeInput } from '../judge-message.js';
import { judge } from '../judge.js';
import type { Policy } from '../policy.js';
import { readPolicy } from '../policy-reader.js';
import type { Report } from '../report.js';
import { reportMalformed } from '../report-malformed.js';
import { EvidenceError } from './error.js';
import { serialize } from './fields.js';
import type { EvidenceManifest, StoredCircumstances, StoredEvidence } from './model.js';
import { describeFile, isFile } from './objects.js';
import type { ReplayCache } from './replay-cache.js';

/** A message and what it was judged by, read again from octets. */
export interface Replay {
  readonly signature: Uint8Array;
  readonly content?: Uint8Array;
  readonly evidence: Evidence;
  readonly trust: Trust;
  readonly policy: Policy;
  readonly circumstances: StoredCircumstances;
}

/** The octets of a report as bundles keep it: JSON in UTF-8 without white space. */
export function reportBytes(report: Report): Uint8Array {
  return serialize(report);
}

/** Judges octets: a message that cannot be read is a verdict too. */
export async function judgeReplay(replay: Replay, { algorithms, caches }: { readonly algorithms: Algorithms; readonly caches?: JudgeCaches }): Promise<Report> {
  const { signature, content, evidence, trust, policy, circumstances } = replay;
  const { at, bestSignatureTime, knownAt, proofs, gaps: _, ...context } = circumstances;
  const base = { at, context, policy, trustList: trust, algorithms, ...(bestSignatureTime === undefined ? {} : { bestSignatureTime }) };
  let signed: SignedData;
  try {
    signed = readSignedData(signature);
  } catch (error) {
    if (!(error instanceof PkiError)) throw error;
    return reportMalformed(error, base);
  }
  const input: JudgeInput = {
    ...base, signed, evidence,
    ...(content === undefined ? {} : { content }),
    ...(knownAt === undefined ? {} : { knownAt }),
    ...(proofs === undefined ? {} : { proofs }),
    ...(caches === undefined ? {} : { caches }),
  };
  return judge(input);
}

/**
 * What a manifest keeps, read again.
 * @param brought the signed file, where the bundle does not hold it
 * @throws EvidenceError EVIDENCE_CONTENT_…; those of `objects`
 */
export async function readReplay(
  manifest: EvidenceManifest,
  objects: (sha256: string) => Promise<Uint8Array>,
  trust: Trust,
  { algorithms, content: brought, parsed }: { readonly algorithms: Algorithms; readonly content?: Uint8Array; readonly parsed?: ReplayCache['parsed'] },
): Promise<Replay> {
  const { content } = manifest;
  if (content !== undefined && brought !== undefined && !isFile(describeFile(brought, algorithms), content)) {
    throw new EvidenceError('EVIDENCE_CONTENT_DIFFERS', `the signed file of ${manifest.id} is another one: its SHA-256 is not ${content.sha256}`);
  }
  if (content !== undefined && !content.kept && brought === undefined) {
    throw new EvidenceError('EVIDENCE_CONTENT_WANTED', `the signed file of ${manifest.id} was not kept: bring the one whose SHA-256 is ${content.sha256}`);
  }
  const octets = content === undefined ? undefined : (brought ?? (await objects(content.sha256)));
  return {
    signature: await objects(manifest.signature),
    ...(octets === undefined ? {} : { content: octets }),
    evidence: await readEvidence(manifest.evidence, manifest.circumstances, objects, parsed ?? new WeakMap()),
    trust,
    policy: readPolicy(await objects(manifest.policy)),
    circumstances: manifest.circumstances,
  };
}

async function readEvidence(stored: readonly StoredEvidence[], { gaps }: StoredCircumstances, objects: (sha256: string) => Promise<Uint8Array>, parsed: ReplayCache['parsed']): Promise<Evidence> {
  const once = <T extends object>(bytes: Uint8Array, parse: (bytes: Uint8Array) => T): T => {
    const known = parsed.get(bytes) ?? parse(bytes);
    parsed.set(bytes, known as Parameters<typeof parsed.set>[1]);
    return known as T;
  };
  const evidence = { candidateCertificates: [] as Evidence['candidateCertificates'][number][], crls: [] as Evidence['crls'][number][], ocsp: [] as NonNullable<Evidence['ocsp']>[number][], gaps };
  for (const { kind, sha256, url, fetchedAt, nonce } of stored) {
    const bytes = await objects(sha256);
    const from = { ...(url === undefined ? {} : { url }), ...(fetchedAt === undefined ? {} : { fetchedAt }) };
    if (kind === 'certificate') evidence.candidateCertificates.push(once(bytes, parseCertificate));
    else if (kind === 'crl') evidence.crls.push({ crl: once(bytes, parseCertificateList), ...from });
    else evidence.ocsp.push({ response: once(bytes, parseOcspResponse), ...from, ...(nonce === undefined ? {} : { nonce: { sent: octetsOf(nonce.sent), ...(nonce.required === undefined ? {} : { required: nonce.required }) } }) });
  }
  return evidence;
}

function octetsOf(hex: string): Uint8Array {
  return Uint8Array.from({ length: hex.length / 2 }, (_, index) => Number.parseInt(hex.slice(2 * index, 2 * index + 2), 16));
}
