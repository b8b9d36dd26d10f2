import { parseCertificate } from '@hefu/pki';
import type { ListRole } from '@hefu/trust-list';
import type { CrlEntry } from '../crl.js';
import { answerOcsp, type OcspAuthority } from '../ocsp.js';
import { lazily, LazyMap, once } from '../lazily.js';
import { createSeed } from '../seed.js';
import { type Authority, type CaCertificate, createAuthority, createCrl, createNationalRoot, type WorldGround } from './authority.js';
import { AUTHORITY_DESIGNS } from './authority-design.js';
import { type City, NINE_CITIES } from './cities.js';
import { DAY, HOUR, SECOND } from './clock.js';
import { COMPANY_DESIGNS } from './company-design.js';
import { type Company, createCompany, crlEntries } from './company.js';
import { createLists, type ListName } from './lists.js';
import { createListRole, createOperators, type ListOperator } from './operators.js';
import { createScheme, type SandboxScheme } from './scheme.js';
import { createSealing, type CompanySeal, type SealMaker } from './sealing.js';
import { createScenarios, type Scenario } from './scenario.js';
import { createTimestamping, type TimestampAuthority, timestampResponders } from './timestamping.js';

export interface WorldOptions {
  /** Any text. The same seed, time and address give the same octets everywhere. */
  readonly seed: string;
  /** The world's present, epoch milliseconds; cut to whole seconds. Everything in it is dated from here. */
  readonly at: number;
  /** `http://host:port` under which `serveWorld` answers; written into certificates and lists. Default `http://127.0.0.1:18080`. */
  readonly crlBaseUrl?: string;
  /** How the lists say revocation is asked after. Default `crl-only`; otherwise they name the responders under `/ocsp/`. */
  readonly revocationMode?: WorldGround['revocationMode'];
  /** The clock of the time-stamp authorities, epoch milliseconds. Default: it stands still at `at`. */
  readonly now?: () => number;
}

/** The nine cities with their CAs, companies, lists and stories. Every key in it is a toy. */
export interface World {
  readonly seed: string;
  readonly at: number;
  readonly baseUrl: string;
  readonly cities: readonly City[];
  readonly nationalRoot: CaCertificate;
  readonly authorities: readonly Authority[];
  readonly companies: readonly Company[];
  /** CRLs by path: `/crl/<name>.crl`. DER. */
  readonly crls: ReadonlyMap<string, Uint8Array>;
  /** OCSP responders by path: `/ocsp/<authority>`, each for all certificates of one regional CA and of the root of its own. DER to DER, signed by the issuing key. */
  readonly ocsp: ReadonlyMap<string, (request: Uint8Array) => Uint8Array>;
  readonly timestampRoots: readonly CaCertificate[];
  readonly timestampAuthorities: readonly TimestampAuthority[];
  /** Time-stamp authorities by path: `/tsa/<id>`, and `/tsa/<id>/<fault>`. TimeStampReq to TimeStampResp, DER. */
  readonly tsa: ReadonlyMap<string, (request: Uint8Array) => Uint8Array>;
  readonly sealMakers: readonly SealMaker[];
  /** Seals of companies, V4 for all that may sign with SM2, V1 and V5 for one; each with a stamped bid. */
  readonly seals: readonly CompanySeal[];
  readonly operators: readonly ListOperator[];
  readonly listRole: ListRole;
  /** Envelopes, UTF-8 of JWS General JSON. */
  readonly lists: Readonly<Record<ListName, Uint8Array>>;
  readonly scenarios: readonly Scenario[];
  /** The same CAs under lists of a province, two of its cities and a neighbour. */
  readonly scheme: SandboxScheme;
}

const DEFAULT_BASE_URL = 'http://127.0.0.1:18080';

/**
 * The nine-city world. Keys, certificates, lists and all else are made when they are first asked for.
 * @throws TypeError on an empty seed, a time outside 1980 to 2099, or a base URL that is not `http(s)://…` without path
 */
export function createWorld(options: WorldOptions): World {
  const ground = groundOf(options);
  const nationalRoot = createNationalRoot(ground);
  const authorities = AUTHORITY_DESIGNS.map((design) => createAuthority(ground, design, nationalRoot));
  const companies = COMPANY_DESIGNS.map((design) => createCompany(ground, design, authorities.find(({ id }) => id === design.authority)!));

  const timestamping = createTimestamping(ground, authorities);
  const sealing = createSealing(ground, companies);

  const revoked = (ca: CaCertificate): readonly CrlEntry[] => companies.filter(({ issuer }) => issuer === ca).flatMap((company) => crlEntries(ground, company));
  const cas = new Set([nationalRoot, ...authorities.flatMap(({ issuers, above }) => [...issuers, ...above]), ...timestamping.roots, ...sealing.makers.map(({ root }) => root)]);
  const crls = new LazyMap([...cas].map((ca) => [ca.crlPath, () => createCrl(ground, ca, revoked(ca))]));

  const ocspAuthority = (ca: CaCertificate): OcspAuthority => ({
    name: ca.name,
    key: ca.key,
    publicKey: parseCertificate(ca.certificate).spki.publicKey,
    parameters: ca.parameters,
    revoked: revoked(ca),
  });
  const times = { thisUpdate: ground.at - HOUR, nextUpdate: ground.at + DAY };
  const ocsp = new Map(
    authorities.map(({ id, issuers, above }) => {
      const answering = once(() => [...issuers, ...above].map(ocspAuthority));
      return [`/ocsp/${id}`, (request: Uint8Array) => answerOcsp(request, answering(), times)];
    }),
  );

  const operators = createOperators(ground.seed);
  const lists = createLists(ground, authorities, { timestampServices: timestamping.services, sealMakers: sealing.makers }, operators);
  const { at, baseUrl } = ground;
  const known = {
    seed: options.seed,
    at,
    baseUrl,
    cities: NINE_CITIES,
    nationalRoot,
    authorities,
    companies,
    crls,
    ocsp,
    timestampRoots: timestamping.roots,
    timestampAuthorities: timestamping.units,
    tsa: timestampResponders(ground, timestamping.units, options.now ?? (() => ground.at)),
    sealMakers: sealing.makers,
    seals: sealing.seals,
    operators,
    lists,
  };
  return lazily(known, {
    listRole: () => createListRole(operators),
    scenarios: () => createScenarios({ at, baseUrl, companies, lists, crls }),
    scheme: () => createScheme(ground, authorities, timestamping.services, operators),
  });
}

function groundOf(options: WorldOptions): WorldGround {
  const { at } = options;
  // Roots reach 20 years ahead and 10 back, and UTCTime holds 1950 to 2049: outside 1980 to 2100 the toy dates make no sense.
  if (!(at >= Date.UTC(1980, 0) && at < Date.UTC(2100, 0))) throw new TypeError('at is not a time from 1980 to 2099 in epoch milliseconds');
  const baseUrl = options.crlBaseUrl ?? DEFAULT_BASE_URL;
  if (!/^https?:\/\/[^/\s]+$/.test(baseUrl)) throw new TypeError('crlBaseUrl is http://host:port without a path');
  return { seed: createSeed(options.seed), at: Math.floor(at / SECOND) * SECOND, baseUrl, revocationMode: options.revocationMode ?? 'crl-only' };
}
