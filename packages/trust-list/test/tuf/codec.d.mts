export function tufCodec(options?: { readonly target?: string; readonly limits?: object }): unknown;
export function openFirstRoot(bytes: Uint8Array): unknown;
export function hashesMatch(bytes: Uint8Array, hashes: Readonly<Record<string, string>>): boolean;
export class Refused extends Error {}
