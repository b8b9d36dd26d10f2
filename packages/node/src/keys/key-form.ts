import { Tag } from '@hefu/pki';
import { KeyFileError, reading } from './error.js';
import { shellReader } from './shell.js';

/** What a file of keys is. */
export type KeyForm = 'pfx' | 'pkcs8' | 'encrypted-pkcs8' | 'ec' | 'rsa';

export interface KeyFile {
  readonly form: KeyForm;
  readonly der: Uint8Array;
  /** Certificates that lie in the same PEM file, DER, in its order. */
  readonly certificates: readonly Uint8Array[];
}

const PEM_FORMS: Readonly<Record<string, KeyForm>> = {
  'PRIVATE KEY': 'pkcs8', 'ENCRYPTED PRIVATE KEY': 'encrypted-pkcs8', 'EC PRIVATE KEY': 'ec', 'SM2 PRIVATE KEY': 'ec', 'RSA PRIVATE KEY': 'rsa',
};
/** RFC 7468 §3; nothing is lax but white space. */
const BLOCK = /-----BEGIN ([A-Z0-9 ]{1,40})-----([^-]*)-----END \1-----/g;

/**
 * Recognises a key file: PEM with one private key and any certificates, DER, or base64 of DER.
 * @throws KeyFileError KEY_FILE_INVALID | KEY_MISSING | KEY_FILE_DAMAGED | KEY_ENCRYPTION_UNSUPPORTED (`traditional-pem`)
 */
export function readKeyForm(file: Uint8Array): KeyFile {
  if (file.length === 0) throw new KeyFileError('KEY_FILE_INVALID', 'the file is empty');
  if (file[0] === Tag.SEQUENCE && !isAscii(file)) return { form: formOf(file), der: file, certificates: [] };
  if (!isAscii(file)) throw new KeyFileError('KEY_FILE_INVALID', 'neither DER nor PEM');
  const text = Buffer.from(file).toString('latin1');
  if (text.includes('-----BEGIN ')) return fromPem(text);
  // Base64 of a SEQUENCE begins with M.
  const der = text.trimStart().startsWith('M') ? base64(text) : undefined;
  if (der === undefined) throw new KeyFileError('KEY_FILE_INVALID', 'neither DER nor PEM nor base64');
  return { form: formOf(der), der, certificates: [] };
}

function fromPem(text: string): KeyFile {
  // RFC 1421 §4.6.1: an MD5 derivation of one round protects little.
  if (/^Proc-Type:[ \t]*4,[ \t]*ENCRYPTED/m.test(text)) throw new KeyFileError('KEY_ENCRYPTION_UNSUPPORTED', 'keys encrypted by PEM headers are not read', { detail: 'traditional-pem' });
  const keys: { readonly form: KeyForm; readonly der: Uint8Array }[] = [];
  const certificates: Uint8Array[] = [];
  for (const [, label, body] of text.matchAll(BLOCK)) {
    const form = Object.hasOwn(PEM_FORMS, label!) ? PEM_FORMS[label!] : undefined;
    if (form === undefined && label !== 'CERTIFICATE') continue;
    const der = base64(body!);
    if (der === undefined) throw new KeyFileError('KEY_FILE_DAMAGED', `the body of ${label} is not base64`);
    if (form === undefined) certificates.push(der);
    else keys.push({ form, der });
  }
  if (keys.length > 1) throw new KeyFileError('KEY_FILE_INVALID', `${keys.length} private keys where one is read`);
  if (keys.length === 0) throw certificates.length > 0 ? new KeyFileError('KEY_MISSING', 'the file holds certificates only') : new KeyFileError('KEY_FILE_INVALID', 'no block of the file is a private key');
  return { ...keys[0]!, certificates };
}

/** Told by the first two elements inside: PFX begins with version 3, the other structures differ in types. */
function formOf(file: Uint8Array): KeyForm {
  const [first, second] = reading('the key file', () => {
    const outer = shellReader(file);
    outer.expect(Tag.SEQUENCE, 'the outermost element').finish('the outermost element');
    const inner = outer.enter();
    const element = (): { readonly tag: number; readonly content: Uint8Array } => ({ tag: inner.next().tag, content: inner.content() });
    return [element(), element()] as const;
  });
  switch (`${first.tag} ${second.tag}`) {
    case `${Tag.INTEGER} ${Tag.SEQUENCE}`: return first.content.length === 1 && first.content[0] === 3 ? 'pfx' : 'pkcs8';
    case `${Tag.SEQUENCE} ${Tag.OCTET_STRING}`: return 'encrypted-pkcs8';
    case `${Tag.INTEGER} ${Tag.OCTET_STRING}`: return 'ec';
    case `${Tag.INTEGER} ${Tag.INTEGER}`: return 'rsa';
    default: throw new KeyFileError('KEY_FILE_INVALID', 'another structure than a private key');
  }
}

function base64(text: string): Uint8Array | undefined {
  const bare = text.replace(/\s/g, '');
  if (bare === '' || !/^[A-Za-z0-9+/]+={0,2}$/.test(bare)) return undefined;
  return new Uint8Array(Buffer.from(bare, 'base64'));
}

function isAscii(octets: Uint8Array): boolean {
  return octets.every((octet) => octet < 0x7f && (octet >= 0x20 || octet === 0x09 || octet === 0x0a || octet === 0x0d));
}
