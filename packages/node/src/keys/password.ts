import { KeyFileError } from './error.js';

/** A password in the forms that derivations take. Strings cannot be wiped in JavaScript; these octets are. */
export interface Password {
  /** PBES2 (RFC 8018 §5) leaves the encoding open; UTF-8 is what implementations agree on. */
  readonly utf8: Uint8Array;
  /** BMPString with two zero octets at its end (RFC 7292 §B.1). Of an empty password there are two readings: those octets alone, and none. */
  readonly bmp: Uint8Array;
  wipe(): void;
}

export type PasswordSource = string | (() => Promise<string> | string);

/** Characters; a bound on what is derived from. */
const MAX_PASSWORD = 1024;

/** @throws KeyFileError KEY_PASSWORD_NEEDED */
export async function passwordFrom(source: PasswordSource | undefined): Promise<Password> {
  const text = typeof source === 'function' ? await source() : source;
  if (text === undefined) throw new KeyFileError('KEY_PASSWORD_NEEDED', 'the file is encrypted and no password was given');
  if (typeof text !== 'string') throw new TypeError('a password is text');
  if (text.length > MAX_PASSWORD) throw new KeyFileError('KEY_PASSWORD_WRONG', `no password has more than ${MAX_PASSWORD} characters`);
  return passwordOf(text, bmpOf(text));
}

/** The readings of a password that a PFX may have been made with. */
export function readings(password: Password): readonly Password[] {
  return password.utf8.length > 0 ? [password] : [password, { ...password, bmp: new Uint8Array(0) }];
}

function passwordOf(text: string, bmp: Uint8Array): Password {
  const utf8 = new TextEncoder().encode(text);
  return { utf8, bmp, wipe: () => { utf8.fill(0); bmp.fill(0); } };
}

function bmpOf(text: string): Uint8Array {
  const octets = new Uint8Array(2 * text.length + 2);
  for (let i = 0; i < text.length; i++) {
    octets[2 * i] = text.charCodeAt(i) >> 8;
    octets[2 * i + 1] = text.charCodeAt(i) & 0xff;
  }
  return octets;
}
