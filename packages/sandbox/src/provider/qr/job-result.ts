import { normaliseSignature, sm2Digest } from '@hefu/crypto';
import type { FaultPlan } from '../fault-plan.js';
import type { VirtualHsm } from '../hsm.js';
import { hashedTwice, signHashValue, signHonestly } from '../sign-value.js';
import { signForJob, type JobBook, type QrJob } from './job-book.js';

/** What a provider can do wrong with values it made. */
export const RESULT_FAULTS = [
  'permute', 'same-value', 'fewer', 'more', 'duplicate-value', 'foreign-item', 'p1363', 'hex', 'base64url', 'stripped-zero', 'double-hash', 'as-message', 'as-message-empty-id', 'sha-1', 'pss-salt', 'pkcs1-for-pss', 'swap-certificate', 'downgrade-word', 'other-job-values', 'garbage',
] as const;

export interface ResultEntry {
  readonly id: string;
  readonly hash: Uint8Array;
  /** As it goes into JSON. */
  readonly value: string;
}

export interface JobResult {
  readonly entries: readonly ResultEntry[];
  /** DER. */
  readonly certificate: Uint8Array;
  readonly downgraded: boolean;
}

const base64 = (octets: Uint8Array): string => Buffer.from(octets).toString('base64');

/** The values of a signed job, in whatever way the faults in force have them. */
export function jobResult(job: QrJob, book: Pick<JobBook, 'find'>, hsm: VirtualHsm, faults: FaultPlan, path: string): JobResult {
  const hit = (name: (typeof RESULT_FAULTS)[number]): boolean => faults.hits(name, path);
  const key = job.usedKey!;
  const encode = hit('hex') ? (value: Uint8Array) => Buffer.from(value).toString('hex') : hit('base64url') ? (value: Uint8Array) => Buffer.from(value).toString('base64url') : base64;
  const reshape = hit('p1363') ? raw : hit('stripped-zero') ? stripped : (value: Uint8Array) => value;
  const remake = hit('double-hash') ? twice : hit('as-message') ? asMessage() : hit('as-message-empty-id') ? asMessage(new Uint8Array(0)) : hit('sha-1') ? (hash: Uint8Array) => sha1Said(hash)
    : job.pss !== undefined && hit('pss-salt') ? (hash: Uint8Array) => signHashValue(key.key, 'pss-short-salt', hash, job.pss!)
    : job.pss !== undefined && hit('pkcs1-for-pss') ? (hash: Uint8Array) => signHashValue(key.key, 'pkcs1', hash, job.pss!) : undefined;
  let entries = job.items.map((item) => ({ id: item.id, hash: item.hash, octets: remake?.(item.hash) ?? job.values.get(item.id)! }));
  if (hit('permute')) entries = entries.map((each, index) => ({ ...each, octets: entries[(index + 1) % entries.length]!.octets }));
  if (hit('same-value')) entries = entries.map((each) => ({ ...each, octets: entries[0]!.octets }));
  if (hit('other-job-values')) {
    const other = book.find((each) => each.id !== job.id && each.state === 'signed');
    entries = entries.map((each, index) => ({ ...each, octets: [...(other?.values.values() ?? [])][index] ?? each.octets }));
  }
  if (hit('garbage')) entries = entries.map((each) => ({ ...each, octets: each.octets.map(() => 0x41) }));
  if (hit('fewer')) entries = entries.slice(1);
  if (hit('duplicate-value')) entries = [...entries, entries[0]!];
  if (hit('more') || hit('foreign-item')) entries = [...entries, { ...entries[0]!, id: 'nobody-asked' }];
  const swapped = hit('swap-certificate') ? hsm.keys.find((each) => each.kind === key.kind && each.id !== key.id) ?? hsm.keys.find((each) => each.id !== key.id) : undefined;
  return {
    entries: entries.map(({ id, hash, octets }) => ({ id, hash, value: encode(reshape(octets)) })),
    certificate: (swapped ?? key).chain[0]!, downgraded: hit('downgrade-word'),
  };

  /** Only RSA writes into a value which digest it is of. */
  function sha1Said(hash: Uint8Array): Uint8Array {
    return key.kind === 'RSA-2048' ? signHashValue(key.key, 'sha1', hash, '') : signHonestly(key.key, hash);
  }

  /** What a signer makes that takes e of SM2 for a message. */
  function asMessage(id?: Uint8Array): (hash: Uint8Array) => Uint8Array {
    const { publicKey } = key.key;
    return (hash) => signHonestly(key.key, publicKey.kty === 'EC' && publicKey.crv === 'SM2' ? sm2Digest(publicKey.point, hash, id) : hash);
  }

  function twice(hash: Uint8Array): Uint8Array {
    return job.pss === undefined ? key.key.sign(hash) : signForJob(job, key, hashedTwice(hash, job.pss));
  }
}

function raw(value: Uint8Array): Uint8Array {
  return normaliseSignature(value, 32)?.raw ?? value;
}

/** As minimal integers written without their sign octet and leading zeros, which is neither form. */
function stripped(value: Uint8Array): Uint8Array {
  const both = raw(value);
  return Uint8Array.of(...both.subarray(1, 32), ...both.subarray(32));
}
