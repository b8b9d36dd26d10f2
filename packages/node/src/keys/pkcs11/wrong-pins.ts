import { createHmac, randomBytes } from 'node:crypto';
import type { Token } from './token.js';

/** The last wrong PIN of each token, as a keyed digest: a program that answers the same each time must not lock a token. */
export interface WrongPins {
  remember(token: Token, pin: string): void;
  isKnown(token: Token, pin: string): boolean;
}

export function createWrongPins(): WrongPins {
  const key = randomBytes(32);
  const last = new Map<string, string>();
  const digest = (pin: string): string => createHmac('sha256', key).update(pin).digest('base64');
  return {
    remember: ({ name }, pin) => void last.set(name, digest(pin)),
    isKnown: ({ name }, pin) => last.get(name) === digest(pin),
  };
}
