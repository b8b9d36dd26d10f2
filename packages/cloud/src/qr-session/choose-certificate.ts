import type { Algorithms } from '@hefu/crypto';
import { SignError, type AdapterContext, type AdapterEvent, type Credential, type SessionIO } from '@hefu/sign';
import { afterAbort } from './after-abort.js';
import { awaitUser, type JobProgress } from './await-user.js';
import { cancelJob, type JobSetup } from './job.js';
import type { JobShape, CertificateShape, QrMapping } from './mapping.js';
import { readCredential } from './read-certificate.js';

/**
 * The user shows a certificate on the phone, so that it is known before something is signed with it. What comes is a claim: the
 * certificate is judged when it is selected, and the key proves itself by the first signature.
 * @returns after its events, the credential
 * @throws SignError as `awaitUser`
 */
export async function* chooseByJob(mapping: QrMapping, shape: JobShape & { readonly certificate: CertificateShape }, setup: JobSetup, io: SessionIO, context: AdapterContext, algorithms: Algorithms): AsyncGenerator<AdapterEvent, Credential, void> {
  const progress: JobProgress = { job: undefined, ended: undefined };
  try {
    const answer = yield* awaitUser(setup, progress, io, context);
    return readCredential(answer, shape.certificate, mapping, algorithms);
  } finally {
    if (progress.job !== undefined && progress.ended === undefined) await cancelJob(setup, progress.job, afterAbort(context));
  }
}

/** Certificates are shown where the mapping says how. */
export function requireChoice({ credentials }: QrMapping): JobShape & { readonly certificate: CertificateShape } {
  if (credentials === undefined || !('choice' in credentials)) throw new SignError('ADAPTER_MISCONFIGURED', 'this provider lists certificates, and does not let them be shown', { detail: 'no-choice' });
  return credentials.choice;
}
