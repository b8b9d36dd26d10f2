import type { Trust } from '@hefu/trust-list';
import type { Content, Evidence, JudgeCaches, JudgeContext, Policy } from '@hefu/verify';
import type { Clock, JsonObject, Random } from '../adapter/index.js';
import type { Leases } from './leases.js';

/** What a signing needs of the world. */
export interface SessionPorts {
  readonly clock: Clock;
  readonly random: Random;
  readonly leases: Leases;
  /** Keeps a snapshot; the signing goes on when it is kept. Called before whatever may sign, and after every value. */
  readonly keep?: (snapshot: JsonObject) => Promise<void>;
  /** Receives the lines of the journal. */
  readonly journal?: (line: string) => void;
  /** Reads the content again before it is handed over, so that a file that changed is noticed; digests as for `ItemToSign`. */
  readonly reread?: (itemId: string) => Promise<Content>;
  /** Aborts the signing. */
  readonly signal?: AbortSignal;
}

/** By what the finished messages are judged, once, before they are handed over. */
export interface Judgement {
  readonly trustList: Trust;
  readonly policy: Policy;
  readonly evidence: Evidence;
  readonly context: JudgeContext;
  readonly caches?: JudgeCaches;
  /** Conclusions with which a message is handed over. Default: `passed` alone. */
  readonly accept?: readonly ('passed' | 'indeterminate')[];
}
