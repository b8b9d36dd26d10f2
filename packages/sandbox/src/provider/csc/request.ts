import { jsonAnswer } from '../facade.js';
import type { CscCredential } from './credentials.js';
import type { CscState } from './state.js';

/** A refusal in the words of the CSC API. */
export class CscRefusal extends Error {
  readonly status: number;
  readonly error: string;
  constructor(error: string, description: string, status: number = 400) {
    super(description);
    this.error = error;
    this.status = status;
  }
  answer(): Response {
    return jsonAnswer({ error: this.error, error_description: this.message }, this.status);
  }
}

export type CscInput = Readonly<Record<string, unknown>>;
export type CscVersion = 'v1' | 'v2';

export const text = (input: CscInput, name: string): string => {
  const value = input[name];
  if (typeof value !== 'string' || value === '') throw new CscRefusal('invalid_request', `Missing (or invalid type) string parameter ${name}`);
  return value;
};

export function credentialOf(state: CscState, input: CscInput): CscCredential {
  const credential = state.credentials.get(text(input, 'credentialID'));
  if (credential === undefined) throw new CscRefusal('invalid_request', 'Invalid parameter credentialID');
  return credential;
}

/** `hash` of v1, `hashes` of v2: base64 as it will be compared. @returns undefined when there are none */
export function hashesOf(state: CscState, version: CscVersion, input: CscInput): readonly string[] | undefined {
  const name = version === 'v1' ? 'hash' : 'hashes';
  const given = input[name];
  if (given === undefined) return undefined;
  if (!Array.isArray(given) || given.length === 0 || !given.every((each) => typeof each === 'string')) throw new CscRefusal('invalid_request', `Missing (or invalid type) array parameter ${name}`);
  return (given as string[]).map((each) => {
    if (state.manners.percentHashes && /[+/=]/.test(each)) throw new CscRefusal('invalid_request', `Invalid parameter ${name}: not URL-encoded`);
    const plain = state.manners.percentHashes ? decodeURIComponent(each) : each;
    if (!/^[A-Za-z0-9+/]+={0,2}$/.test(plain)) throw new CscRefusal('invalid_request', `Invalid Base64 ${name} string parameter`);
    if (!state.manners.hashLengths.includes(Buffer.from(plain, 'base64').length)) throw new CscRefusal('invalid_request', `Invalid parameter ${name}: length`);
    return plain;
  });
}
