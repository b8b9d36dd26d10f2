import { SignError } from '@hefu/sign';
import { CKA, CryptokiError, type Cryptoki, type CryptokiHandle } from './cryptoki.js';
import type { SigningCall } from './mechanism.js';
import { CKR_USER_ALREADY_LOGGED_IN } from './refusal.js';
import { hasPinPad, needsPin, privateKeyOf, quietly, type Token } from './token.js';

/** How the private key is found once it is visible. */
export type KeyName = Parameters<typeof privateKeyOf>[2];

/** What a session may do while it is logged in. */
export interface Turn {
  /** Every signature by the key wants a PIN of its own (CKA_ALWAYS_AUTHENTICATE). */
  readonly always: boolean;
  /** @throws CryptokiError; SignError ABORTED, while the module goes on */
  sign(call: SigningCall): Promise<Uint8Array>;
}

export interface TurnOptions {
  readonly pin: string | undefined;
  readonly signal: AbortSignal;
  /** The device asks for its PIN next. */
  readonly onPinPad?: () => Promise<void>;
}

/**
 * One turn on a token: waits until nobody else in this process has it, opens a session, logs in, finds the key, takes the step, logs
 * out. The step waits for nothing but the token.
 * @throws SignError ABORTED | KEY_MISMATCH | CERTIFICATE_NOT_FOR_SIGNING; CryptokiError; what the step throws
 */
export async function inTurn<T>(cryptoki: Cryptoki, token: Token, key: KeyName, { pin, signal, onPinPad }: TurnOptions, step: (turn: Turn) => Promise<T>): Promise<T> {
  const giveBack = await turnOn(cryptoki, token, signal);
  let session: CryptokiHandle | undefined;
  let inFlight: Promise<unknown> | undefined;
  const end = (): void => {
    const open = session;
    if (open !== undefined && needsPin(token)) quietly(() => cryptoki.logout(open));
    if (open !== undefined) quietly(() => cryptoki.closeSession(open));
    giveBack();
  };
  try {
    const opened = session = cryptoki.openSession(token.slot);
    if (needsPin(token) && hasPinPad(token)) await onPinPad?.();
    if (needsPin(token)) login(cryptoki, opened, pin);
    const object = privateKeyOf(cryptoki, opened, key);
    const always = cryptoki.attribute(opened, object, CKA.alwaysAuthenticate)?.[0] === 1;
    return await step({
      always,
      async sign({ mechanism, data }) {
        cryptoki.signInit(opened, mechanism, object);
        if (always) cryptoki.login(opened, 'context', pin);
        const value = cryptoki.sign(opened, data);
        inFlight = value.catch(() => undefined);
        const made = await orAborted(value, signal);
        inFlight = undefined;
        return made;
      },
    });
  } finally {
    // A signature that goes on after an abort still needs the session.
    if (inFlight === undefined) end();
    else void inFlight.then(end);
  }
}

const locks = new WeakMap<Cryptoki, Map<string, Promise<void>>>();

/**
 * Waits until nobody else in this process is logged in on the token. Being logged in is a state of the whole process: without a
 * turn for each, one user's PIN would authorise another's signature.
 * @returns gives the turn back
 * @throws SignError ABORTED
 */
async function turnOn(cryptoki: Cryptoki, { name }: Token, signal: AbortSignal): Promise<() => void> {
  const queue = locks.get(cryptoki) ?? new Map<string, Promise<void>>();
  locks.set(cryptoki, queue);
  const before = queue.get(name) ?? Promise.resolve();
  let release!: () => void;
  const mine = new Promise<void>((resolve) => (release = resolve));
  const tail = before.then(() => mine);
  queue.set(name, tail);
  void tail.then(() => { if (queue.get(name) === tail) queue.delete(name); });
  try {
    await orAborted(before, signal);
    return release;
  } catch (error) {
    release();
    throw error;
  }
}

/** @throws SignError ABORTED as soon as the signal is; what was waited for goes on by itself */
async function orAborted<T>(waited: Promise<T>, signal: AbortSignal): Promise<T> {
  let stop = (): void => undefined;
  const aborted = new Promise<never>((_, reject) => {
    stop = () => reject(new SignError('ABORTED', 'aborted while the token was busy'));
    if (signal.aborted) stop();
    else signal.addEventListener('abort', stop, { once: true });
  });
  try {
    return await Promise.race([waited, aborted]);
  } finally {
    signal.removeEventListener('abort', stop);
  }
}

/**
 * Logs in. A login that somebody else in the process left is ended first: the PIN given here is what authorises, so it is checked.
 * @throws CryptokiError
 */
function login(cryptoki: Cryptoki, session: CryptokiHandle, pin: string | undefined): void {
  try {
    cryptoki.login(session, 'user', pin);
  } catch (error) {
    if (!(error instanceof CryptokiError) || error.rv !== CKR_USER_ALREADY_LOGGED_IN) throw error;
    cryptoki.logout(session);
    cryptoki.login(session, 'user', pin);
  }
}
