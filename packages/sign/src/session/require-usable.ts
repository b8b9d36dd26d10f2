import type { Algorithms } from '@hefu/crypto';
import { indicationOf } from '@hefu/verify';
import type { Capabilities, Credential } from '../adapter/index.js';
import { SignError } from '../error.js';
import type { MessageForm } from './message-form.js';
import type { Judgement } from './ports.js';
import { assessCredential, type CredentialReason } from './select-credential.js';

export interface RequireUsableInput {
  readonly credential: Credential;
  readonly capabilities: Capabilities;
  readonly algorithms: Algorithms;
  /** As chosen. */
  readonly form: MessageForm;
  readonly judgement: Judgement;
  /** Epoch milliseconds, server time. */
  readonly at: number;
  readonly deadline?: number;
  readonly uscc?: string;
}

/**
 * Judges the chosen credential as `selectCredential` does, by what its messages will be judged by: a PIN is not spent on a
 * signature that nobody will take. Where `judgement.accept` takes messages that are indeterminate, what is merely open about the
 * certificate, as its revocation, is no obstacle; an expired or revoked one always is.
 * @throws SignError with the first reason: CERT_EXPIRED, CERT_REVOKED, CERT_NOT_TRUSTED, CREDENTIAL_LOCKED, ORGANISATION_MISMATCH, FORM_REFUSED, …; `detail` is the judge's code
 */
export async function requireUsableCredential({ judgement, credential, ...rest }: RequireUsableInput): Promise<void> {
  const { accept = ['passed'], ...judging } = judgement;
  const { reasons } = await assessCredential(credential, { ...judging, ...rest });
  const obstacle = reasons.find((reason) => !(accept.includes('indeterminate') && isOpen(reason)));
  if (obstacle === undefined) return;
  const verdict = reasons.flatMap(({ reason }) => reason?.code ?? []);
  throw new SignError(obstacle.code, `the credential cannot be used: ${obstacle.reason?.code ?? obstacle.code}`, {
    outcome: 'not-signed', ...(obstacle.reason === undefined ? {} : { detail: obstacle.reason.code }), ...(verdict.length === 0 ? {} : { verdict }),
  });
}

function isOpen({ code, reason }: CredentialReason): boolean {
  return code === 'CERT_NOT_TRUSTED' && reason !== undefined && indicationOf(reason.code).conclusion === 'indeterminate';
}
