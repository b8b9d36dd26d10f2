import type { ProviderGround } from '../facade.js';
import type { FaultPlan } from '../fault-plan.js';
import type { JobBook, QrJob } from './job-book.js';
import type { OutgoingCallback } from './webhook.js';

/** A request to one of the interfaces, its JSON body read. */
export interface ApiCall {
  readonly method: string;
  /** Below the interface, without a leading slash. */
  readonly path: string;
  readonly url: URL;
  readonly headers: Headers;
  readonly text: string;
  readonly body: Readonly<Record<string, unknown>>;
  readonly faults: FaultPlan;
}

export interface ApiGround extends ProviderGround {
  readonly book: JobBook;
}

/** One provider's interface over the book. */
export interface QrApi {
  /** `coss/`: below `/qr/`. */
  readonly path: string;
  handle(call: ApiCall): Response;
  /** What it tells the platform of a job that changed; undefined for nothing. */
  callback?(job: QrJob): { readonly url: string; readonly callback: OutgoingCallback; readonly forge: () => OutgoingCallback } | undefined;
}

/** Faults of status answers that no provider's words cover. */
export const STATUS_FAULTS = ['unknown-word', 'echo-other-job', 'job-id-of-other', 'forgotten'] as const;

export const text = (value: unknown): string => (typeof value === 'string' ? value : '');
export const base64 = (octets: Uint8Array): string => Buffer.from(octets).toString('base64');
/** What is a list of objects; anything else is empty. */
export const objects = (value: unknown): readonly Readonly<Record<string, unknown>>[] => (Array.isArray(value) ? value.filter((each) => typeof each === 'object' && each !== null) : []);
