import type { Challenge, SigningEvent, SigningPlan, SigningWarning, SignErrorJson, TerminalEvent } from '@hefu/sign';
import type { CertificateView } from './certificate-view.js';

/** Where a signing stands in the page. */
export type SignState =
  | { readonly at: 'loading' }
  | { readonly at: 'choosing'; readonly certificates: readonly CertificateView[]; readonly error?: SignErrorJson }
  /** It could not even begin. */
  | { readonly at: 'broken'; readonly error: SignErrorJson }
  | Running
  | { readonly at: 'ended'; readonly event: TerminalEvent; readonly total: number };

export interface Running {
  readonly at: 'running';
  readonly plan?: SigningPlan;
  readonly verificationCode?: string;
  readonly phase?: Extract<SigningEvent, { type: 'phase' }>;
  readonly challenge?: Challenge;
  /** Which question was asked last, and how often in one authorisation: asked again, the answer was wrong. */
  readonly askedId?: string;
  readonly asked: number;
  readonly verified: number;
  readonly warnings: readonly SigningWarning[];
}

export const STARTED: Running = { at: 'running', asked: 0, verified: 0, warnings: [] };

/** What an event makes of it. */
export function afterEvent(state: Running, event: SigningEvent): Running | Extract<SignState, { at: 'ended' }> {
  switch (event.type) {
    case 'plan': return { ...state, plan: event.plan, verificationCode: event.verificationCode };
    case 'phase': {
      const next = { ...state, phase: event };
      // Where the user has nothing to do, what he was asked is over; the next authorisation asks anew.
      if (event.phase === 'signing' || event.phase === 'assembling' || event.phase === 'reconciling') return { ...without(next), asked: 0 };
      return event.authorisation === state.phase?.authorisation ? next : { ...next, asked: 0 };
    }
    case 'challenge': return { ...state, challenge: event.challenge, askedId: event.challenge.id, asked: state.askedId === event.challenge.id ? state.asked + 1 : 1 };
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
  return { ...without(state), asked: 0 };
}

export function itemCount({ plan }: Running): number {
  return plan?.authorisations.flat().length ?? 0;
}

function without(state: Running): Running {
  const { challenge: _, ...rest } = state;
  return rest;
}
