import type { ChallengeAnswer, JsonObject } from '@hefu/sign';

// What a page and its backend say to each other. One file, so that both halves change together.
//   POST {base}/sessions                     StartMessage      -> SessionMessage; the same requestId and order twice is the same session, another order is REQUEST_MISMATCH
//   GET  {base}/sessions/{id}/events?after=  text/event-stream -> NumberedEvent each; or application/json -> EventsMessage
//   POST {base}/sessions/{id}/answers        AnswerMessage     -> ReceiptMessage
//   POST {base}/sessions/{id}/cancel         CancelMessage     -> {}
//   GET  {base}/sessions                                       -> SessionsMessage: those of this user that have not ended
//   GET  {base}/credentials                                    -> whatever the backend's `credentials` gives
//   any  {base}/callbacks/{name}             the provider's own

/** A header no other site's page can send without being asked first (Fetch standard §3.2: a preflight, which is never answered). */
export const REQUEST_HEADER = 'x-hefu-request';

export interface StartMessage {
  /** The page's idempotency key and the session's name, as `SigningSessionInput.requestId`. */
  readonly requestId: string;
  /** What is to be signed, as page and backend agree; octets packed. Under one requestId always the same; with `again` it may be left out. */
  readonly order?: JsonObject;
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

export interface CancelMessage {
  /** `superseded`: ended from elsewhere, to be begun anew. Anything else is `user`. */
  readonly reason?: string;
}

/** A session of this user, wherever it was begun. */
export interface SessionUnderWay {
  readonly requestId: string;
  /** Epoch milliseconds, by the backend. */
  readonly begunAt: number;
  /** What the application says of it (`SigningBackendOptions.about`), octets packed. */
  readonly about?: JsonObject;
}

export interface SessionsMessage {
  /** The last begun first. */
  readonly sessions: readonly SessionUnderWay[];
}

export interface ReceiptMessage {
  readonly receipt: 'accepted' | 'not-asked' | 'malformed';
}

/**
 * Why a request was not done: a SignError as JSON, or one of these. REQUEST_MISMATCH (422, as the IETF's draft on the Idempotency-Key header has it):
 * a session of this name was begun with another order, and goes on untouched.
 */
export type BackendFailureCode = 'UNAUTHENTICATED' | 'FORBIDDEN' | 'NOT_FOUND' | 'MALFORMED' | 'REQUEST_MISMATCH' | 'TOO_LARGE' | 'TOO_MANY' | 'INTERNAL';

export interface FailureMessage {
  readonly error: { readonly code: string; /** Of TOO_MANY. */ readonly retryAfterMs?: number };
}

