import type { Algorithms } from '@hefu/crypto';
import { SignError, type ShownChallenge } from '@hefu/sign';
import { decodeText, encodeText, macOf } from './authenticate.js';
import type { QrShape } from './mapping.js';
import { own } from './provider-calls.js';
import { fillText, type Scope } from './template.js';

export interface QrCodeInput {
  readonly shape: QrShape;
  /** With `job.*` and, behind the fragment and in the proof, `secret.*`. */
  readonly scope: Scope;
  /** Secrets of the job and the platform, none of which may stand before the fragment. */
  readonly secrets: readonly string[];
  readonly verificationCode: string;
  /** Epoch milliseconds, by the wall. */
  readonly now: number;
  readonly startedAt: number;
  readonly expiresAt: number;
  readonly algorithms: Algorithms;
}

/** Id of the challenge under which a code is replaced by the next. */
export const QR_ID = 'qr';
/** QR version 40 at level L holds 2,953 octets; a phone reads half of that at arm's length. */
const MAX_PAYLOAD = 1500;

/**
 * The code as it is to be shown now; where it rotates, until `expiresAt`, with the next one due at `refreshAt`.
 * @throws SignError ADAPTER_MISCONFIGURED for a secret in the query, or a payload no phone reads
 */
export function qrCode({ shape, scope: outer, secrets, verificationCode, now, startedAt, expiresAt, algorithms }: QrCodeInput): ShownChallenge {
  const { digests } = algorithms;
  const elapsed = Math.max(0, Math.floor((now - startedAt) / 1000));
  const timed: Scope = (name) => (name === 'qr.elapsed' ? elapsed : outer(name));
  const scope: Scope = (name) => (name.startsWith('proof.') ? proofOf(shape, name.slice('proof.'.length), timed, algorithms) : timed(name));
  const text = (template: string): string => {
    const fragment = template.indexOf('#');
    const [open, hidden] = fragment < 0 ? [template, ''] : [template.slice(0, fragment), template.slice(fragment)];
    const shown = fillText(open, { scope, digests });
    const whole = shown + fillText(hidden, { scope, digests });
    // A provider may put a secret into what it hands out: what stands before the fragment reaches servers, logs and referrers.
    const sent = whole.split('#', 1)[0]!;
    if (secrets.some((secret) => [secret, encodeURIComponent(secret)].some((form) => sent.includes(form)))) throw new SignError('ADAPTER_MISCONFIGURED', 'a secret stands in the query of a code', { detail: 'secret-in-query' });
    if (whole.length > MAX_PAYLOAD) throw new SignError('PROVIDER_PROTOCOL', 'a code too long to be read', { detail: 'qr-too-long', outcome: 'not-signed' });
    return whole;
  };
  const { payload, deepLink, shortCode, rotation } = shape;
  return {
    type: 'qr', id: QR_ID, payload: text(payload), verificationCode,
    ...(rotation === undefined ? {} : { refreshAt: now + rotation.everyMs }),
    expiresAt: rotation === undefined ? expiresAt : Math.min(expiresAt, now + rotation.maxAgeMs),
    ...(deepLink === undefined ? {} : { deepLink: text(deepLink) }),
    ...(shortCode === undefined ? {} : { shortCode: text(shortCode) }),
  };
}

function proofOf({ proofs = {} }: QrShape, name: string, scope: Scope, algorithms: Algorithms): string | undefined {
  const proof = own(proofs, name);
  if (proof === undefined) return undefined;
  const { scheme, secret, secretEncoding, over, encoding } = proof;
  const text = scope(`secret.${secret}`);
  const key = typeof text === 'string' ? decodeText(text, secretEncoding) : undefined;
  if (key === undefined || key.length === 0) throw new SignError('PROVIDER_PROTOCOL', 'the secret of the job is none', { detail: 'job-secret', outcome: 'not-signed' });
  return encodeText(macOf(scheme, key, new TextEncoder().encode(fillText(over, { scope, digests: algorithms.digests })), algorithms), encoding);
}
