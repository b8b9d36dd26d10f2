import type { ChallengeAnswer, JsonObject } from '@hefu/sign';

// What a page and its backend say to each other. One file, so that both halves change together.
//   POST {base}/sessions                     StartMessage      -> SessionMessage; the same requestId twice is the same session
//   GET  {base}/sessions/{id}/events?after=  text/event-stream -> NumberedEvent each; or application/json -> EventsMessage
//   POST {base}/sessions/{id}/answers        AnswerMessage     -> ReceiptMessage
//   POST {base}/sessions/{id}/cancel         {}                -> {}
//   GET  {base}/credentials                                    -> whatever the backend's `credentials` gives
//   any  {base}/callbacks/{name}             the provider's own

/** A header no other site's page can send without being asked first (Fetch standard §3.2: a preflight, which is never answered). */
export const REQUEST_HEADER = 'x-hefu-request';

export interface StartMessage {
  /** The page's idempotency key and the session's name, as `SigningSessionInput.requestId`. */
  readonly requestId: string;
  /** What is to be signed, as page and backend agree; octets packed. That of the first beginning counts. */
  readonly order: JsonObject;
  /** Goes on with what a failed session left unsigned; of one that has not failed, nothing. */
  readonly again?: boolean;
}

export interface SessionMessage {
  readonly requestId: string;
}

/** Events are numbered within an epoch: one run of the session in one process. After another epoch began, all are told again. */
export interface NumberedEvent {
  /** `epoch.number`. */
  readonly id: string;
  /** A SigningEvent, octets packed. */
  readonly event: JsonObject;
}

export interface EventsMessage {
  readonly events: readonly NumberedEvent[];
}

export interface AnswerMessage {
  readonly challengeId: string;
  readonly answer: ChallengeAnswer;
}

export interface ReceiptMessage {
  readonly receipt: 'accepted' | 'not-asked' | 'malformed';
}

/** Why a request was not done: a SignError as JSON, or one of these. */
export type BackendFailureCode = 'UNAUTHENTICATED' | 'FORBIDDEN' | 'NOT_FOUND' | 'MALFORMED' | 'TOO_LARGE' | 'TOO_MANY' | 'INTERNAL';

export interface FailureMessage {
  readonly error: { readonly code: string };
}

