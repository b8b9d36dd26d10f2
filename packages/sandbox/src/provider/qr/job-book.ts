import type { ProviderGround } from '../facade.js';
import type { HsmKey } from '../hsm.js';
import { signHashValue, signHonestly } from '../sign-value.js';

export type JobState = 'waiting' | 'scanned' | 'signed' | 'refused' | 'expired' | 'cancelled' | 'wrong-code' | 'wrong-signer';

/** What the holder of a phone can do with a job. */
export const PHONE_ACTS = ['approve', 'refuse', 'wrong-code', 'ignore', 'approve-late', 'sign-other', 'sign-with-other-key'] as const;
export type PhoneAct = (typeof PHONE_ACTS)[number];

export interface JobItem {
  readonly id: string;
  /** What is signed as it is. */
  readonly hash: Uint8Array;
  readonly label?: string;
}

export interface JobSpec {
  readonly api: 'zhongzhao' | 'coss' | 'device-link';
  readonly kind: 'sign' | 'choice';
  readonly id: string;
  /** The platform's number for it; the same again is the same job. */
  readonly requestId?: string;
  readonly key?: HsmKey;
  readonly items: readonly JobItem[];
  readonly title: string;
  readonly code?: string;
  readonly ttlMs: number;
  readonly notifyUrl?: string;
  /** Hashes are signed by RSASSA-PSS with this digest, an OID. Default: as the key's kind has it. */
  readonly pss?: string;
  /** What else a façade wants to see again. */
  readonly extra?: Readonly<Record<string, string>>;
}

export interface QrJob extends JobSpec {
  readonly createdAt: number;
  readonly expiresAt: number;
  /** Opens it on the phone. */
  readonly scanKey: string;
  /** Typed instead of scanned. */
  readonly shortCode: string;
  state: JobState;
  /** Of the phone that opened it. */
  ticket?: string;
  /** The key the phone used or showed. */
  usedKey?: HsmKey;
  values: ReadonlyMap<string, Uint8Array>;
  /** It will be confirmed then, after its time. */
  lateAt?: number;
}

/** Whether a number that came before came for the same: key, title and code, and in their order what is to be signed. */
export function isSameRequest(a: Pick<JobSpec, 'key' | 'items' | 'title' | 'code'>, b: Pick<JobSpec, 'key' | 'items' | 'title' | 'code'>): boolean {
  if (a.key !== b.key || a.title !== b.title || a.code !== b.code || a.items.length !== b.items.length) return false;
  return a.items.every(({ id, hash, label }, index) => id === b.items[index]!.id && label === b.items[index]!.label && Buffer.compare(hash, b.items[index]!.hash) === 0);
}

/** All jobs of the QR façades, and what became of them. */
export interface JobBook {
  create(spec: JobSpec): QrJob;
  /** With its state as of now. */
  get(id: string): QrJob | undefined;
  find(fits: (job: QrJob) => boolean): QrJob | undefined;
  /** A phone has it on its screen. */
  open(job: QrJob, scans: boolean): string;
  /** @returns false when it can no longer be decided */
  decide(job: QrJob, act: PhoneAct, key?: HsmKey): boolean;
  cancel(job: QrJob): boolean;
  readonly jobs: readonly QrJob[];
  readonly size: number;
  /** `job/item` of every value made, in order. */
  readonly made: readonly string[];
}

/** The oldest go first. */
const MAX_JOBS = 20_000;
const LATE_MS = 1000;

export function createJobBook(ground: ProviderGround, changed: (job: QrJob) => void): JobBook {
  const jobs = new Map<string, QrJob>();
  const made: string[] = [];
  const { clock } = ground;

  const settle = (job: QrJob, state: JobState): void => {
    if (job.state === state) return;
    job.state = state;
    changed(job);
  };
  const sign = (job: QrJob, key: HsmKey, other = false): void => {
    const hash = (each: JobItem): Uint8Array => (other ? each.hash.map((octet) => octet ^ 0x5a) : each.hash);
    job.values = new Map(job.items.map((each) => [each.id, signForJob(job, key, hash(each))]));
    for (const each of job.items) made.push(`${job.id}/${each.id}`);
    job.usedKey = key;
    settle(job, 'signed');
  };
  const aged = (job: QrJob): QrJob => {
    if (job.state !== 'waiting' && job.state !== 'scanned') return job;
    // A confirmation under way outlasts the job's time.
    if (job.lateAt === undefined ? clock.now() >= job.expiresAt : clock.now() >= job.lateAt) {
      if (job.lateAt === undefined) settle(job, 'expired');
      else sign(job, job.usedKey ?? job.key ?? ground.hsm.keys[0]!);
    }
    return job;
  };

  return {
    made,
    get jobs() { return [...jobs.values()]; },
    get size() { return jobs.size; },
    create(spec) {
      const again = spec.requestId === undefined ? undefined : [...jobs.values()].find((each) => each.api === spec.api && each.requestId === spec.requestId);
      if (again !== undefined) return aged(again);
      const now = clock.now();
      const scanKey = ground.token('scan');
      const job: QrJob = { ...spec, createdAt: now, expiresAt: now + spec.ttlMs, scanKey, shortCode: shortCodeOf(scanKey), state: 'waiting', values: new Map() };
      jobs.set(job.id, job);
      if (jobs.size > MAX_JOBS) jobs.delete(jobs.keys().next().value!);
      return job;
    },
    get(id) {
      const job = jobs.get(id);
      return job === undefined ? undefined : aged(job);
    },
    find(fits) {
      const job = [...jobs.values()].reverse().find(fits);
      return job === undefined ? undefined : aged(job);
    },
    open(job, scans) {
      job.ticket = ground.token('ticket');
      if (scans && aged(job).state === 'waiting') settle(job, 'scanned');
      return job.ticket;
    },
    decide(job, act, key) {
      const { state } = aged(job);
      if (state !== 'waiting' && state !== 'scanned') return false;
      const own = job.key ?? key ?? ground.hsm.keys[0]!;
      switch (act) {
        case 'approve': sign(job, own); break;
        case 'sign-other': sign(job, own, true); break;
        case 'sign-with-other-key': {
          const others = ground.hsm.keys.filter((each) => each.id !== own.id && each.company.state === 'good');
          sign(job, others.find((each) => each.kind === own.kind) ?? others[0]!);
          break;
        }
        case 'refuse': settle(job, 'refused'); break;
        case 'wrong-code': settle(job, 'wrong-code'); break;
        case 'approve-late': job.lateAt = job.expiresAt + LATE_MS; job.usedKey = own; break;
        case 'ignore': break;
      }
      return true;
    },
    cancel(job) {
      if (aged(job).state === 'signed') return false;
      if (job.state === 'waiting' || job.state === 'scanned') {
        delete job.lateAt;
        settle(job, 'cancelled');
      }
      return true;
    },
  };
}

/** A value as this job wants it, and as the key can make it. */
export function signForJob({ pss }: Pick<JobSpec, 'pss'>, { key, kind }: HsmKey, hash: Uint8Array): Uint8Array {
  return pss !== undefined && kind === 'RSA-2048' ? signHashValue(key, 'pss', hash, pss) : signHonestly(key, hash);
}

/** Eight digits and capitals, none of which is taken for another. */
function shortCodeOf(key: string): string {
  return Array.from(key.slice(-8), (each) => 'ABCDEFGHJKLMNPQRSTUVWXYZ23456789'[each.charCodeAt(0) % 32]!).join('');
}
