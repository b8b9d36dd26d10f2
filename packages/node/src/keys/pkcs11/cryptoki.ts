/** A handle of a slot, session or object, as the module gave it. */
export type CryptokiHandle = Uint8Array;

export interface CryptokiToken {
  /** Without the blanks that fill it. */
  readonly label: string;
  readonly serialNumber: string;
  readonly manufacturer: string;
  /** CKF_ of CK_TOKEN_INFO. */
  readonly flags: number;
}

export interface CryptokiMechanism {
  /** CKM_. */
  readonly mechanism: number;
  /** CK_RSA_PKCS_PSS_PARAMS, or octets as a vendor documents them. */
  readonly parameter?: { readonly hashAlgorithm: number; readonly mgf: number; readonly saltLength: number } | Uint8Array;
}

/**
 * What of PKCS #11 (v2.40 §5) is used here: the port between Hefu and a module. Every function throws {@link CryptokiError} and
 * nothing else. `loadCryptoki` makes one of a module's file; tests and bindings of another kind bring their own.
 */
export interface Cryptoki {
  /** Slots with a token in them, asked anew each time. */
  slots(): readonly CryptokiHandle[];
  slotNumber(slot: CryptokiHandle): number;
  token(slot: CryptokiHandle): CryptokiToken;
  mechanisms(slot: CryptokiHandle): readonly number[];
  openSession(slot: CryptokiHandle): CryptokiHandle;
  closeSession(session: CryptokiHandle): void;
  /** @param pin undefined where the device asks for it by itself */
  login(session: CryptokiHandle, user: 'user' | 'context', pin: string | undefined): void;
  logout(session: CryptokiHandle): void;
  /** Objects whose attributes are these. */
  find(session: CryptokiHandle, template: { readonly class: number; readonly id?: Uint8Array; readonly label?: string }): readonly CryptokiHandle[];
  /** Undefined when the object has none, or does not show it. */
  attribute(session: CryptokiHandle, object: CryptokiHandle, type: number): Uint8Array | undefined;
  signInit(session: CryptokiHandle, mechanism: CryptokiMechanism, key: CryptokiHandle): void;
  sign(session: CryptokiHandle, data: Uint8Array): Promise<Uint8Array>;
}

/** A function of the module did not return CKR_OK. */
export class CryptokiError extends Error {
  override readonly name = 'CryptokiError';
  /** CKR_, or undefined when the binding itself failed. */
  readonly rv: number | undefined;
  readonly functionName: string;
  constructor(functionName: string, rv: number | undefined) {
    super(`${functionName}: ${rv === undefined ? 'the binding failed' : `0x${rv.toString(16)}`}`);
    this.functionName = functionName;
    this.rv = rv;
  }
}

export const CKO = { certificate: 1, publicKey: 2, privateKey: 3 } as const;
export const CKA = { label: 0x03, value: 0x11, keyType: 0x100, id: 0x102, sign: 0x108, modulus: 0x120, publicExponent: 0x122, ecPoint: 0x181, ecParams: 0x180, alwaysAuthenticate: 0x202 } as const;
export const CKF = { loginRequired: 0x04, protectedAuthenticationPath: 0x100, tokenInitialized: 0x400, userPinFinalTry: 0x20000, userPinLocked: 0x40000 } as const;
export const CKM = {
  rsaPkcs: 0x01, rsaPkcsPss: 0x0d, sha256RsaPkcs: 0x40, sha384RsaPkcs: 0x41, sha512RsaPkcs: 0x42, sha256RsaPkcsPss: 0x43,
  sha256: 0x250, ecdsa: 0x1041, ecdsaSha256: 0x1044, ecdsaSha384: 0x1045, ecdsaSha512: 0x1046, eddsa: 0x1057,
} as const;
export const CKG_MGF1_SHA256 = 2;
