import { createRequire } from 'node:module';
import { NodeError } from '../../error.js';
import { plainOctets } from '../../plain-octets.js';
import { CKA, CryptokiError, type Cryptoki, type CryptokiHandle, type CryptokiMechanism } from './cryptoki.js';

/** What is used of the package `pkcs11js`, an optional peer: a native addon, built where it is installed. */
interface Pkcs11 {
  load(module: string): void;
  C_Initialize(options: { readonly flags: number }): void;
  C_GetSlotList(tokenPresent: boolean): Buffer[];
  C_GetTokenInfo(slot: Buffer): { readonly label: string; readonly serialNumber: string; readonly manufacturerID: string; readonly flags: number };
  C_GetMechanismList(slot: Buffer): number[];
  C_OpenSession(slot: Buffer, flags: number): Buffer;
  C_CloseSession(session: Buffer): void;
  C_Login(session: Buffer, user: number, pin?: string): void;
  C_Logout(session: Buffer): void;
  C_FindObjectsInit(session: Buffer, template: readonly object[]): void;
  C_FindObjects(session: Buffer, count: number): Buffer[];
  C_FindObjectsFinal(session: Buffer): void;
  C_GetAttributeValue(session: Buffer, object: Buffer, template: readonly { readonly type: number }[]): { readonly value: Buffer }[];
  C_SignInit(session: Buffer, mechanism: object, key: Buffer): void;
  C_SignAsync(session: Buffer, data: Buffer, room: Buffer): Promise<Buffer>;
}

const CKF_SERIAL_SESSION = 4;
const CKF_OS_LOCKING_OK = 2;
const CKU = { user: 1, context: 2 } as const;
const CKA_CLASS = 0;
const CK_PARAMS_RSA_PSS = 5;
const CKR_ATTRIBUTE_SENSITIVE = 0x11;
const CKR_ATTRIBUTE_TYPE_INVALID = 0x12;
const CKR_CRYPTOKI_ALREADY_INITIALIZED = 0x191;
/** Octets of a signature: RSA of 16384 bits. */
const LONGEST_SIGNATURE = 2048;
const OBJECTS_AT_A_TIME = 64;
const MAX_OBJECTS = 4096;

/** A module is initialised once in a process, which all that use it share, and stays so: others in the process may use it too. */
const loaded = new Map<string, Cryptoki>();

/**
 * The PKCS #11 module in a shared library, as `/usr/lib/softhsm/libsofthsm2.so`.
 * @throws NodeError PKCS11_UNAVAILABLE when `pkcs11js` is not installed, or the file is no module; CryptokiError
 */
export function loadCryptoki(module: string): Cryptoki {
  const known = loaded.get(module);
  if (known !== undefined) return known;
  const binding = bindingOf();
  const pkcs11 = new binding.PKCS11();
  try {
    pkcs11.load(module);
  } catch (cause) {
    throw new NodeError('PKCS11_UNAVAILABLE', `${module} cannot be loaded as a PKCS #11 module: check the path, and that it is built for this machine (${process.arch})`, { cause, path: module });
  }
  try {
    called('C_Initialize', () => pkcs11.C_Initialize({ flags: CKF_OS_LOCKING_OK }));
  } catch (error) {
    if (!(error instanceof CryptokiError) || error.rv !== CKR_CRYPTOKI_ALREADY_INITIALIZED) throw error;
  }
  const cryptoki = cryptokiOver(pkcs11);
  loaded.set(module, cryptoki);
  return cryptoki;
}

function bindingOf(): { readonly PKCS11: new () => Pkcs11 } {
  try {
    return createRequire(import.meta.url)('pkcs11js') as { readonly PKCS11: new () => Pkcs11 };
  } catch (cause) {
    throw new NodeError('PKCS11_UNAVAILABLE', 'PKCS #11 needs the package pkcs11js beside @hefu/node: npm install pkcs11js (a C++ compiler is needed, as it is built there)', { cause });
  }
}

const buffer = (octets: Uint8Array): Buffer => Buffer.from(octets.buffer, octets.byteOffset, octets.length);

function cryptokiOver(pkcs11: Pkcs11): Cryptoki {
  return {
    slots: () => called('C_GetSlotList', () => pkcs11.C_GetSlotList(true)),
    // CK_ULONG of this machine.
    slotNumber: (slot) => Number(slot.length === 4 ? buffer(slot).readUInt32LE() : buffer(slot).readBigUInt64LE()),
    token: (slot) => called('C_GetTokenInfo', () => {
      const { label, serialNumber, manufacturerID, flags } = pkcs11.C_GetTokenInfo(buffer(slot));
      return { label: unfilled(label), serialNumber: unfilled(serialNumber), manufacturer: unfilled(manufacturerID), flags };
    }),
    mechanisms: (slot) => called('C_GetMechanismList', () => pkcs11.C_GetMechanismList(buffer(slot))),
    openSession: (slot) => called('C_OpenSession', () => pkcs11.C_OpenSession(buffer(slot), CKF_SERIAL_SESSION)),
    closeSession: (session) => called('C_CloseSession', () => pkcs11.C_CloseSession(buffer(session))),
    login: (session, user, pin) => called('C_Login', () => pkcs11.C_Login(buffer(session), CKU[user], pin)),
    logout: (session) => called('C_Logout', () => pkcs11.C_Logout(buffer(session))),
    find: (session, { class: type, id, label }) => findAll(pkcs11, buffer(session), [
      { type: CKA_CLASS, value: type }, ...(id === undefined ? [] : [{ type: CKA.id, value: buffer(id) }]), ...(label === undefined ? [] : [{ type: CKA.label, value: label }]),
    ]),
    attribute: (session, object, type) => attributeOf(pkcs11, buffer(session), buffer(object), type),
    signInit: (session, mechanism, key) => called('C_SignInit', () => pkcs11.C_SignInit(buffer(session), written(mechanism), buffer(key))),
    async sign(session, data) {
      try {
        return plainOctets(await pkcs11.C_SignAsync(buffer(session), buffer(data), Buffer.alloc(LONGEST_SIGNATURE))).slice();
      } catch (error) {
        throw cryptokiError('C_Sign', error);
      }
    },
  };

  function written({ mechanism, parameter }: CryptokiMechanism): object {
    if (parameter === undefined) return { mechanism };
    if (parameter instanceof Uint8Array) return { mechanism, parameter: buffer(parameter) };
    return { mechanism, parameter: { type: CK_PARAMS_RSA_PSS, hashAlg: parameter.hashAlgorithm, mgf: parameter.mgf, saltLen: parameter.saltLength } };
  }
}

function findAll(pkcs11: Pkcs11, session: Buffer, template: readonly object[]): readonly CryptokiHandle[] {
  called('C_FindObjectsInit', () => pkcs11.C_FindObjectsInit(session, template));
  try {
    const found: Buffer[] = [];
    while (found.length < MAX_OBJECTS) {
      const more = called('C_FindObjects', () => pkcs11.C_FindObjects(session, OBJECTS_AT_A_TIME));
      if (more.length === 0) break;
      found.push(...more);
    }
    return found;
  } finally {
    called('C_FindObjectsFinal', () => pkcs11.C_FindObjectsFinal(session));
  }
}

function attributeOf(pkcs11: Pkcs11, session: Buffer, object: Buffer, type: number): Uint8Array | undefined {
  try {
    return plainOctets(called('C_GetAttributeValue', () => pkcs11.C_GetAttributeValue(session, object, [{ type }]))[0]!.value).slice();
  } catch (error) {
    if (error instanceof CryptokiError && (error.rv === CKR_ATTRIBUTE_SENSITIVE || error.rv === CKR_ATTRIBUTE_TYPE_INVALID)) return undefined;
    throw error;
  }
}

/** Labels are filled with blanks, some modules with zeros. */
function unfilled(text: string): string {
  return text.replace(/[\s\0]+$/, '');
}

function called<T>(functionName: string, call: () => T): T {
  try {
    return call();
  } catch (error) {
    throw cryptokiError(functionName, error);
  }
}

/** Only the number is kept: what the binding says beside it may quote its arguments. */
function cryptokiError(functionName: string, error: unknown): CryptokiError {
  const { name, code } = error as { readonly name?: unknown; readonly code?: unknown };
  return new CryptokiError(functionName, name === 'Pkcs11Error' && typeof code === 'number' ? code : undefined);
}
