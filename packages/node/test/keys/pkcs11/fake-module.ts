import { createPrivateKey, privateEncrypt, sign as opensslSign, constants } from 'node:crypto';
import { p256 } from '@noble/curves/nist.js';
import { decodeEcdsaSignature } from '@hefu/crypto';
import type { Company } from '../../../../sandbox/dist/index.js';
import { CryptokiError, type Cryptoki, type CryptokiHandle, type CryptokiMechanism } from '../../../src/index.js';

export const FAKE_PIN = '73051946820517';
export const SM2_E = 0x80000107;
export const SM2_MESSAGE = 0x80000108;

export interface FakeOptions {
  readonly companies: readonly Company[];
  readonly mechanisms?: readonly number[];
  /** Of every key. */
  readonly alwaysAuthenticate?: boolean;
  readonly flags?: number;
  /** CKA_ID of private keys, where it is not that of the certificate. */
  readonly otherIds?: boolean;
  readonly signs?: boolean;
}

/** A PKCS #11 module in memory, for what no module at hand can be made to do: pulled tokens, vendors' mechanisms, failures at will. */
export class FakeModule implements Cryptoki {
  readonly #options: FakeOptions;
  present = true;
  loggedIn = false;
  tries = 3;
  /** The next answers of a function, by its C_ name; 0 is CKR_OK. */
  readonly answers = new Map<string, number[]>();
  readonly calls: string[] = [];
  readonly #sessions = new Map<number, { mechanism?: CryptokiMechanism; key?: Company; needsContext?: boolean }>();
  #last = 0;
  /** Called while a signature is being made. */
  onSign: () => Promise<void> | void = () => undefined;

  constructor(options: FakeOptions) {
    this.#options = options;
  }

  get openSessions(): number {
    return this.#sessions.size;
  }

  fail(functionName: string, ...rvs: readonly number[]): this {
    this.answers.set(functionName, [...rvs]);
    return this;
  }

  pull(): void {
    this.present = false;
    this.loggedIn = false;
    this.#sessions.clear();
  }

  slots(): readonly CryptokiHandle[] {
    this.#enter('C_GetSlotList');
    return this.present ? [handle(1)] : [];
  }

  slotNumber(): number {
    return 7;
  }

  token(): ReturnType<Cryptoki['token']> {
    this.#enter('C_GetTokenInfo');
    if (!this.present) throw new CryptokiError('C_GetTokenInfo', 0xe0);
    const { flags = 0x04 } = this.#options;
    return { label: 'TOKEN', serialNumber: '0001', manufacturer: 'HEFU', flags: flags | 0x400 | (this.tries === 1 ? 0x20000 : 0) | (this.tries === 0 ? 0x40000 : 0) };
  }

  mechanisms(): readonly number[] {
    return this.#options.mechanisms ?? [0x01, 0x1041, SM2_E];
  }

  openSession(): CryptokiHandle {
    this.#enter('C_OpenSession');
    if (!this.present) throw new CryptokiError('C_OpenSession', 0xe0);
    this.#sessions.set(++this.#last, {});
    return handle(this.#last);
  }

  closeSession(session: CryptokiHandle): void {
    this.#session('C_CloseSession', session);
    this.#sessions.delete(numberOf(session));
    if (this.#sessions.size === 0) this.loggedIn = false;
  }

  login(session: CryptokiHandle, user: 'user' | 'context', pin: string | undefined): void {
    const state = this.#session('C_Login', session);
    if (user === 'user' && this.loggedIn) throw new CryptokiError('C_Login', 0x100);
    if (this.tries === 0) throw new CryptokiError('C_Login', 0xa4);
    if (pin !== undefined && pin !== FAKE_PIN) {
      this.tries--;
      throw new CryptokiError('C_Login', 0xa0);
    }
    this.tries = 3;
    if (user === 'user') this.loggedIn = true;
    else state.needsContext = false;
  }

  logout(session: CryptokiHandle): void {
    this.#session('C_Logout', session);
    this.loggedIn = false;
  }

  find(session: CryptokiHandle, { class: type, id }: { readonly class: number; readonly id?: Uint8Array }): readonly CryptokiHandle[] {
    this.#session('C_FindObjects', session);
    if (type === 3 && !this.loggedIn && ((this.#options.flags ?? 4) & 4) !== 0) return [];
    if (type !== 1 && type !== 3) return [];
    return this.#options.companies.flatMap((_, index) => (id === undefined || id[0] === index + 1 + (this.#options.otherIds === true ? 100 : 0) ? [handle(type * 1000 + index)] : []));
  }

  attribute(session: CryptokiHandle, object: CryptokiHandle, type: number): Uint8Array | undefined {
    this.#session('C_GetAttributeValue', session);
    const number = numberOf(object);
    const index = number % 1000;
    switch (type) {
      case 0x102: return Uint8Array.of(index + 1);
      case 0x03: return new TextEncoder().encode(`key ${index}`);
      case 0x11: return number < 2000 ? this.#options.companies[index]!.sign.certificate : undefined;
      case 0x108: return Uint8Array.of(this.#options.signs === false ? 0 : 1);
      case 0x202: return Uint8Array.of(this.#options.alwaysAuthenticate === true ? 1 : 0);
      default: return undefined;
    }
  }

  signInit(session: CryptokiHandle, mechanism: CryptokiMechanism, key: CryptokiHandle): void {
    const state = this.#session('C_SignInit', session);
    if (!this.mechanisms().includes(mechanism.mechanism)) throw new CryptokiError('C_SignInit', 0x70);
    state.mechanism = mechanism;
    state.key = this.#options.companies[numberOf(key) % 1000]!;
    state.needsContext = this.#options.alwaysAuthenticate === true;
  }

  async sign(session: CryptokiHandle, data: Uint8Array): Promise<Uint8Array> {
    const { mechanism, key, needsContext } = this.#session('C_Sign', session);
    if (needsContext === true || !this.loggedIn) throw new CryptokiError('C_Sign', 0x101);
    await this.onSign();
    this.#session('C_Sign', session);
    return valueOf(key!, mechanism!.mechanism, data);
  }

  #session(functionName: string, session: CryptokiHandle): { mechanism?: CryptokiMechanism; key?: Company; needsContext?: boolean } {
    this.#enter(functionName);
    const state = this.#sessions.get(numberOf(session));
    if (state === undefined) throw new CryptokiError(functionName, 0xb3);
    return state;
  }

  #enter(functionName: string): void {
    this.calls.push(functionName);
    const rv = this.answers.get(functionName)?.shift() ?? 0;
    if (rv !== 0) throw new CryptokiError(functionName, rv);
  }
}

function valueOf({ sign: { key } }: Company, mechanism: number, data: Uint8Array): Uint8Array {
  const privateKey = (): ReturnType<typeof createPrivateKey> => createPrivateKey({ key: Buffer.from(key.pkcs8Der), format: 'der', type: 'pkcs8' });
  switch (mechanism) {
    case 0x01: return new Uint8Array(privateEncrypt({ key: privateKey(), padding: constants.RSA_PKCS1_PADDING }, data));
    case 0x40: return new Uint8Array(opensslSign('sha256', data, privateKey()));
    case 0x1041: return p256.sign(data, new Uint8Array(Buffer.from(privateKey().export({ format: 'jwk' }).d!, 'base64url')), { prehash: false, format: 'compact' });
    case 0x1044: return new Uint8Array(opensslSign('sha256', data, { key: privateKey(), dsaEncoding: 'ieee-p1363' }));
    case SM2_E: return decodeEcdsaSignature(key.signDigest(data), 32)!;
    case SM2_MESSAGE: return key.sign(data);
    default: throw new CryptokiError('C_Sign', 0x70);
  }
}

const handle = (number: number): CryptokiHandle => Uint8Array.of(number >> 16, number >> 8, number);
const numberOf = (octets: CryptokiHandle): number => (octets[0]! << 16) | (octets[1]! << 8) | octets[2]!;
