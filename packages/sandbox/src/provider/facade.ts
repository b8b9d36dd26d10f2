import type { World } from '../world/world.js';
import type { ProviderClock } from './clock.js';
import type { FaultPlan } from './fault-plan.js';
import type { VirtualHsm } from './hsm.js';

/** What all façades of one provider share. */
export interface ProviderGround {
  readonly world: World;
  readonly hsm: VirtualHsm;
  readonly clock: ProviderClock;
  /** `http://127.0.0.1:<port>`, without a slash at the end. */
  readonly baseUrl: string;
  /** Octets that follow from the seed: tokens and handles, guessable by design of a toy, never twice the same. */
  token(prefix: string): string;
}

/** One protocol over the keys of the provider. */
export interface Facade {
  /** The first part of its paths: `/csc/`, `/qr/`. */
  readonly path: string;
  /** Names of the faults it knows beside those of the transport. */
  readonly faults: readonly string[];
  /** Answers a request below `path`. A throw is a bug of the sandbox and becomes 500. */
  handle(request: Request, faults: FaultPlan): Promise<Response> | Response;
  /** Stops timers and what else outlives a request. */
  close?(): void;
}

export type FacadeMaker = (ground: ProviderGround) => Facade;

/** A JSON answer. */
export function jsonAnswer(value: unknown, status = 200, headers: Readonly<Record<string, string>> = {}): Response {
  return new Response(JSON.stringify(value), { status, headers: { 'content-type': 'application/json', ...headers } });
}
