import type { Certificate } from '@hefu/pki';
import type { CollectedCrl, CollectedOcsp, Evidence, EvidenceGap } from './evidence.js';
import { judgeCertificate, type CertificateVerdict, type JudgeCertificateInput } from './judge-certificate.js';

/**
 * Verdicts on certificates within one batch. `judgeCertificate` is a function of its input, so a question that is the same
 * in every member has the same answer; one that differs in any is asked anew. Owned by the caller, for one batch.
 */
export interface VerdictCache {
  judge(input: JudgeCertificateInput): Promise<CertificateVerdict>;
}

/** Questions remembered about one certificate: a company bids in a few lots, in one region. */
const MAX_QUESTIONS = 4;

type Members = Required<JudgeCertificateInput>;

/** Every member has its comparison, or this does not compile: a member that was forgotten would be a verdict on something else. */
const SAME: { readonly [K in keyof Members]: (a: Members[K] | undefined, b: Members[K] | undefined) => boolean } = {
  certificate: Object.is,
  candidateCertificates: (a, b) => sameEach(a, b, Object.is),
  evidence: sameEvidence,
  trustList: Object.is,
  kind: Object.is,
  knownAt: Object.is,
  policy: Object.is,
  algorithms: Object.is,
  at: Object.is,
  bestSignatureTime: Object.is,
  notBefore: Object.is,
  past: Object.is,
  context: sameMembers,
  budget: Object.is,
  caches: Object.is,
};
const MEMBERS = Object.keys(SAME) as readonly (keyof Members)[];

export function createVerdictCache(): VerdictCache {
  const known = new WeakMap<Certificate, { readonly question: JudgeCertificateInput; readonly verdict: Promise<CertificateVerdict> }[]>();
  return {
    judge(input) {
      // These members and no others: what is not compared cannot be looked at either, nor is a message kept by being asked about.
      const question = Object.fromEntries(MEMBERS.flatMap((member) => (input[member] === undefined ? [] : [[member, input[member]]]))) as unknown as JudgeCertificateInput;
      // Proofs of existence are about one message.
      if (question.past !== undefined) return judgeCertificate(question);
      const asked = known.get(question.certificate) ?? [];
      known.set(question.certificate, asked);
      const found = asked.find((each) => MEMBERS.every((member) => isSame(member, each.question, question)));
      if (found !== undefined) return found.verdict;
      const verdict = judgeCertificate(question);
      if (asked.length >= MAX_QUESTIONS) asked.shift();
      asked.push({ question, verdict });
      return verdict;
    },
  };
}

function isSame<K extends keyof Members>(member: K, a: JudgeCertificateInput, b: JudgeCertificateInput): boolean {
  return SAME[member](a[member] as Members[K] | undefined, b[member] as Members[K] | undefined);
}

/** Objects that were read once are the same; those of another message are not, though their octets were. */
function sameEvidence(a: Evidence | undefined, b: Evidence | undefined): boolean {
  if (a === undefined || b === undefined) return a === b;
  return (
    sameEach(a.candidateCertificates, b.candidateCertificates, Object.is) &&
    sameEach<CollectedCrl>(a.crls, b.crls, sameMembers) &&
    sameEach<CollectedOcsp>(a.ocsp ?? [], b.ocsp ?? [], sameMembers) &&
    sameEach<EvidenceGap>(a.gaps, b.gaps, sameMembers)
  );
}

function sameEach<T>(a: readonly T[] | undefined, b: readonly T[] | undefined, same: (a: T, b: T) => boolean): boolean {
  return a === b || (a !== undefined && b !== undefined && a.length === b.length && a.every((one, index) => same(one, b[index]!)));
}

/** Member by member, by identity. */
function sameMembers(a: object | undefined, b: object | undefined): boolean {
  if (a === undefined || b === undefined) return a === b;
  const [mine, theirs] = [Object.entries(a), new Map(Object.entries(b))];
  return mine.length === theirs.size && mine.every(([name, value]) => theirs.has(name) && Object.is(theirs.get(name), value));
}
