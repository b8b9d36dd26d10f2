import { TrustListError, type Problem } from './error.js';
import { factsOf } from './refuse-on-demand.js';
import { DETECTED, REFUSALS, type Bilingual, type RefusalCode, type RefusalResponsible } from './refusal.js';
import type { SignatureFact } from './verify-signatures.js';

/** Why one document was not taken. */
export interface Refusal {
  readonly code: RefusalCode;
  readonly message: Bilingual;
  readonly remedy: Bilingual;
  readonly responsible: RefusalResponsible;
  /** Everything wrong with the content, when that is why. */
  readonly problems?: readonly Problem[];
  /** What was found about each signature, once they were looked at. */
  readonly signatures?: readonly SignatureFact[];
  readonly expected?: string;
  readonly actual?: string;
  /** Envelopes that contradict each other, the one in hand first: kept, whatever becomes of the update. */
  readonly evidence?: readonly Uint8Array[];
}

export interface RefusalDetails {
  readonly expected?: string | undefined;
  readonly actual?: string | undefined;
  readonly detail?: string;
  readonly problems?: readonly Problem[];
  readonly signatures?: readonly SignatureFact[] | undefined;
  readonly evidence?: readonly Uint8Array[];
}

/** A refusal in words: the row of the code, with what was expected and found. */
export function refuse(code: RefusalCode, details: RefusalDetails = {}): Refusal {
  const { message, remedy, responsible } = REFUSALS[code];
  const { expected, actual, detail } = details;
  const seen = actual === undefined ? undefined : DETECTED[actual];
  const zh = seen?.zh ?? detail ?? facts(expected, actual, '应为 ', '实为 ', '，');
  const en = seen?.en ?? detail ?? facts(expected, actual, 'expected ', 'found ', ', ');
  return {
    code,
    message: { zh: zh === undefined ? message.zh : `${message.zh.replace(/。$/, '')}（${zh}）。`, en: en === undefined ? message.en : `${message.en.replace(/\.$/, '')} (${en}).` },
    remedy,
    responsible,
    ...factsOf(details),
  };
}

/** What was thrown about malformed input, as a refusal; anything else is thrown on. */
export function refuseError(error: unknown, signatures?: readonly SignatureFact[]): Refusal {
  if (!(error instanceof TrustListError)) throw error;
  return refuse(error.code, { detail: error.message, problems: error.problems, actual: error.detected, signatures });
}

function facts(expected: string | undefined, actual: string | undefined, expectedLabel: string, actualLabel: string, separator: string): string | undefined {
  const parts = [...(expected === undefined ? [] : [`${expectedLabel}${expected}`]), ...(actual === undefined ? [] : [`${actualLabel}${actual}`])];
  return parts.length === 0 ? undefined : parts.join(separator);
}
