import { createHash } from 'node:crypto';
import { type Certificate } from '@hefu/pki';
import { SignError, type AdapterEvent, type AdapterSession, type AlgorithmChoice, type BeginRequest, type Capabilities, type Clock, type Credential, type SessionIO, type SigningAdapter } from '@hefu/sign';
import { chainOf, readableCertificates } from '../chain.js';
import { keyAlgorithms } from '../key-algorithms.js';
import { CKF, type Cryptoki, type CryptokiToken } from './cryptoki.js';
import { loadCryptoki } from './load-cryptoki.js';
import { offer, signingCall, type Sm2Mechanism } from './mechanism.js';
import { signErrorOf } from './refusal.js';
import { certificatesOn, explained, hasPinPad, needsPin, tokensOf, type Token, type TokenChoice } from './token.js';
import { inTurn } from './turn.js';
import { createWrongPins, type WrongPins } from './wrong-pins.js';

export interface Pkcs11AdapterOptions extends TokenChoice {
  /** The shared library of the module, which needs the optional peer `pkcs11js`; or a module in hand. */
  readonly module: string | Cryptoki;
  /** How the token signs SM2, if it does. */
  readonly sm2?: Sm2Mechanism;
  /** Certificates that do not lie on the token: of the key with this CKA_ID, leaf first. */
  readonly certificates?: readonly { readonly id: Uint8Array; readonly chain: readonly Uint8Array[] }[];
}

/** Signatures that one PIN covers: a token knows no limit of its own. */
const BATCH = 1000;
/** Signatures in one turn: other sessions of this process wait no longer, and what was made is handed on. */
const PER_TURN = 16;
/** PINs tried in one authorisation; tokens lock after three to ten. */
const MAX_TRIES = 3;
/** A user at a PIN pad. */
const PIN_PAD_MS = 60_000;

/**
 * Keys on tokens and in HSMs by PKCS #11. Certificates are listed without a PIN; each authorisation asks for it, logs in, signs and
 * logs out, one at a time on a token in this process. Keys with CKA_ALWAYS_AUTHENTICATE ask again for every signature.
 */
export function pkcs11Adapter(options: Pkcs11AdapterOptions): SigningAdapter {
  const modul = (): Cryptoki => (typeof options.module === 'string' ? loadCryptoki(options.module) : options.module);
  const wrongPins = createWrongPins();
  return {
    info: { id: 'pkcs11', version: '1', contract: 1, kind: 'pkcs11', runtime: ['node'], halves: 'single' },
    discover: () => inOrder(() => capabilitiesOf(keysOf(modul(), options))),
    listCredentials: ({ limit }) => inOrder(() => keysOf(modul(), options).slice(0, limit).map(credentialOf)),
    begin: (request, { clock }) => inOrder(() => openSession(modul(), options, request, clock, wrongPins)),
    resume: (snapshot, request, { clock }) => inOrder(() => {
      if (snapshot['requestId'] !== request.requestId) throw new SignError('SNAPSHOT_INVALID', 'of another request');
      return openSession(modul(), options, request, clock, wrongPins);
    }),
  };
}

async function inOrder<T>(step: () => T): Promise<T> {
  try {
    return await Promise.resolve().then(step);
  } catch (error) {
    throw signErrorOf(error);
  }
}

interface TokenKey {
  readonly token: Token;
  readonly mechanisms: ReadonlySet<number>;
  readonly id: Uint8Array;
  readonly chain: readonly Certificate[];
  readonly label: string | undefined;
  readonly algorithms: readonly AlgorithmChoice[];
  /** Every algorithm it offers takes a digest. */
  readonly takesDigests: boolean;
  readonly sm2: Sm2Mechanism | undefined;
}

/** Keys by their certificates. @throws SignError DEVICE_ABSENT; CryptokiError */
function keysOf(cryptoki: Cryptoki, { certificates = [], sm2, ...choice }: Pkcs11AdapterOptions): readonly TokenKey[] {
  const tokens = tokensOf(cryptoki, choice);
  if (tokens.length === 0) throw new SignError('DEVICE_ABSENT', 'no token that fits is there');
  const keys = tokens.flatMap((token) => {
    const mechanisms = new Set(cryptoki.mechanisms(token.slot));
    const onToken = certificatesOn(cryptoki, token);
    const readable = readableCertificates([...onToken.map(({ der }) => der), ...certificates.flatMap(({ chain }) => chain)]);
    const leaves = [...onToken.map(({ id, der, label }) => ({ id, der, label })), ...certificates.flatMap(({ id, chain: [der] }) => (der === undefined ? [] : [{ id, der, label: undefined }]))];
    return leaves.flatMap(({ id, der, label }) => {
      const leaf = readable.find(({ bytes }) => Buffer.compare(bytes, der) === 0);
      if (leaf === undefined || id.length === 0 || leaf.extBasicConstraints?.ca === true) return [];
      const ways = choicesOf(leaf).map((algorithm) => [algorithm, offer(algorithm, mechanisms, sm2)] as const).filter(([, way]) => way !== undefined);
      const classical = ways.filter(([{ name }]) => name !== 'SM2-SM3' && name !== 'Ed25519');
      return ways.length === 0 ? [] : [{ token, mechanisms, id, chain: chainOf(leaf, readable), label, sm2, algorithms: ways.map(([algorithm]) => algorithm), takesDigests: classical.every(([, way]) => way === 'digest') }];
    });
  });
  return keys.filter((key, index) => keys.findIndex((other) => refOf(other) === refOf(key)) === index);
}

function choicesOf({ spki }: Certificate): readonly AlgorithmChoice[] {
  try {
    return keyAlgorithms(spki.key);
  } catch {
    return []; // a kind of key unknown here
  }
}

function refOf({ token, chain }: Pick<TokenKey, 'token' | 'chain'>): string {
  return createHash('sha256').update(token.name).update(chain[0]!.bytes).digest('hex').slice(0, 32);
}

function credentialOf(key: TokenKey): Credential {
  const { token, chain, algorithms, label } = key;
  return {
    ref: refOf(key), chain: chain.map(({ bytes }) => bytes), algorithms, keyStatus: (token.info.flags & CKF.userPinLocked) === 0 ? 'enabled' : 'locked',
    auth: authOf(token), maxPerAuthorisation: BATCH, hashBound: false, ...(label === undefined ? {} : { label }), providerData: { token: token.info.label, serial: token.info.serialNumber },
  };
}

function authOf(token: Token): Credential['auth'] & { readonly factor: 'none' | 'push' | 'pin' } {
  if (!needsPin(token)) return { factor: 'none', id: 'none' };
  return hasPinPad(token) ? { factor: 'push', id: 'pin-pad' } : { factor: 'pin', id: 'pin', label: token.info.label };
}

function capabilitiesOf(keys: readonly TokenKey[]): Capabilities {
  const algorithms = keys.flatMap((key) => key.algorithms).filter(({ name }, index, all) => all.findIndex((other) => other.name === name) === index);
  const hashesHere = keys.every(({ takesDigests }) => takesDigests);
  const sm2 = keys[0]?.sm2;
  return {
    // Octets are always possible: where the token only takes a digest, they are hashed here.
    accepts: [...(sm2?.takes === 'message' ? [] : ['sm2-e' as const]), ...(hashesHere ? (['digest', 'tbs'] as const) : (['tbs'] as const))],
    algorithms, sm2: sm2?.takes === 'message' ? { preHash: 'provider-z', id: 'default' } : { preHash: 'caller-e' },
    batch: { maxPerAuthorisation: BATCH, maxPerCall: PER_TURN, hashBound: false, extend: false },
    authorisation: [...new Set(keys.map(({ token }) => authOf(token).factor))],
    cancel: 'remote', idempotency: { kind: 'none' }, reconcile: 'poll', resumable: true, certificateKnownBeforeSigning: true, limits: {},
  };
}

function openSession(cryptoki: Cryptoki, options: Pkcs11AdapterOptions, request: BeginRequest, clock: Clock, wrongPins: WrongPins): AdapterSession {
  const key = keysOf(cryptoki, options).find((each) => refOf(each) === request.credential.ref);
  if (key === undefined) throw new SignError('NO_USABLE_CREDENTIAL', 'there is no such key on the token');
  let complete = false;
  return {
    snapshot: () => ({ requestId: request.requestId }),
    async *run(io) {
      yield { type: 'phase', phase: 'authorising' };
      yield* signAll(cryptoki, key, request, { io, clock, wrongPins });
      complete = true;
    },
    // A value that did not arrive was never used: it may be made again.
    reconcile: () => Promise.resolve({ state: 'not-signed' }),
    cancel: () => Promise.resolve(complete ? 'too-late' : 'cancelled'),
  };
}

async function* signAll(cryptoki: Cryptoki, key: TokenKey, { items, algorithm }: BeginRequest, { io, clock, wrongPins }: Surroundings): AsyncGenerator<AdapterEvent, void, void> {
  const { token } = key;
  const asks = authOf(token).factor === 'pin';
  let pin = asks ? await askPin(cryptoki, token, io) : undefined;
  yield { type: 'phase', phase: 'signing' };
  for (let done = 0, tries = 1; done < items.length; ) {
    if (io.signal.aborted) throw new SignError('ABORTED', 'aborted between two signatures');
    if (pin !== undefined && wrongPins.isKnown(token, pin)) throw new SignError('PIN_INCORRECT', 'the same wrong PIN again: not tried, so that the token does not lock', { retry: 'never' });
    const { values, always, failure } = await signInTurn(cryptoki, key, algorithm, items.slice(done, done + PER_TURN), pin, { io, clock });
    if (failure?.code === 'PIN_INCORRECT' && pin !== undefined) wrongPins.remember(token, pin);
    if (values.length > 0) yield { type: 'signatures', signatures: values.map((value, index) => ({ itemId: items[done + index]!.itemId, value, algorithmOid: algorithm.oid })) };
    done += values.length;
    if (failure !== undefined && (failure.code !== 'PIN_INCORRECT' || !asks || tries++ === MAX_TRIES)) throw failure;
    // The user confirms each use of a key that always authenticates, so his PIN is not kept for the next.
    if (asks && done < items.length && (failure !== undefined || always)) pin = await askPin(cryptoki, token, io);
  }
}

interface Surroundings {
  readonly io: SessionIO;
  readonly clock: Clock;
  readonly wrongPins: WrongPins;
}

interface TurnOutcome {
  readonly values: readonly Uint8Array[];
  readonly always: boolean;
  /** What ended it before its time; values made before stay good. */
  readonly failure: SignError | undefined;
}

async function signInTurn(cryptoki: Cryptoki, key: TokenKey, algorithm: AlgorithmChoice, items: BeginRequest['items'], pin: string | undefined, { io, clock }: Omit<Surroundings, 'wrongPins'>): Promise<TurnOutcome> {
  const values: Uint8Array[] = [];
  let always = false;
  try {
    await inTurn(cryptoki, key.token, { id: key.id }, { pin, signal: io.signal, onPinPad: () => showPinPad(io, clock) }, async (turn) => {
      always = turn.always;
      for (const { toSign } of always ? items.slice(0, 1) : items) {
        if (io.signal.aborted) return;
        values.push(await turn.sign(signingCall(algorithm, toSign, key.mechanisms, key.sm2)));
      }
    });
    return { values, always, failure: undefined };
  } catch (error) {
    return { values, always, failure: explained(cryptoki, key.token, error) };
  }
}

/** @throws SignError PIN_LOCKED, and what the user's side says */
async function askPin(cryptoki: Cryptoki, token: Token, io: SessionIO): Promise<string> {
  const { flags } = tokenNow(cryptoki, token);
  if ((flags & CKF.userPinLocked) !== 0) throw new SignError('PIN_LOCKED', 'the token says that its PIN is locked');
  const answer = await io.ask({ type: 'pin', id: 'pin', label: token.info.label, ...((flags & CKF.userPinFinalTry) === 0 ? {} : { attemptsLeft: 1 }) });
  if (answer.type !== 'pin') throw new SignError('USER_CANCELLED', 'no PIN was given');
  return answer.value;
}

function tokenNow(cryptoki: Cryptoki, token: Token): CryptokiToken {
  try {
    return cryptoki.token(token.slot);
  } catch (error) {
    throw explained(cryptoki, token, error);
  }
}

/** C_Login waits for the device and holds the whole process: what is shown must be out before. */
async function showPinPad(io: SessionIO, clock: Clock): Promise<void> {
  io.show({ type: 'push', id: 'pin-pad', channel: 'app', expiresAt: clock.now() + PIN_PAD_MS });
  await new Promise((resolve) => { setImmediate(resolve); });
}
