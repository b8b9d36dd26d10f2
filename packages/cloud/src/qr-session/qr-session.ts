import type { Algorithms } from '@hefu/crypto';
import { hexOf } from '@hefu/pki';
import { SignError, type AdapterContext, type AdapterEvent, type AdapterSession, type BeginRequest, type JsonObject, type Reconciliation, type SessionIO } from '@hefu/sign';
import { afterAbort } from './after-abort.js';
import { awaitUser, type JobProgress } from './await-user.js';
import { cancelJob, jobScope, knownJob, pollJob, type Job, type JobSetup } from './job.js';
import type { QrMapping } from './mapping.js';
import { readValues } from './read-values.js';

/** One signing by a job of the provider: its code is shown, its values are fetched; core verifies them. */
export function qrSession(mapping: QrMapping, request: BeginRequest, setup: JobSetup, resumed: Job | undefined, context: AdapterContext): AdapterSession {
  const progress: JobProgress = { job: resumed, ended: undefined };
  const values = (answer: JsonObject) => readValues(answer, mapping.sign.values, request, mapping.algorithms);
  return {
    snapshot: () => ({ requestId: request.requestId, binding: setup.binding, ...(progress.job === undefined ? {} : { job: { ...progress.job } }) }),
    async *run(io: SessionIO): AsyncGenerator<AdapterEvent, void, void> {
      const { text, labelMaxChars } = displayedText(mapping, request);
      if (labelMaxChars !== undefined && [...text].length > labelMaxChars) yield { type: 'warning', code: 'LABEL_SHORTENED', detail: { characters: labelMaxChars } };
      const answer = yield* awaitUser(setup, progress, io, context);
      yield { type: 'phase', phase: 'signing' };
      const signatures = values(answer);
      yield { type: 'signatures', signatures };
      // The job is over: what is missing now will not come.
      for (const { itemId } of request.items) {
        if (!signatures.some((each) => each.itemId === itemId)) yield { type: 'item-failed', itemId, error: new SignError('SIGNATURE_COUNT', 'the finished job lacks a value', { itemId, outcome: 'signed', detail: 'fewer' }).toJSON() };
      }
    },
    async reconcile(): Promise<Reconciliation> {
      const job = progress.job ?? (await knownJob(setup, 1));
      // No code was ever shown.
      if (job === undefined) return { state: 'not-signed' };
      const found = await pollJob(setup, (await jobScope(setup, job)).scope, context);
      if (found.state === 'signed') return { state: 'signed', signatures: values(found.answer) };
      return { state: found.state === 'dead' ? 'not-signed' : 'pending' };
    },
    async cancel() {
      progress.cancelled = true;
      if (progress.job === undefined || progress.ended === 'dead') return 'cancelled';
      if (progress.ended === 'signed') return 'too-late';
      const ending = await cancelJob(setup, progress.job, afterAbort(context));
      if (ending !== 'unknown') progress.ended = ending === 'cancelled' ? 'dead' : 'signed';
      return ending;
    },
  };
}

/** What the phone shows, before it is cut: a title only by consent, for it may name a project. */
export function displayedText({ showsLabels = false, labelMaxChars }: Pick<QrMapping, 'showsLabels' | 'labelMaxChars'>, { display, items }: BeginRequest): { readonly text: string; readonly labelMaxChars?: number } {
  const { title, locale, shareLabels, verificationCode } = display;
  const neutral = locale === 'zh-CN' ? `电子签名 ${items.length} 项，校验码 ${verificationCode}` : `Signature of ${items.length}, code ${verificationCode}`;
  return { text: showsLabels && shareLabels ? title : neutral, ...(labelMaxChars === undefined ? {} : { labelMaxChars }) };
}

/** What ties a job to what it is for: request, credential, algorithm, items and their order. */
export function bindingOf({ requestId, credential, algorithm, items }: BeginRequest, { digests }: Algorithms): string {
  const sha256 = digests.find(({ name }) => name === 'SHA-256');
  if (sha256 === undefined) throw new SignError('KEY_UNSUPPORTED', 'SHA-256 is needed');
  const text = JSON.stringify([requestId, credential.ref, algorithm.name, items.map(({ itemId, toSign }) => [itemId, toSign.kind, hexOf(toSign.value)])]);
  return hexOf(sha256.digest(new TextEncoder().encode(text)));
}
