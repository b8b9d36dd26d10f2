import type { Challenge, SigningEvent, SigningPlan, SigningWarning, SignErrorJson, TerminalEvent } from '@hefu/sign';
import type { CertificateView } from './certificate-view.js';
import type { SigningElsewhere } from './sign-flow.js';

/** Where a signing stands in the page. */
export type SignState =
  | { readonly at: 'loading' }
  | { readonly at: 'choosing'; readonly certificates: readonly CertificateView[]; readonly error?: SignErrorJson }
  /** It could not even begin. */
  | { readonly at: 'broken'; readonly error: SignErrorJson }
  /** The same is being signed elsewhere: the person decides. */
  | { readonly at: 'elsewhere'; readonly found: SigningElsewhere }
  | Running
  | { readonly at: 'ended'; readonly event: TerminalEvent; readonly total: number };

export interface Running {
  readonly at: 'running';
  readonly plan?: SigningPlan;
  readonly verificationCode?: string;
  readonly phase?: Extract<SigningEvent, { type: 'phase' }>;
  readonly challenge?: Challenge;
  /** How often the question that was asked last has been, in one authorisation: asked again, the answer was wrong. */
  readonly asked: number;
  /** The questions of this authorisation: between a PIN and its repetition a code may have been asked for. */
  readonly askedIds: readonly string[];
  readonly verified: number;
  readonly warnings: readonly SigningWarning[];
}

export const STARTED: Running = { at: 'running', asked: 0, askedIds: [], verified: 0, warnings: [] };

const NOT_ASKED: Pick<Running, 'asked' | 'askedIds'> = { asked: 0, askedIds: [] };

/** What an event makes of it. */
export function afterEvent(state: Running, event: SigningEvent): Running | Extract<SignState, { at: 'ended' }> {
  switch (event.type) {
    case 'plan': return { ...state, plan: event.plan, verificationCode: event.verificationCode };
    case 'phase': {
      const next = { ...state, phase: event };
      // Where the user has nothing to do, what he was asked is over; the next authorisation asks anew.
      if (event.phase === 'signing' || event.phase === 'assembling' || event.phase === 'reconciling') return { ...without(next), ...NOT_ASKED };
      return event.authorisation === state.phase?.authorisation ? next : { ...next, ...NOT_ASKED };
    }
    case 'challenge': {
      const { challenge } = event;
      const askedIds = [...state.askedIds, challenge.id];
      return { ...state, challenge, askedIds, asked: askedIds.filter((id) => id === challenge.id).length };
    }
    case 'item': return event.state === 'verified' ? { ...state, verified: state.verified + 1 } : state;
    case 'warning': return state.warnings.includes(event.code) ? state : { ...state, warnings: [...state.warnings, event.code] };
    case 'poll': return state;
    default: return { at: 'ended', event, total: itemCount(state) };
  }
}

/** The question is answered; what follows is awaited. */
export function answered(state: Running): Running {
  return without(state);
}

/** Asked for again by the user himself, which is no mistake. */
export function resent(state: Running): Running {
  return { ...without(state), ...NOT_ASKED };
}

export function itemCount({ plan }: Running): number {
  return plan?.authorisations.flat().length ?? 0;
}

function without(state: Running): Running {
  const { challenge: _, ...rest } = state;
  return rest;
}
