import { readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import type { Algorithms } from '@hefu/crypto';
import { parseCertificate, parseCertificateList, PkiError, readSignedData, type CertificateList } from '@hefu/pki';
import { updateTrustList, type ListRole, type Trust, type TrustList } from '@hefu/trust-list';
import { createJudgeCaches, judge, planEvidence, readPolicy, reportMalformed, type JudgeCaches, type JudgeContext, type KnownAt, type Report } from '@hefu/verify';

import { takeScheme, type SchemeFiles } from './scheme.js';

/** A case.json that conforms to schema.json. */
export interface Case {
  readonly id: string;
  readonly title: { readonly zh: string; readonly en: string };
  readonly neighbour: string;
  /** Lists and role, or a scheme. */
  readonly lists?: readonly { readonly file: string; readonly at: string }[];
  readonly role?: string;
  readonly scheme?: SchemeFiles;
  readonly knownAt?: KnownAt;
  readonly expect: Expectation;
  readonly policy: string;
  readonly at: string;
  readonly bestSignatureTime?: string;
  readonly context: JudgeContext;
  readonly content?: string;
  readonly signature: string;
  readonly evidence: { readonly crls: readonly { readonly file: string; readonly url: string }[]; readonly certificates: readonly string[] };
}

export interface Expectation {
  readonly stage: 'list' | 'judge';
  readonly conclusion: 'accepted' | 'refused' | 'passed' | 'failed' | 'indeterminate';
  readonly code: string;
  readonly identity?: Readonly<Record<string, string>>;
  readonly messageVariant?: string;
  readonly warnings?: readonly string[];
}

/** How a case ended. `report` is there once the lists were accepted and the case goes on to a message. */
export interface Played {
  readonly stage: 'list' | 'judge';
  readonly conclusion: Expectation['conclusion'];
  readonly code: string;
  readonly report?: Report;
  /** Addresses of the CRLs that the report rests on, and of those that `planEvidence` asks for. */
  readonly crls?: { readonly used: readonly string[]; readonly planned: () => readonly string[] };
}

export interface PlayOptions {
  readonly algorithms: Algorithms;
  /** What is kept from case to case, as a platform keeps it; owned by the caller, one per `algorithms`. */
  readonly memory?: Memory;
}

export interface Memory {
  /** By role, lists and times of arrival. */
  readonly lists: Map<string, ListsTaken>;
  /** By path. */
  readonly crls: Map<string, CertificateList>;
  readonly caches: JudgeCaches;
}

type ListsTaken = { readonly trustList: Trust } | { readonly refused: string };

/** Plays a case from its files alone. */
export async function play(path: string, one: Case, { algorithms, memory = { lists: new Map(), crls: new Map(), caches: createJudgeCaches() } }: PlayOptions): Promise<Played> {
  const read = (file: string): Uint8Array => new Uint8Array(readFileSync(resolve(dirname(path), file)));
  const place = (file: string): string => resolve(dirname(path), file);
  const key = one.scheme === undefined ? JSON.stringify([place(one.role!), one.lists!.map(({ file, at }) => [place(file), at])]) : JSON.stringify(one.scheme, (_, value: unknown) => (typeof value === 'string' ? place(value) : value));
  const taken = memory.lists.get(key) ?? (one.scheme === undefined ? await takeLists(one, read, algorithms) : { trustList: await takeScheme(one.scheme, read, algorithms) });
  memory.lists.set(key, taken);
  if ('refused' in taken) return { stage: 'list', conclusion: 'refused', code: taken.refused };
  if (one.signature === undefined) return { stage: 'list', conclusion: 'accepted', code: 'OK' };
  const { trustList } = taken;

  const policy = readPolicy(read(one.policy));
  const at = Date.parse(one.at);
  const shared = {
    at, context: one.context, policy, trustList, algorithms, caches: memory.caches,
    ...(one.bestSignatureTime === undefined ? {} : { bestSignatureTime: Date.parse(one.bestSignatureTime) }),
    ...(one.knownAt === undefined ? {} : { knownAt: one.knownAt }),
  };
  const judged = (report: Report): Played => ({ stage: 'judge', conclusion: report.conclusion, code: report.code, report });
  let signed;
  try {
    signed = readSignedData(read(one.signature));
  } catch (error) {
    if (!(error instanceof PkiError)) throw error;
    return judged(reportMalformed(error, shared));
  }
  const certificates = one.evidence.certificates.map((file) => parseCertificate(read(file)));
  const crls = one.evidence.crls.map(({ file, url }) => {
    const full = resolve(dirname(path), file);
    const crl = memory.crls.get(full) ?? parseCertificateList(read(file));
    memory.crls.set(full, crl);
    return { url, crl };
  });
  const report = await judge({
    ...shared,
    signed,
    ...(one.content === undefined ? {} : { content: read(one.content) }),
    evidence: { candidateCertificates: certificates, crls, gaps: [] },
  });
  const used = report.signers.flatMap(({ revocation }) => revocation.flatMap(({ source }) => source?.url ?? []));
  const planned = () => planEvidence({ ...shared, signed, certificates }).wanted.flatMap(({ urls }) => urls);
  return { ...judged(report), crls: { used, planned } };
}

async function takeLists(one: Case, read: (file: string) => Uint8Array, algorithms: Algorithms): Promise<ListsTaken> {
  const role = JSON.parse(new TextDecoder().decode(read(one.role!))) as ListRole;
  let trustList: TrustList | undefined;
  for (const { file, at } of one.lists!) {
    const outcome = await updateTrustList(trustList, read(file), { role, algorithms, at: Date.parse(at) });
    if (outcome.outcome === 'refused') return { refused: outcome.code };
    trustList = outcome.trustList;
  }
  if (trustList === undefined) throw new Error(`${one.id} has no list`);
  return { trustList };
}
