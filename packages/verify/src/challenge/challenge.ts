import { decodeBase64url, formatInstant, parseInstant, readJson, TrustListError, type JsonObject } from '@hefu/trust-list';
import { isUscc } from '../identity/uscc.js';
import type { Content } from '../signature/content.js';

/** What a person signs to log in: who asks, for what, until when. */
export interface Challenge {
  /** Base64url of at least 16 random octets. Good for one use. */
  readonly nonce: string;
  /** Of the page that asks: `https://ggzy.example.cn`, without path. */
  readonly origin: string;
  /** `login`, or what is confirmed by it: lower-case letters, digits and hyphens. */
  readonly purpose: string;
  /** Credit code of the company that must answer, where that is known. */
  readonly entity?: string;
  /** Epoch milliseconds. */
  readonly issuedAt: number;
  /** Epoch milliseconds; a day after `issuedAt` at most. */
  readonly expiresAt: number;
}

/**
 * No document begins like this, and no set of signed attributes does (they begin with octet 31): a signature over one is never
 * one over the other. Text, since signing components take and show text.
 */
export const CHALLENGE_PREFIX = 'HEFU-LOGIN-CHALLENGE/1\n';

const PREFIX_OCTETS: Uint8Array = /* @__PURE__ */ new TextEncoder().encode(CHALLENGE_PREFIX);
const MAX_OCTETS = 2048;
const MAX_LIFETIME = 86_400_000;
const MIN_NONCE_OCTETS = 16;
const MAX_NONCE_OCTETS = 64;
/** RFC 6454 §6.2, ASCII serialization. */
const ORIGIN = /^https?:\/\/(?:[a-z0-9](?:[a-z0-9.-]{0,251}[a-z0-9])?|\[[0-9a-f:.]{2,45}\])(?::[1-9]\d{0,4})?$/;
const PURPOSE = /^[a-z][a-z0-9-]{0,63}$/;

/**
 * The octets of a challenge: one encoding for each.
 * @throws TypeError for members that cannot be
 */
export function createChallenge(challenge: Challenge): Uint8Array {
  const problem = problemOf(challenge);
  if (problem !== undefined) throw new TypeError(problem);
  const { nonce, origin, purpose, entity, issuedAt, expiresAt } = challenge;
  const members = { nonce, origin, purpose, ...(entity === undefined ? {} : { entity }), issuedAt: formatInstant(issuedAt), expiresAt: formatInstant(expiresAt) };
  return new TextEncoder().encode(`${CHALLENGE_PREFIX}${JSON.stringify(members)}\n`);
}

/** Whether content claims to be a challenge, well made or not; of content that is not here as a whole, as far as its head goes. */
export function isChallenge(content: Content): boolean {
  const head = content instanceof Uint8Array ? content : content.head;
  if (content.length < PREFIX_OCTETS.length || (head.length >= content.length && head.length < PREFIX_OCTETS.length)) return false;
  return PREFIX_OCTETS.every((octet, i) => i >= head.length || head[i] === octet);
}

/** Reads a challenge. @returns undefined for octets that `createChallenge` does not make, to the last of them */
export function readChallenge(octets: Uint8Array): Challenge | undefined {
  if (octets.length > MAX_OCTETS || !isChallenge(octets)) return undefined;
  try {
    const { nonce, origin, purpose, entity, issuedAt, expiresAt } = readJson(octets.subarray(PREFIX_OCTETS.length), { maxBytes: MAX_OCTETS, maxDepth: 2 }) as JsonObject;
    if (![nonce, origin, purpose, issuedAt, expiresAt].every((member) => typeof member === 'string') || !(entity === undefined || typeof entity === 'string')) return undefined;
    const challenge: Challenge = {
      nonce: nonce as string, origin: origin as string, purpose: purpose as string, ...(entity === undefined ? {} : { entity: entity as string }),
      issuedAt: parseInstant(issuedAt as string), expiresAt: parseInstant(expiresAt as string),
    };
    if (problemOf(challenge) !== undefined) return undefined;
    const again = createChallenge(challenge);
    return again.length === octets.length && again.every((octet, i) => octet === octets[i]) ? challenge : undefined;
  } catch (error) {
    if (error instanceof TrustListError || error instanceof TypeError) return undefined;
    throw error;
  }
}

function problemOf({ nonce, origin, purpose, entity, issuedAt, expiresAt }: Challenge): string | undefined {
  const octets = decodeBase64url(nonce)?.length ?? 0;
  if (octets < MIN_NONCE_OCTETS || octets > MAX_NONCE_OCTETS) return `nonce is base64url of ${MIN_NONCE_OCTETS} to ${MAX_NONCE_OCTETS} octets`;
  if (!ORIGIN.test(origin)) return 'origin is scheme, host and port, lower case';
  if (!PURPOSE.test(purpose)) return 'purpose is lower-case letters, digits and hyphens';
  if (entity !== undefined && !isUscc(entity)) return 'entity is a unified social credit code';
  if (!Number.isInteger(issuedAt) || !Number.isInteger(expiresAt)) return 'times are whole epoch milliseconds';
  if (expiresAt <= issuedAt || expiresAt - issuedAt > MAX_LIFETIME) return 'a challenge expires after it is issued, within a day';
  return undefined;
}
