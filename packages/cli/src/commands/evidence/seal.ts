import { randomBytes } from 'node:crypto';
import type { DigestAlgorithm } from '@hefu/crypto';
import { nodeAlgorithms, nodeFetcher, readBoundedFile } from '@hefu/node';
import { readCrl } from '@hefu/pki';
import { requestTimestamp } from '@hefu/updater';
import { DEFAULT_POLICY, NO_EVIDENCE, readPolicy, type Evidence, type Policy, type SealTimestamper } from '@hefu/verify';
import { Option } from 'commander';
import { about } from '../../complaint.js';
import { usageError } from '../../error.js';
import { say, type Language } from '../../language.js';

/** Digests that indexes state, so that files need not be read to be sealed. */
const DIGESTS: Readonly<Record<string, string>> = { sha256: 'SHA-256', sm3: 'SM3', sha384: 'SHA-384', sha512: 'SHA-512' };

export function digestOption(lang: Language, names: readonly string[]): Option {
  return new Option('--digest <name>', say(lang, `时间戳所用的摘要算法：${names.join('、')}；默认 sha256`, `digest of the time-stamp: ${names.join(', ')}; default sha256`)).choices([...names]);
}

export function digestOf(name: string): DigestAlgorithm {
  return nodeAlgorithms().digests.find((digest) => digest.name === DIGESTS[name])!;
}

/** Has imprints stamped by the first of these authorities that answers. */
export function timestamperAt(urls: readonly string[]): SealTimestamper {
  const ports = { fetcher: nodeFetcher(), randomBytes: (length: number) => new Uint8Array(randomBytes(length)) };
  return async (imprint) => (await requestTimestamp(ports, { imprint, urls })).token;
}

const MAX_CRL_BYTES = 128 * 1024 * 1024;
const MAX_POLICY_BYTES = 1024 * 1024;

export async function readCrls(paths: readonly string[] = []): Promise<Evidence> {
  const crls = [];
  for (const path of paths) crls.push({ crl: await about(path, async () => readCrl(await readBoundedFile(path, MAX_CRL_BYTES))), url: `file:${path}` });
  return { ...NO_EVIDENCE, crls };
}

export async function policyAt(path: string | undefined): Promise<Policy> {
  return path === undefined ? DEFAULT_POLICY : about(path, async () => readPolicy(await readBoundedFile(path, MAX_POLICY_BYTES)));
}

export function requireUrls(urls: readonly string[] | undefined): readonly string[] {
  if (urls === undefined || urls.length === 0) throw usageError('请用 --tsa <url> 给出时间戳服务的地址', 'give the address of a time-stamp authority with --tsa <url>');
  return urls;
}
