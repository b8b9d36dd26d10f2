import { SignError } from '@hefu/sign';
import { CKA, CKF, CKO, CryptokiError, type Cryptoki, type CryptokiHandle, type CryptokiToken } from './cryptoki.js';
import { signErrorOf } from './refusal.js';

/** Which token: all given must fit. With none, every token of the module. */
export interface TokenChoice {
  readonly token?: string;
  readonly serial?: string;
  readonly slot?: number;
}

export interface Token {
  readonly slot: CryptokiHandle;
  readonly info: CryptokiToken;
  /** Names it beyond its slot, which another token may come into. */
  readonly name: string;
}

/**
 * The tokens that are there, were initialised and fit. One that fails, or is pulled meanwhile, does not hide the others.
 * @throws CryptokiError when a token fails and no other fits
 */
export function tokensOf(cryptoki: Cryptoki, { token, serial, slot: number }: TokenChoice): readonly Token[] {
  const found: Token[] = [];
  let failure: CryptokiError | undefined;
  for (const slot of cryptoki.slots()) {
    if (number !== undefined && cryptoki.slotNumber(slot) !== number) continue;
    try {
      const info = cryptoki.token(slot);
      if ((info.flags & CKF.tokenInitialized) === 0 || (token !== undefined && info.label !== token) || (serial !== undefined && info.serialNumber !== serial)) continue;
      found.push({ slot, info, name: `${info.manufacturer}/${info.serialNumber}/${info.label}` });
    } catch (error) {
      if (!(error instanceof CryptokiError)) throw error;
      failure ??= error;
    }
  }
  if (found.length === 0 && failure !== undefined) throw failure;
  return found;
}

export function withSession<T>(cryptoki: Cryptoki, { slot }: Token, step: (session: CryptokiHandle) => T): T {
  const session = cryptoki.openSession(slot);
  try {
    return step(session);
  } finally {
    quietly(() => cryptoki.closeSession(session));
  }
}

/** A certificate on a token, which tokens show without a PIN, and the identifier that its private key bears too. */
export interface TokenCertificate {
  readonly id: Uint8Array;
  readonly der: Uint8Array;
  readonly label: string | undefined;
}

export function certificatesOn(cryptoki: Cryptoki, token: Token): readonly TokenCertificate[] {
  return withSession(cryptoki, token, (session) => cryptoki.find(session, { class: CKO.certificate }).flatMap((object) => {
    const der = cryptoki.attribute(session, object, CKA.value);
    if (der === undefined || der.length === 0) return [];
    const label = cryptoki.attribute(session, object, CKA.label);
    return [{ der, id: cryptoki.attribute(session, object, CKA.id) ?? new Uint8Array(0), label: label === undefined || label.length === 0 ? undefined : new TextDecoder().decode(label) }];
  }));
}

/** Ends what may have ended by itself, as by a token that was pulled. */
export function quietly(step: () => void): void {
  try {
    step();
  } catch (error) {
    if (!(error instanceof CryptokiError)) throw error;
  }
}

/**
 * The private key with this identifier or label, after login.
 * @throws SignError KEY_MISMATCH when there is none; CERTIFICATE_NOT_FOR_SIGNING; CryptokiError
 */
export function privateKeyOf(cryptoki: Cryptoki, session: CryptokiHandle, { id, label }: { readonly id?: Uint8Array; readonly label?: string }): CryptokiHandle {
  const keys = cryptoki.find(session, { class: CKO.privateKey, ...(id === undefined ? {} : { id }), ...(label === undefined ? {} : { label }) });
  if (keys.length === 0) throw new SignError('KEY_MISMATCH', 'no private key on the token bears the identifier or label');
  const signing = keys.find((key) => cryptoki.attribute(session, key, CKA.sign)?.[0] !== 0);
  if (signing === undefined) throw new SignError('CERTIFICATE_NOT_FOR_SIGNING', 'the key on the token does not sign (CKA_SIGN)');
  return signing;
}

/** A module's error, said of the token: a session that is gone because its token was pulled is the latter. */
export function explained(cryptoki: Cryptoki, token: Token, error: unknown): SignError {
  const explanation = signErrorOf(error);
  if (!['AUTH_EXPIRED', 'PROVIDER_UNAVAILABLE', 'ADAPTER_MISCONFIGURED'].includes(explanation.code) || isPresent(cryptoki, token)) return explanation;
  return new SignError('DEVICE_ABSENT', `${explanation.message}; the token is gone`, { cause: explanation, outcome: 'not-signed', ...(explanation.provider === undefined ? {} : { provider: explanation.provider }) });
}

function isPresent(cryptoki: Cryptoki, { name }: Token): boolean {
  try {
    return tokensOf(cryptoki, {}).some((each) => each.name === name);
  } catch {
    return false;
  }
}

export const needsPin = ({ info }: Token): boolean => (info.flags & CKF.loginRequired) !== 0;
export const hasPinPad = ({ info }: Token): boolean => (info.flags & CKF.protectedAuthenticationPath) !== 0;
