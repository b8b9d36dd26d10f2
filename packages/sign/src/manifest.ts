import type { Algorithms, DigestName } from '@hefu/crypto';
import { hexOf } from '@hefu/pki';
import { contentDigest, type Content } from '@hefu/verify';
import { SignError } from './error.js';

/**
 * A manifest: one signature over many files. Its octets are what is signed, as the detached content of an ordinary message,
 * so every verifier of messages verifies it; `checkFile` then says whether a file is one of those named.
 *
 * UTF-8 JSON in exactly one form: no white space, members in the order below, files by name in order of code units, names in
 * NFC and unique, digests in lower-case hex.
 */
export interface Manifest {
  readonly type: 'hefu-manifest';
  readonly version: 1;
  readonly files: readonly ManifestFile[];
}

export interface ManifestFile {
  readonly name: string;
  /** Octets. */
  readonly size: number;
  readonly sha256: string;
  readonly sm3: string;
}

export type ManifestMismatch = 'NOT_A_MANIFEST' | 'NAME_NOT_LISTED' | 'SIZE_DIFFERS' | 'SHA256_DIFFERS' | 'SM3_DIFFERS';

const MAX_FILES = 10_000;
const MAX_NAME = 1024;
/** Of all files of so many, with names of an ordinary length. */
const MAX_OCTETS: number = 16 * 1024 * 1024;
const HEX = /^[0-9a-f]{64}$/;

/**
 * What a manifest says of a file.
 * @param content octets, or digests among which are SHA-256 and SM3 without prefix
 * @throws SignError CONTENT_DIGEST_INVALID when one is missing; KEY_UNSUPPORTED when an algorithm is
 */
export function manifestFile(name: string, content: Content, algorithms: Algorithms): ManifestFile {
  return { name, size: content.length, sha256: hexDigest(content, 'SHA-256', algorithms), sm3: hexDigest(content, 'SM3', algorithms) };
}

/** @throws TypeError for names that repeat, are empty, too long or not NFC, sizes and digests that are none, and too many files */
export function writeManifest(files: readonly ManifestFile[]): Uint8Array {
  const sorted = [...files].sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0));
  const problem = problemOf(sorted);
  if (problem !== undefined) throw new TypeError(problem);
  return octetsOf(sorted);
}

/** The manifest, or undefined for octets that are not exactly the one form of it. */
export function readManifest(octets: Uint8Array): Manifest | undefined {
  if (octets.length > MAX_OCTETS) return undefined;
  let value: unknown;
  try {
    value = JSON.parse(new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(octets));
  } catch {
    return undefined;
  }
  if (!isRecord(value) || value['type'] !== 'hefu-manifest' || value['version'] !== 1 || !Array.isArray(value['files'])) return undefined;
  const files = value['files'] as ManifestFile[];
  if (!files.every(isRecord) || problemOf(files) !== undefined) return undefined;
  const again = octetsOf(files);
  if (again.length !== octets.length || again.some((octet, i) => octet !== octets[i])) return undefined;
  return { type: 'hefu-manifest', version: 1, files };
}

/**
 * Whether a file is the one a manifest names so; the proof for one file is the manifest, its message, and this.
 * @returns undefined when it is
 */
export function checkFile(manifest: Uint8Array, file: ManifestFile): ManifestMismatch | undefined {
  const read = readManifest(manifest);
  if (read === undefined) return 'NOT_A_MANIFEST';
  const listed = read.files.find(({ name }) => name === file.name);
  if (listed === undefined) return 'NAME_NOT_LISTED';
  if (listed.size !== file.size) return 'SIZE_DIFFERS';
  if (listed.sha256 !== file.sha256) return 'SHA256_DIFFERS';
  return listed.sm3 === file.sm3 ? undefined : 'SM3_DIFFERS';
}

function problemOf(files: readonly ManifestFile[]): string | undefined {
  if (files.length === 0 || files.length > MAX_FILES) return `a manifest of ${files.length} files`;
  for (const [index, { name, size, sha256, sm3 }] of files.entries()) {
    if (typeof name !== 'string' || name.length === 0 || name.length > MAX_NAME || name.normalize('NFC') !== name || /\p{Cs}/u.test(name)) return `file ${index}: name`;
    if (index > 0 && !(files[index - 1]!.name < name)) return `file ${index}: name repeats or is out of order`;
    if (!Number.isSafeInteger(size) || size < 0) return `file ${index}: size`;
    if (typeof sha256 !== 'string' || typeof sm3 !== 'string' || !HEX.test(sha256) || !HEX.test(sm3)) return `file ${index}: digest`;
  }
  return undefined;
}

function octetsOf(files: readonly ManifestFile[]): Uint8Array {
  const manifest: Manifest = { type: 'hefu-manifest', version: 1, files: files.map(({ name, size, sha256, sm3 }) => ({ name, size, sha256, sm3 })) };
  return new TextEncoder().encode(JSON.stringify(manifest));
}

function hexDigest(content: Content, wanted: DigestName, algorithms: Algorithms): string {
  const algorithm = algorithms.digests.find(({ name }) => name === wanted);
  if (algorithm === undefined) throw new SignError('KEY_UNSUPPORTED', `a manifest needs ${wanted}`);
  const value = contentDigest(content, algorithm);
  if (value === undefined) throw new SignError('CONTENT_DIGEST_INVALID', `a manifest needs ${wanted} of every file`);
  return hexOf(value);
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}
