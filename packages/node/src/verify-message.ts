import type { Algorithms } from '@hefu/crypto';
import { PkiError, readSignedData, type SignedData } from '@hefu/pki';
import type { Trust } from '@hefu/trust-list';
import type { crlAcceptance, Updater } from '@hefu/updater';
import { evidenceSettles, judge, ocspCounts, planEvidence, reportMalformed, type Evidence, type JudgeCaches, type JudgeContext, type Policy, type Report } from '@hefu/verify';
import type { BatchEvidence } from './batch/batch-evidence.js';
import { staleCrlGaps, type CrlFiles } from './crl-files.js';
import type { NodeLimits } from './limits.js';
import { readContent } from './read-content.js';
import { readRequest, type VerifyRequest } from './read-request.js';

/** What a verifier judges messages with, for as long as it lives. */
export interface MessageTools {
  readonly policy: Policy;
  readonly algorithms: Algorithms;
  readonly limits: NodeLimits;
  readonly online: boolean;
  readonly updater: Pick<Updater, 'gather'>;
  readonly acceptCrl: ReturnType<typeof crlAcceptance>;
  readonly crlFiles: CrlFiles;
}

/** What verifications are judged by: pinned when one, or a batch of them, begins. */
export interface Pinned {
  readonly trust: Trust;
  readonly at: number;
  readonly caches: JudgeCaches;
  /** Of this call alone, so that listeners do not pile up on a shared one. */
  readonly signal: AbortSignal;
  /** In a batch: what was gathered for the same question serves again. */
  readonly gathered?: BatchEvidence;
}

/** The circumstances of a verdict, whether or not the message can be read. */
export interface Asked {
  /** The message as it was brought. */
  readonly signature: Uint8Array | string;
  readonly context: JudgeContext;
  readonly at: number;
  readonly bestSignatureTime?: number;
}

/** A message ready to be judged: everything is gathered, nothing is settled, the content is still where it was. */
export interface PreparedMessage extends Asked {
  readonly signed: SignedData;
  readonly content: VerifyRequest['content'];
  readonly onProgress: VerifyRequest['onProgress'];
  readonly evidence: Evidence;
}

export type Prepared = { readonly asked: Asked; readonly report: Report } | { readonly asked: Asked; readonly message: PreparedMessage };

/**
 * Reads a request but for its content, plans and gathers. A message that cannot be read has its report already.
 * @throws as `verify` of a verifier
 */
export async function prepareMessage(request: VerifyRequest, { trust, at: now, caches, signal, gathered: shared }: Pinned, tools: MessageTools): Promise<Prepared> {
  const { policy, algorithms, limits } = tools;
  const at = request.at ?? now;
  const proven = request.bestSignatureTime === undefined ? {} : { bestSignatureTime: request.bestSignatureTime };
  const { context, signature, content, crls: brought, candidateCertificates } = await readRequest(request, limits);
  const asked = { signature, context, at, ...proven };
  let signed: SignedData;
  try {
    signed = readSignedData(signature);
  } catch (error) {
    if (!(error instanceof PkiError)) throw error;
    return { asked, report: reportMalformed(error, { at, context, policy, trustList: trust, algorithms, ...proven }) };
  }
  const question = { signed, certificates: candidateCertificates, trustList: trust, policy, algorithms, at, context, caches, ...proven };

  const gather = async (): Promise<Evidence> => {
    const plan = planEvidence(question);
    const accepts = tools.acceptCrl(signed, trust, candidateCertificates);
    const kept = await tools.crlFiles.current();
    const crls = [...brought, ...kept.crls];
    const gathered = await tools.updater.gather(plan, {
      cache: tools.online ? 'first' : 'only',
      signal,
      acceptCrl: accepts,
      acceptOcsp: ocspCounts({ ...question, brought: { crls } }),
      settles: evidenceSettles({ ...question, brought: { crls } }),
    });
    const gaps = [...gathered.gaps, ...kept.gaps, ...(await staleCrlGaps(kept.crls, at, accepts))];
    return { ...gathered, candidateCertificates, crls: [...crls, ...gathered.crls], gaps };
  };

  // What somebody brings, or may call off, is theirs alone.
  const own = shared === undefined || brought.length > 0 || request.signal !== undefined;
  const evidence = await (own ? gather() : shared.of(question, gather));
  return { asked, message: { ...asked, signed, content, onProgress: request.onProgress, evidence } };
}

/** @throws NodeError FILE_…; UpdaterError ABORTED */
export async function judgeMessage({ signed, content: given, onProgress, evidence, context, at, bestSignatureTime }: Omit<PreparedMessage, 'signature'>, { trust, caches, signal }: Pick<Pinned, 'trust' | 'caches' | 'signal'>, { policy, algorithms, limits }: Pick<MessageTools, 'policy' | 'algorithms' | 'limits'>): Promise<Report> {
  const { candidateCertificates } = evidence;
  const content = await readContent(given, signed, { algorithms, candidateCertificates, signal, maxContentBytes: limits.maxContentBytes, ...(onProgress === undefined ? {} : { onProgress }) });
  return judge({
    signed, evidence, trustList: trust, policy, algorithms, at, context, caches,
    ...(content === undefined ? {} : { content }),
    ...(bestSignatureTime === undefined ? {} : { bestSignatureTime }),
  });
}
