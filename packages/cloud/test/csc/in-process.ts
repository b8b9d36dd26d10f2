import { createWorld, TRANSPORT_FAULTS, type FacadeMaker, type FaultPlan, type ProviderGround, type World } from '../../../sandbox/dist/index.js';
import { createFaultPlan } from '../../../sandbox/dist/provider/fault-plan.js';
import { createVirtualHsm } from '../../../sandbox/dist/provider/hsm.js';
import type { Fetch } from '../../src/index.js';
import type { HeldClock } from '../held-clock.js';
import { AT } from '../world.js';

export { AT };
export const world: World = createWorld({ seed: 'csc', at: AT });
const hsm = createVirtualHsm(world);

export interface InProcess {
  readonly fetch: Fetch;
  readonly faults: FaultPlan;
  /** Path, body and answer of every request. */
  readonly exchanges: readonly { readonly path: string; readonly url: string; readonly body: string; readonly authorization: string | null; readonly status: number }[];
}

/** The façades without sockets, by a clock that stands still while they work. @param ending of all tokens they give out */
export function inProcess(makers: readonly FacadeMaker[], clock: HeldClock, providerClock: { now(): number } = clock, ending = 'f3a9c17e5b'): InProcess {
  let tokens = 0;
  const ground: ProviderGround = { world, hsm, clock: { now: () => providerClock.now(), advance: (ms) => clock.jump(ms) }, baseUrl: 'http://127.0.0.1:1', token: (prefix) => `${prefix}-${String(++tokens).padStart(6, '0')}-${ending}` };
  const facades = makers.map((make) => make(ground));
  const faults = createFaultPlan([...TRANSPORT_FAULTS, ...facades.flatMap((facade) => facade.faults)]);
  const exchanges: InProcess['exchanges'][number][] = [];
  const answer = async (url: string, init: RequestInit): Promise<Response> => {
    const { pathname } = new URL(url);
    const request = new Request(url, init.method === 'GET' ? { method: 'GET' } : { method: init.method!, headers: init.headers!, body: init.body ?? null });
    const note = (status: number): void => void exchanges.push({ path: pathname, url, body: String(init.body ?? ''), authorization: request.headers.get('authorization'), status });
    if (faults.hits('lost-request', pathname)) throw new TypeError('fetch failed');
    if (faults.hits('429', pathname)) return note(429), new Response('slow down', { status: 429, headers: { 'retry-after': '2' } });
    if (faults.hits('503', pathname)) return note(503), new Response('maintenance', { status: 503 });
    const facade = facades.find(({ path }) => pathname.startsWith(path));
    const response = facade === undefined ? new Response('', { status: 404 }) : await facade.handle(request, faults);
    note(response.status);
    if (faults.hits('lost-answer', pathname)) throw new TypeError('fetch failed');
    if (faults.hits('not-json', pathname)) return new Response('OK', { headers: { 'content-type': 'application/json' } });
    response.headers.set('date', new Date(providerClock.now()).toUTCString());
    return response;
  };
  return { faults, exchanges, fetch: (url, init) => clock.during(answer(url, init)) };
}
