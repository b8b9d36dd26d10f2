import type { Algorithms } from '@hefu/crypto';
import type { ChallengeAnswer, Clock, QuestionChallenge, Random, ShownChallenge, SigningAdapter } from '../adapter/index.js';
import type { Judgement } from '../session/ports.js';

/** What can be made to go wrong at the provider behind an adapter. */
export type Fault =
  | 'lost-request' | 'lost-answer' | 'user-refuses' | 'wrong-pin-once'
  // A provider that cannot be relied on, with the first signing call:
  | 'other-hash' // a value over something else
  | 'other-order' // a batch answered in another order
  | 'other-certificate' // sent along instead of the one it lists
  | 'other-algorithm' // named, and used where it can be
  | 'other-key' // a value by another key
  | 'replayed-value' // the value of an earlier item again
  | 'value-missing'; // a batch answered in part, as if that were all

/** A fresh adapter before a fresh provider, and the user who sits there. */
export interface ConformanceSubject {
  readonly adapter: SigningAdapter;
  /** Of `adapter` and its provider; what the harness waits by. */
  readonly clock: Clock;
  /** What the user answers, rightly unless a fault says otherwise. */
  answer(challenge: QuestionChallenge): ChallengeAnswer | Promise<ChallengeAnswer>;
  /** The user sees this on the screen, and confirms on his device. */
  shown?(challenge: ShownChallenge): void | Promise<void>;
  /** PINs, codes and tokens of this subject, which may stand nowhere. */
  secrets?(): readonly string[];
  /** Keys and shares of this subject as text, which may stand nowhere either; an adapter has no reason to make text of them, nor to have it struck out. */
  keys?(): readonly string[];
  /** Item ids of the values the provider has made, in order; without it double signatures are not seen. */
  made?(): readonly string[];
  /** What left for the provider, request by request; without it labels and secrets in addresses are not seen. */
  sent?(): readonly SentRequest[];
  /** Releases what the subject holds, as a server. Called when a check is over. */
  close?(): void | Promise<void>;
}

export interface SentRequest {
  /** Whole, with its query; for another way than HTTP the name of the request. */
  readonly address: string;
  /** As text, if any. */
  readonly body: string;
}

/** Makes a subject; undefined for a fault that this provider cannot show, also for one it does not know. */
export type MakeSubject = (fault?: Fault) => ConformanceSubject | undefined | Promise<ConformanceSubject | undefined>;

/** What every check needs of the world. */
export interface ConformanceHarness {
  readonly algorithms: Algorithms;
  readonly random: Random;
  /** By which the subject's certificates are recognised. */
  readonly judgement: Judgement;
  /** A verifier that we did not write, for level 6: what it says of a detached message over content. `unsupported`: it knows no such message. */
  readonly verifyForeign?: (message: Uint8Array, content: Uint8Array) => Promise<'verified' | 'refused' | 'unsupported'>;
}

export type ConformanceLevel = 'L0' | 'L1' | 'L2' | 'L3' | 'L4' | 'L5' | 'L6';
export const CONFORMANCE_LEVELS: readonly ConformanceLevel[] = ['L0', 'L1', 'L2', 'L3', 'L4', 'L5', 'L6'];

/** One thing an adapter is held to. `run` throws {@link ConformanceFailure}; a text it returns says why it could not be tried. */
export interface ConformanceCheck {
  readonly id: string;
  readonly level: ConformanceLevel;
  readonly title: string;
  run(make: MakeSubject, harness: ConformanceHarness): Promise<string | undefined>;
}

export class ConformanceFailure extends Error {
  override readonly name = 'ConformanceFailure';
}

/** @throws ConformanceFailure unless it holds */
export function demand(holds: boolean, problem: string): asserts holds {
  if (!holds) throw new ConformanceFailure(problem);
}

/** Why a check of a fault was not tried. */
export const cannotShow = (fault: Fault): string => `the subject cannot show the fault ${fault}`;
