import type { Certificate } from '@hefu/pki';
import { decodeBase64, decodeBase64url, readJson, type JsonObject, type JsonValue } from '@hefu/trust-list';
import type { JudgeCaches } from '../caches.js';
import { readContext } from '../context.js';
import type { JudgeSurroundings, JudgeValueInput } from '../judge-value.js';
import { createSpending, DEFAULT_BUDGET } from '../path/budget.js';
import type { ValidTimestamp } from '../process/best-signature-time.js';
import { sourcesOf } from '../process/place-in-time.js';
import type { TimestampReport } from '../report.js';
import { requiredSha256 } from '../required-digest.js';
import { Proofs } from '../time/proofs.js';
import { judgeTimestamp } from '../timestamp/judge-timestamp.js';
import { readKnownAt } from '../trust/knowledge.js';
import type { JwsSignature } from './parse-jws.js';

/** As for messages. */
const MAX_TIMESTAMPS = 32;
const MAX_ELEMENT_OCTETS = 1024 * 1024;

/** Judges the signature time-stamps of a JAdES signature (`sigTst` in `etsiU`, TS 119 182-1 §5.3.4): over the text of its value. */
export async function judgeJwsTimestamps(input: JudgeSurroundings & { readonly caches: JudgeCaches }, signature: JwsSignature, carried: readonly Certificate[]): Promise<JudgeValueInput['timestamps'] | undefined> {
  const { policy, algorithms, caches, trustList } = input;
  const context = readContext(input.context);
  if (!sourcesOf(policy, context.scene).includes('time-stamp')) return undefined;
  const tokens = tokensOf(signature.header).slice(0, MAX_TIMESTAMPS);
  if (tokens.length === 0) return undefined;
  const sha256 = requiredSha256(algorithms);
  const proofs = new Proofs(sha256);
  const { federation } = caches.anchorsOf(trustList, sha256);
  const { knownAt: pin, ...rest } = input;
  const knownAt = pin?.decides === 'then' ? { knownAt: readKnownAt(pin, federation) } : {};
  const reports: TimestampReport[] = [];
  const valid: ValidTimestamp[] = [];
  const octets = new TextEncoder().encode(signature.signatureText);
  for (const [index, token] of tokens.entries()) {
    const { report, time, accuracy } = await judgeTimestamp({
      ...rest, ...knownAt, context, kind: 'signature', token, octets, subject: `timestamp[${index}]`, candidateCertificates: carried, proofs, past: false,
      budget: input.budget ?? DEFAULT_BUDGET, spending: createSpending(),
    });
    reports.push(report);
    if (time !== undefined) valid.push({ kind: 'signature', time, accuracy });
  }
  return { reports, valid };
}

/** Elements are objects or texts of them in base64url (§5.3.1); those of other kinds and those that cannot be read are passed over. */
function tokensOf({ etsiU }: JsonObject): readonly Uint8Array[] {
  if (!Array.isArray(etsiU)) return [];
  return (etsiU as readonly JsonValue[]).flatMap((element) => {
    const { sigTst } = member(typeof element === 'string' ? decoded(element) : element);
    const { tstTokens } = member(sigTst);
    return Array.isArray(tstTokens) ? (tstTokens as readonly JsonValue[]).flatMap((token) => {
      const { val, encoding } = member(token);
      return typeof val === 'string' && encoding === undefined ? (decodeBase64(val) ?? []) : [];
    }) : [];
  });
}

function decoded(text: string): JsonValue | undefined {
  const octets = decodeBase64url(text);
  try {
    return octets === undefined ? undefined : readJson(octets, { maxBytes: MAX_ELEMENT_OCTETS, maxDepth: 16 });
  } catch {
    return undefined; // an element that is no JSON says nothing
  }
}

function member(value: JsonValue | undefined): JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as JsonObject) : {};
}
