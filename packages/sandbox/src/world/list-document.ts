import type { CertificateKindRule, IdentityProfile, ListDocument, ServiceDocument, StatusDocument } from '@hefu/trust-list';
import type { Authority } from './authority.js';
import { NINE_CITIES } from './cities.js';
import { DAY, dayOf, YEAR } from './clock.js';
import type { WorldGround } from './authority.js';
import type { SealMaker } from './sealing.js';
import type { TimestampService } from './timestamping.js';

export const LIST_ID = 'hefu-sandbox-nine-cities';

/** Dual certificates by keyUsage, as every service of the list says it. */
const CERT_KINDS: readonly CertificateKindRule[] = [
  { kind: 'sign', match: { all: [{ keyUsage: { has: ['digitalSignature'], not: ['keyEncipherment', 'dataEncipherment', 'keyAgreement'] } }] } },
  { kind: 'encrypt', match: { any: [{ keyUsage: { has: ['keyEncipherment'] } }, { keyUsage: { has: ['keyAgreement'] } }] } },
];

export interface ListDraft {
  readonly sequence: number;
  /** `sha256:<hex>` of the payload before. */
  readonly prev: string;
  readonly issued: number;
  readonly nextUpdate: number;
  readonly authorities: readonly Authority[];
  readonly timestampServices: readonly TimestampService[];
  readonly sealMakers: readonly SealMaker[];
  /** Sequence of the list that first carried a service, where it was not the first list. */
  readonly joined: Readonly<Record<string, number>>;
  /** Ids of CAs suspended, with the event. */
  readonly suspended?: Readonly<Record<string, StatusDocument>>;
}

/** The `list` document of the nine cities. */
export function listDocument(ground: WorldGround, draft: ListDraft): ListDocument {
  return {
    type: 'list',
    spec: '1.0',
    listId: LIST_ID,
    sequence: draft.sequence,
    prev: draft.prev,
    issued: instant(draft.issued),
    nextUpdate: instant(draft.nextUpdate),
    operator: { name: { zh: '沙盒九城数字证书互认工作组', en: 'Sandbox nine-city recognition group' } },
    territory: NINE_CITIES.map(({ code }) => code),
    historyPolicy: 'forever',
    services: [...draft.authorities.map((authority) => serviceDocument(ground, draft, authority)), ...draft.timestampServices.map((each) => timestampService(ground, each)), ...draft.sealMakers.map((each) => sealService(ground, draft, each))],
    identityProfiles: draft.authorities.map((authority): IdentityProfile => authority.design.placement.profile),
  };
}

/** The entry of a CA, as the lists of the world have it. */
export function serviceDocument(ground: WorldGround, draft: Pick<ListDraft, 'joined' | 'suspended'>, authority: Authority): ServiceDocument {
  const { design } = authority;
  const joined = draft.joined[authority.id];
  const granted: StatusDocument = {
    status: 'granted',
    since: instant(joined === undefined ? dayOf(ground.at) - 3 * YEAR : dayOf(ground.at) - 300 * DAY),
    recorded: joined ?? 1,
  };
  const suspended = draft.suspended?.[authority.id];
  // A CA that the nine cities do not list may be on another list, with all its keys.
  const listed = design.listed ? authority.issuers.filter((issuer) => issuer.listed) : authority.issuers;
  const ownRoot = design.under === 'own-root';
  const anchored = ownRoot ? authority.above : listed;
  return {
    id: authority.serviceId,
    kind: 'ca',
    name: authority.name,
    anchors: anchored.map(({ certificate }) => ({ x5c: [base64(certificate)], mode: design.under === 'national' ? 'pinned-intermediate' : 'root' })),
    ...(ownRoot ? { intermediates: listed.map(({ certificate }) => base64(certificate)) } : {}),
    status: suspended === undefined ? [granted] : [suspended, granted],
    scope: [{
      regions: design.regions,
      ...(design.transactions === undefined ? {} : { transactions: design.transactions }),
      purposes: ['auth', 'sign', 'seal', 'encrypt'],
    }],
    constraints: { maxValidityDays: 1830, ...(design.kind === 'RSA-2048' ? { minRsaBits: 2048 } : {}) },
    revocation: {
      mode: ground.revocationMode,
      overrideCertificateUrls: design.crl !== 'http',
      crl: [...listed, ...(ownRoot ? authority.above : [])].map(({ crlPath }) => ({ url: ground.baseUrl + crlPath, maxBytes: 1_048_576 })),
      ...(ground.revocationMode === 'crl-only' ? {} : { ocsp: [{ url: `${ground.baseUrl}/ocsp/${authority.id}`, nonce: 'optional' as const }] }),
    },
    certKinds: CERT_KINDS,
    identity: design.placement.profile.id,
    ...(design.variants === undefined ? {} : { messageVariants: design.variants }),
  };
}

/** The entry of a time-stamp authority. */
export function timestampService(ground: WorldGround, { id, name, anchor, anchorMode, variants, crlPath }: TimestampService): ServiceDocument {
  return {
    id,
    kind: 'tsa',
    name,
    anchors: [{ x5c: [base64(anchor)], mode: anchorMode }],
    status: [{ status: 'granted', since: instant(dayOf(ground.at) - 3 * YEAR), recorded: 1 }],
    scope: [{ regions: ['*'] }],
    revocation: crlPath === undefined
      ? { mode: 'none-with-reason', reason: '自签名证书无吊销列表' }
      : { mode: 'crl-only', overrideCertificateUrls: true, crl: [{ url: ground.baseUrl + crlPath, maxBytes: 1_048_576 }] },
    messageVariants: variants,
  };
}

/** The list in which one of the makers is suspended, and every later one. */
const MAKER_SUSPENDED_IN = 12;

function sealService(ground: WorldGround, { sequence }: Pick<ListDraft, 'sequence'>, { serviceId, name, root, suspended }: SealMaker): ServiceDocument {
  const granted: StatusDocument = { status: 'granted', since: instant(dayOf(ground.at) - 3 * YEAR), recorded: 1 };
  const ended: StatusDocument = {
    status: 'suspended', since: instant(ground.at - 7 * DAY), recorded: MAKER_SUSPENDED_IN, reason: 'supervision-order', ref: '沙盒监督令第2号', effect: { gap: 'void' },
  };
  return {
    id: serviceId,
    kind: 'seal-maker',
    name,
    anchors: [{ x5c: [base64(root.certificate)], mode: 'root' }],
    status: suspended && sequence >= MAKER_SUSPENDED_IN ? [ended, granted] : [granted],
    scope: [{ regions: NINE_CITIES.map(({ code }) => code), purposes: ['seal'] }],
    revocation: { mode: 'crl-only', overrideCertificateUrls: true, crl: [{ url: ground.baseUrl + root.crlPath, maxBytes: 1_048_576 }] },
  };
}

/** `YYYY-MM-DDTHH:MM:SSZ` of a whole second. */
export function instant(at: number): string {
  return `${new Date(at).toISOString().slice(0, 19)}Z`;
}

function base64(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('base64');
}
