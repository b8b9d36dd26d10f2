// A second set of CAs, each with one thing to try, and the trust list that names them. Every key is a toy.
import { createHash } from 'node:crypto';
import { utf8String } from '@hefu/pki';
import {
  attr, authorityKeyIdentifier, basicConstraints, deriveKeyPair, distinguishedName, extension, issueCertificate, issueCrl, keyUsage, signEnvelope, subjectKeyIdentifier,
} from '@hefu/sandbox';
import { serializeList } from '@hefu/trust-list';
import { AT, base64, DAY, HOLDER, HOLDER_NAME, HOUR, instant, REGION, seed, YEAR } from './ground.mjs';

export const ORGANISATION_CODE = '1.2.156.10260.4.1.4';
export const LABORATORY_LIST_ID = 'hefu-test-vectors-laboratory';
/** The laboratory's list runs out here. */
export const LIST_END = AT + 60 * DAY;
export const LIST_ISSUED = AT - 2 * DAY;

const PROFILE = 'prof:hefu-test-vectors';
const PROFILES = [
  {
    id: PROFILE, version: 1, subjectType: [{ if: 'always', is: 'organization' }],
    fields: { uscc: { try: [{ ext: ORGANISATION_CODE, decode: ['der-string'], accept: 'USCC18' }] }, name: { try: [{ dn: 'O', accept: 'TEXT' }] } },
  },
];

/** Octets of a positive serial number. */
function serial(name) {
  const octets = seed.bytes(`vectors/serial/${name}`, 12);
  octets[0] = (octets[0] & 0x3f) | 0x40;
  return octets;
}

export class Laboratory {
  #book;
  #world;
  #services = [];
  #profiles = [...PROFILES];
  #keys = new Map();

  constructor(book, world) {
    this.#book = book;
    this.#world = world;
  }

  /** Deriving an RSA key takes a quarter of a second, so all RSA holders of a kind share one. */
  key(name, kind) {
    const wanted = kind === 'RSA-2048' ? (name.startsWith('ca/') ? 'ca/rsa' : 'leaf/rsa') : name;
    const id = `${kind} ${wanted}`;
    if (!this.#keys.has(id)) this.#keys.set(id, deriveKeyPair(seed, `vectors/${wanted}`, kind));
    return this.#keys.get(id);
  }

  profile(profile) {
    this.#profiles.push(profile);
    return profile.id;
  }

  /**
   * A CA with a self-signed certificate that is a service of the list.
   * `service` overrides members of the service, `extensions(list)` edits the certificate's extensions.
   */
  authority(id, { kind = 'SM2', service = {}, ...rest } = {}) {
    const ca = this.#issue({ id, kind, ...rest }, undefined);
    const { revocation, ...members } = service;
    ca.service = {
      id: `urn:hefu:test-vectors:svc:${id}`,
      kind: 'ca',
      name: { zh: `测试向量 CA ${id}`, en: `Test vectors CA ${id}` },
      anchors: [{ x5c: [base64(ca.certificate)], mode: 'root' }],
      status: [{ status: 'granted', since: instant(AT - 3 * YEAR), recorded: 1 }],
      scope: [{ regions: [REGION], purposes: ['auth', 'sign', 'seal', 'encrypt'] }],
      revocation: { mode: 'crl-only', overrideCertificateUrls: true, ...revocation, crl: [{ url: ca.crlUrl, ...revocation?.endpoint }] },
      identity: PROFILE,
      ...members,
    };
    delete ca.service.revocation.endpoint;
    if (ca.service.identity === null) delete ca.service.identity;
    this.#services.push(ca.service);
    return ca;
  }

  /** A CA below another one, not itself on the list. Its CRL is served from where the list says. */
  subordinate(parent, id, options = {}) {
    const ca = this.#issue({ id, kind: options.kind ?? parent.key.kind, ...options }, parent);
    ca.service = parent.service;
    ca.service?.revocation.crl.push({ url: ca.crlUrl });
    return ca;
  }

  #issue({ id, kind, notBefore = AT - 4 * YEAR, notAfter = AT + 10 * YEAR, pathLength, extensions = (list) => list, signer, name, certificate = {} }, parent) {
    const key = this.key(`ca/${id}`, kind);
    const subject = name ?? distinguishedName([attr('C', 'CN'), attr('O', 'Hefu Test Vectors'), attr('CN', `Vectors ${id}`)]);
    const issuing = signer ?? parent?.key ?? key;
    return {
      id,
      key,
      name: subject,
      parent,
      crlUrl: `${this.#world.baseUrl}/vectors/${id}.crl`,
      certificate: issueCertificate({
        serialNumber: serial(`ca/${id}`),
        issuer: parent?.name ?? subject,
        subject,
        notBefore,
        notAfter,
        spki: key.spkiDer,
        signer: issuing,
        extensions: extensions([
          ...(parent === undefined ? [] : [authorityKeyIdentifier(parent.key.keyIdentifier)]),
          subjectKeyIdentifier(key.keyIdentifier),
          basicConstraints({ ca: true, ...(pathLength === undefined ? {} : { pathLength }), critical: true }),
          keyUsage(['keyCertSign', 'cRLSign'], { critical: true }),
        ]),
        ...certificate,
      }),
    };
  }

  /** A company's signing certificate and key. `extensions(list)` edits the extensions. */
  company(ca, label = 'company', { kind = ca.key.kind, subject = HOLDER_NAME, notBefore = AT - 200 * DAY, notAfter = AT + 530 * DAY, extensions = (list) => list, signer = ca.key, ...rest } = {}) {
    const key = this.key(`leaf/${ca.id}/${label}`, kind);
    return {
      key,
      certificate: issueCertificate({
        serialNumber: serial(`leaf/${ca.id}/${label}`),
        issuer: ca.name,
        subject,
        notBefore,
        notAfter,
        spki: key.spkiDer,
        signer,
        extensions: extensions([
          authorityKeyIdentifier(ca.key.keyIdentifier),
          subjectKeyIdentifier(key.keyIdentifier),
          keyUsage(['digitalSignature', 'nonRepudiation'], { critical: true }),
          extension(ORGANISATION_CODE, utf8String(HOLDER.uscc)),
        ]),
        ...rest,
      }),
    };
  }

  /** A CRL of a CA as evidence: issued six hours before `at`, due in a week. */
  crl(ca, label = 'crl', { at = AT, entries = [], name = ca.name, key = ca.key, ...rest } = {}) {
    const bytes = issueCrl({ issuer: name, signer: key, thisUpdate: at - 6 * HOUR, nextUpdate: at + 7 * DAY, crlNumber: 7, entries, ...rest });
    return { path: this.#book.share(`crl/${ca.id}${label === 'crl' ? '' : `-${label}`}.crl`, bytes), url: ca.crlUrl };
  }

  /** A certificate as evidence. */
  certificate(label, bytes) {
    return this.#book.share(`certificate/${label}.cer`, bytes);
  }

  /** SHA-256, lower-case hex. */
  hash(bytes) {
    return createHash('sha256').update(bytes).digest('hex');
  }

  /** Signs the list of every CA made so far. */
  writeList() {
    const [centre, , supervision] = this.#world.operators;
    const payload = serializeList({
      type: 'list', spec: '1.0', listId: LABORATORY_LIST_ID, sequence: 1,
      issued: instant(LIST_ISSUED), nextUpdate: instant(LIST_END),
      operator: { name: { zh: '合符测试向量', en: 'Hefu test vectors' } },
      territory: [REGION],
      services: this.#services,
      identityProfiles: this.#profiles,
    });
    this.#book.share('list/laboratory.json', signEnvelope(payload, [centre, supervision], LIST_ISSUED));
  }
}

/** Leaves one extension out. */
export const without = (oid) => (list) => list.filter((one) => one.oid !== oid);
/** Puts one extension in the place of those with its OID, or at the end. */
export const instead = (...specs) => (list) => [...list.filter((one) => !specs.some(({ oid }) => oid === one.oid)), ...specs];
export const plus = (...specs) => (list) => [...list, ...specs];
export const OID = { keyUsage: '2.5.29.15', basicConstraints: '2.5.29.19', nameConstraints: '2.5.29.30', policyConstraints: '2.5.29.36', aki: '2.5.29.35' };
