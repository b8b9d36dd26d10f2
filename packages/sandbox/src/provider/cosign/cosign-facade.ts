import { createHash, createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import { CryptoError } from '@hefu/crypto';
import { answerRound, createServerShare, type ServerAnswer } from '@hefu/crypto/two-party';
import { createSeed } from '../../seed.js';
import type { World } from '../../world/world.js';
import { jsonAnswer, type Facade, type ProviderGround } from '../facade.js';
import { basicTime } from '../kms/request-signature.js';
import { ANSWER_MALICE, KEY_MALICE, otherDigest } from './malice.js';
import { reissue } from './reissue.js';

/** The ways in which this server cheats, beside refusals. `cosign-other-e`: it signs another document. */
export const COSIGN_FAULTS: readonly string[] = [...Object.keys(ANSWER_MALICE), ...Object.keys(KEY_MALICE), 'cosign-other-e', 'cosign-not-hex', 'cosign-other-certificate', 'cosign-busy', 'cosign-disabled'];

/** A request may be so old, milliseconds. */
const MAX_AGE_MS = 300_000;

/** By what the toy server knows the application. Follows from the seed: no secret. */
export function cosignApp(world: Pick<World, 'seed'>): { readonly id: string; readonly secret: string } {
  return { id: 'sandbox-app', secret: Buffer.from(createSeed(world.seed).bytes('cosign/app', 24)).toString('hex') };
}

interface ServerKey {
  readonly share: Uint8Array;
  readonly publicKey: Uint8Array;
  last?: ServerAnswer;
}

/**
 * The server's half of two-party SM2 under `/cosign/v1/`: `keys`, `keys/<kid>/sign`, and `keys/<kid>/certificate`, a CA's answer to
 * `{company, csr}`. Requests are signed with `cosignApp`; nonces are good once.
 */
export function cosignFacade({ world, clock, token }: ProviderGround): Facade {
  const app = cosignApp(world);
  const keys = new Map<string, ServerKey>();
  const nonces = new Set<string>();

  const refusal = ({ headers }: Request, path: string, body: string): string | undefined => {
    const [time, nonce] = [headers.get('x-cosign-time') ?? '', headers.get('x-cosign-nonce') ?? ''];
    const text = ['POST', path, time, nonce, createHash('sha256').update(body).digest('hex')].join('\n');
    const right = createHmac('sha256', app.secret).update(text).digest();
    const given = Buffer.from(headers.get('x-cosign-signature') ?? '', 'hex');
    if (headers.get('x-cosign-app') !== app.id || given.length !== right.length || !timingSafeEqual(given, right) || nonces.has(nonce)) return 'bad-signature';
    nonces.add(nonce);
    return Math.abs(clock.now() - basicTime(time)) <= MAX_AGE_MS ? undefined : 'skew';
  };

  return {
    path: '/cosign/v1/',
    faults: COSIGN_FAULTS,
    async handle(request, faults) {
      const { pathname } = new URL(request.url);
      const hits = (fault: string): boolean => faults.hits(fault, pathname);
      const malice = (table: Readonly<Record<string, unknown>>): string | undefined => Object.keys(table).find(hits);
      const body = await request.text();
      const [, kid = '', act = ''] = /^\/cosign\/v1\/keys(?:\/([^/]+)\/(sign|certificate))?$/.exec(pathname) ?? [undefined];
      if (request.method !== 'POST') return refuse(405, 'POST');
      if (act !== 'certificate') {
        const refused = refusal(request, pathname, body);
        if (refused !== undefined) return refuse(401, refused);
        if (hits('cosign-busy')) return refuse(409, 'busy');
        if (hits('cosign-disabled')) return refuse(403, 'key-disabled');
      }
      const given = JSON.parse(body) as Record<string, string>;
      if (pathname.endsWith('/keys')) return create(given, malice(KEY_MALICE));
      const key = keys.get(kid);
      if (key === undefined) return refuse(404, 'no-key');
      if (act === 'certificate') return certify(given, hits('cosign-other-certificate'));
      return answer(key, given, malice(ANSWER_MALICE), hits);
    },
  };

  function create({ p1 }: Record<string, string>, cheat: string | undefined): Response {
    try {
      const { share, publicKey } = createServerShare(octetsOf(p1), new Uint8Array(randomBytes(48)));
      const shown = cheat === undefined ? publicKey : KEY_MALICE[cheat]!(publicKey);
      const kid = token('cosign');
      keys.set(kid, { share, publicKey: shown });
      return jsonAnswer({ kid, p: hex(shown) });
    } catch (error) {
      return refuseFor(error);
    }
  }

  function answer(key: ServerKey, { e, q1 }: Record<string, string>, cheat: string | undefined, hits: (fault: string) => boolean): Response {
    try {
      const digest = hits('cosign-other-e') ? otherDigest(key.publicKey) : octetsOf(e);
      const right = answerRound({ share: key.share, digest, q1: octetsOf(q1), random: new Uint8Array(randomBytes(96)) });
      const { r, s2, s3 } = cheat === undefined ? right : ANSWER_MALICE[cheat]!(right, key.last);
      key.last = right;
      return jsonAnswer({ r: hits('cosign-not-hex') ? 'r' : hex(r), s2: hex(s2), s3: hex(s3) });
    } catch (error) {
      return refuseFor(error);
    }
  }

  function certify({ company: id, csr }: Record<string, string>, other: boolean): Response {
    const company = world.companies.find((each) => each.id === id);
    const certificate = company === undefined ? undefined : other ? company.sign.certificate : reissue(company, octetsOf(csr));
    if (company === undefined || certificate === undefined) return refuse(400, 'bad-request');
    return jsonAnswer({ chain: [certificate, company.issuer.certificate, ...company.authority.above.map((ca) => ca.certificate)].map(hex) });
  }
}

const hex = (octets: Uint8Array): string => Buffer.from(octets).toString('hex');
const octetsOf = (text: string | undefined): Uint8Array => new Uint8Array(Buffer.from(text ?? '', 'hex'));
const refuse = (status: number, error: string): Response => jsonAnswer({ error }, status);

function refuseFor(error: unknown): Response {
  if (error instanceof CryptoError || error instanceof TypeError) return refuse(400, 'bad-request');
  throw error;
}
