import { CERTIFICATE_LABELS, decodeArmoured, parseCertificate, type Certificate } from '@hefu/pki';
import { readBoundedFile } from './read-file.js';

/** Octets, text (PEM or base64), or a file of either. */
export type Input = Uint8Array | string | { readonly path: string };

/**
 * What the pki room's readers take.
 * @throws NodeError FILE_NOT_FOUND | FILE_UNREADABLE | FILE_TOO_LARGE; TypeError for anything but an Input
 */
export async function readInput(input: Input, maxBytes: number): Promise<Uint8Array | string> {
  if (typeof input === 'string' || input instanceof Uint8Array) return input;
  if (typeof input === 'object' && input !== null && typeof input.path === 'string') return readBoundedFile(input.path, maxBytes);
  throw new TypeError('expected octets, text or { path }');
}

/**
 * One certificate, or several in one PEM file in their order.
 * @throws PkiError when it is none; NodeError FILE_…
 */
export async function readCertificates(input: Input, maxBytes: number): Promise<readonly Certificate[]> {
  return decodeArmoured(await readInput(input, maxBytes), { labels: CERTIFICATE_LABELS, maxBytes }).map((der) => parseCertificate(der));
}
