import { Tag, contextConstructed, contextPrimitive, decodeOid, readAlgorithmIdentifier, type AlgorithmIdentifier, type BerReader } from '@hefu/pki';
import { decryptByPassword } from './encryption.js';
import type { DerivationBudget } from './derivation.js';
import { KeyFileError, reading } from './error.js';
import type { Password } from './password.js';
import { isMacRight, readMacData, type MacData } from './pfx-mac.js';
import { octetsOf, shellReader } from './shell.js';

/** What a PFX holds, decrypted: still octets. Those of keys are the caller's to wipe. */
export interface PfxContent {
  readonly keys: readonly Bag[];
  readonly certificates: readonly Bag[];
}

export interface Bag {
  /** A PrivateKeyInfo, or a certificate. */
  readonly der: Uint8Array;
  readonly localKeyId: Uint8Array | undefined;
  readonly friendlyName: string | undefined;
}

const id_data = '1.2.840.113549.1.7.1';
const id_encryptedData = '1.2.840.113549.1.7.6';
const BAG = { key: '1.2.840.113549.1.12.10.1.1', shroudedKey: '1.2.840.113549.1.12.10.1.2', certificate: '1.2.840.113549.1.12.10.1.3', safeContents: '1.2.840.113549.1.12.10.1.6' } as const;
const id_x509Certificate = '1.2.840.113549.1.9.22.1';
const id_friendlyName = '1.2.840.113549.1.9.20';
const id_localKeyId = '1.2.840.113549.1.9.21';
/** Safes and bags, nested ones together; an export of every certificate of a CA's customers is another kind of file. */
const MAX_BAGS = 1_000;
const MAX_NESTING = 4;

/**
 * Opens a PFX (RFC 7292) in password modes: checks the MAC, decrypts, takes apart.
 * @param passwords readings of one password, see `readings`
 * @throws KeyFileError
 */
export async function openPfxContent(file: Uint8Array, passwords: readonly Password[], budget: DerivationBudget): Promise<PfxContent> {
  const { content, mac } = reading('the PFX', () => readPfx(file));
  const password = mac === undefined ? passwords[0]! : await rightPassword(mac, content, passwords, budget);
  if (password === undefined) throw await wrongOrDamaged(content, passwords[0]!, budget);
  try {
    return await takeApart(content, password, budget);
  } catch (error) {
    // The MAC was right under this password, so the file is whole and its parts were encrypted under another one.
    if (mac !== undefined && error instanceof KeyFileError && error.code === 'KEY_PASSWORD_WRONG') {
      throw new KeyFileError('KEY_ENCRYPTION_UNSUPPORTED', 'the file is encrypted under another password than it is authenticated under', { cause: error, detail: 'two-passwords' });
    }
    throw error;
  }
}

async function rightPassword(mac: MacData, content: Uint8Array, passwords: readonly Password[], budget: DerivationBudget): Promise<Password | undefined> {
  for (const password of passwords) if (await isMacRight(mac, content, password, budget)) return password;
  return undefined;
}

/** A MAC that is wrong says neither. If something decrypts and has its structure all the same, the password was right. */
async function wrongOrDamaged(content: Uint8Array, password: Password, budget: DerivationBudget): Promise<KeyFileError> {
  try {
    const { keys } = await takeApart(content, password, budget, { anyPart: true });
    for (const { der } of keys) der.fill(0);
    return new KeyFileError('KEY_FILE_DAMAGED', 'the password decrypts, and the MAC is not of this content');
  } catch (error) {
    if (!(error instanceof KeyFileError)) throw error;
    return error.code === 'KEY_PASSWORD_WRONG' ? new KeyFileError('KEY_PASSWORD_WRONG', 'the MAC is not right under this password') : error;
  }
}

function readPfx(file: Uint8Array): { readonly content: Uint8Array; readonly mac: MacData | undefined } {
  const outer = shellReader(file);
  outer.expect(Tag.SEQUENCE, 'PFX').finish('PFX');
  const reader = outer.enter();
  reader.expect(Tag.INTEGER, 'version');
  const { type, inner } = readContentInfo(reader);
  if (type !== id_data) throw new KeyFileError('KEY_ENCRYPTION_UNSUPPORTED', `integrity by ${type} and not by a password`, { detail: 'public-key-integrity' });
  inner.next();
  const content = octetsOf(inner);
  const mac = reader.done ? undefined : readMacData(reader);
  reader.finish('PFX');
  return { content, mac };
}

/** ContentInfo; `inner` stands before its content. */
function readContentInfo(reader: BerReader): { readonly type: string; readonly inner: BerReader } {
  reader.expect(Tag.SEQUENCE, 'ContentInfo');
  const info = reader.enter();
  const type = decodeOid(info.expect(Tag.OID, 'contentType').content());
  info.expect(contextConstructed(0), 'content');
  return { type, inner: info.enter() };
}

interface Safe {
  /** Absent: in the clear. */
  readonly encryption: AlgorithmIdentifier | undefined;
  readonly octets: Uint8Array;
}

/** @param options.anyPart parts that do not decrypt are passed over, as long as one does */
async function takeApart(content: Uint8Array, password: Password, budget: DerivationBudget, { anyPart = false }: { readonly anyPart?: boolean } = {}): Promise<PfxContent> {
  const found: Found = { keys: [], certificates: [], left: MAX_BAGS };
  const shrouded: Shrouded[] = [];
  let decrypted = 0;
  let failure: KeyFileError | undefined;
  const part = async (step: () => Promise<void>): Promise<void> => {
    try {
      await step();
      decrypted++;
    } catch (error) {
      if (!anyPart || !(error instanceof KeyFileError)) throw error;
      failure ??= error;
    }
  };
  try {
    for (const { encryption, octets } of reading('the authenticated safe', () => readSafes(content))) {
      if (encryption === undefined) reading('a safe', () => readBags(octets, found, shrouded));
      else await part(async () => {
        const safe = await decryptByPassword(encryption, octets, password, budget);
        reading('a decrypted safe', () => readBags(safe, found, shrouded));
      });
    }
    for (const { encryption, octets, localKeyId, friendlyName } of shrouded) await part(async () => {
      const der = await decryptByPassword(encryption, octets, password, budget);
      found.keys.push({ der, localKeyId, friendlyName });
      reading('a decrypted key', () => shellReader(der).expect(Tag.SEQUENCE, 'PrivateKeyInfo').finish('PrivateKeyInfo'));
    });
    if (anyPart && decrypted === 0) throw failure?.code === 'KEY_DERIVATION_TOO_COSTLY' ? failure : new KeyFileError('KEY_PASSWORD_WRONG', 'nothing decrypts', { cause: failure });
    return found;
  } catch (error) {
    for (const { der } of found.keys) der.fill(0);
    throw error;
  }
}

function readSafes(content: Uint8Array): readonly Safe[] {
  const outer = shellReader(content);
  outer.expect(Tag.SEQUENCE, 'AuthenticatedSafe').finish('AuthenticatedSafe');
  const reader = outer.enter();
  const safes: Safe[] = [];
  while (!reader.done) {
    if (safes.length === MAX_BAGS) throw new KeyFileError('KEY_FILE_TOO_LARGE', `more than ${MAX_BAGS} safes`);
    const { type, inner } = readContentInfo(reader);
    if (type === id_data) safes.push({ encryption: undefined, octets: octetsOf(inner.next()) });
    else if (type === id_encryptedData) safes.push(readEncryptedData(inner));
    else throw new KeyFileError('KEY_ENCRYPTION_UNSUPPORTED', `a safe of type ${type}`, { detail: type });
  }
  return safes;
}

/** RFC 5652 §8. */
function readEncryptedData(reader: BerReader): Safe {
  reader.expect(Tag.SEQUENCE, 'EncryptedData');
  const data = reader.enter();
  data.expect(Tag.INTEGER, 'version');
  data.expect(Tag.SEQUENCE, 'EncryptedContentInfo');
  const info = data.enter();
  info.expect(Tag.OID, 'contentType');
  const encryption = readAlgorithmIdentifier(info);
  info.expect(info.peek() === contextConstructed(0) ? contextConstructed(0) : contextPrimitive(0), 'encryptedContent');
  return { encryption, octets: octetsOf(info) };
}

interface Found {
  readonly keys: Bag[];
  readonly certificates: Bag[];
  left: number;
}

interface Shrouded extends Omit<Bag, 'der'> {
  readonly encryption: AlgorithmIdentifier;
  readonly octets: Uint8Array;
}

/** SafeContents (RFC 7292 §4.2). CRLs, secrets and unknown bags are passed over. */
function readBags(octets: Uint8Array, found: Found, shrouded: Shrouded[], nesting = 0): void {
  const outer = shellReader(octets);
  outer.expect(Tag.SEQUENCE, 'SafeContents').finish('SafeContents');
  const reader = outer.enter();
  while (!reader.done) {
    if (found.left-- === 0) throw new KeyFileError('KEY_FILE_TOO_LARGE', `more than ${MAX_BAGS} bags`);
    reader.expect(Tag.SEQUENCE, 'SafeBag');
    const bag = reader.enter();
    const type = decodeOid(bag.expect(Tag.OID, 'bagId').content());
    bag.expect(contextConstructed(0), 'bagValue');
    const value = bag.enter();
    const names = bag.done ? NO_NAMES : readAttributes(bag);
    bag.finish('SafeBag');
    switch (type) {
      case BAG.key:
        found.keys.push({ der: Uint8Array.from(value.next().tlv()), ...names });
        break;
      case BAG.shroudedKey: {
        value.expect(Tag.SEQUENCE, 'EncryptedPrivateKeyInfo');
        const info = value.enter();
        shrouded.push({ encryption: readAlgorithmIdentifier(info), octets: octetsOf(info.next()), ...names });
        break;
      }
      case BAG.certificate: {
        value.expect(Tag.SEQUENCE, 'CertBag');
        const certificate = value.enter();
        if (decodeOid(certificate.expect(Tag.OID, 'certId').content()) !== id_x509Certificate) break;
        certificate.expect(contextConstructed(0), 'certValue');
        found.certificates.push({ der: octetsOf(certificate.enter().next()), ...names });
        break;
      }
      case BAG.safeContents:
        if (nesting === MAX_NESTING) throw new KeyFileError('KEY_FILE_TOO_LARGE', `safes nested deeper than ${MAX_NESTING}`);
        readBags(value.next().tlv(), found, shrouded, nesting + 1);
        break;
      default:
    }
  }
}

const NO_NAMES = { localKeyId: undefined, friendlyName: undefined } as const;

function readAttributes(bag: BerReader): Pick<Bag, 'localKeyId' | 'friendlyName'> {
  bag.expect(Tag.SET, 'bagAttributes');
  const reader = bag.enter();
  let localKeyId: Uint8Array | undefined;
  let friendlyName: string | undefined;
  while (!reader.done) {
    reader.expect(Tag.SEQUENCE, 'attribute');
    const attribute = reader.enter();
    const type = decodeOid(attribute.expect(Tag.OID, 'attrId').content());
    attribute.expect(Tag.SET, 'attrValues');
    const values = attribute.enter();
    if (values.done) continue;
    values.next();
    if (type === id_localKeyId && values.tag === Tag.OCTET_STRING) localKeyId ??= values.content();
    if (type === id_friendlyName && values.tag === Tag.BMP_STRING) friendlyName ??= bmpText(values.content());
  }
  return { localKeyId, friendlyName };
}

function bmpText(octets: Uint8Array): string {
  return new TextDecoder('utf-16be').decode(octets);
}
