import { readFileSync } from 'node:fs';
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import { beforeAll, describe, expect, it } from 'vitest';
import { encodeBase64 } from '../../src/base64.js';
import {
  makeBundle, readBundleContent, readEnvelope, readFreshnessContent, readListContent, readRootContent, serializeList, TrustListError, type BundleDocument, type FreshnessDocument, type ListDocument, type RootDocument,
} from '../../src/index.js';
import { hexOf } from '../../src/sha256.js';
import { caCertificate, joseSigner, listOf, serviceOf, sha256, utf8 } from '../helpers/world.js';
import { ann, bo, cai, city, delegationTo, keyOf, load, online, print, publish, rootDocument, people } from '../helpers/scheme.js';

const ajv = new Ajv2020({ strict: false, unicodeRegExp: true });
const schemaOf = (name: string): ValidateFunction => ajv.compile(JSON.parse(readFileSync(new URL(`../../schemas/${name}.schema.json`, import.meta.url), 'utf8')) as object);
const schemas = { root: schemaOf('root'), list: schemaOf('list'), freshness: schemaOf('freshness'), bundle: schemaOf('bundle'), envelope: schemaOf('envelope') };
type Name = keyof typeof schemas;

const readers: Readonly<Record<Name, (bytes: Uint8Array) => unknown>> = {
  root: (bytes) => readRootContent(bytes, { sha256 }),
  list: (bytes) => readListContent(bytes, { sha256 }),
  freshness: (bytes) => readFreshnessContent(bytes),
  bundle: (bytes) => readBundleContent(bytes),
  envelope: (bytes) => readEnvelope(bytes),
};

/** Undefined when read, else the problems. */
function problems(name: Name, value: unknown): readonly string[] | undefined {
  try {
    readers[name](utf8(JSON.stringify(value)));
    return undefined;
  } catch (error) {
    if (!(error instanceof TrustListError)) throw error;
    return error.problems.length > 0 ? error.problems.map(({ path, message }) => `${path} ${message}`) : [error.code];
  }
}

const documents = {} as Record<Name, object>;

beforeAll(async () => {
  const certificate = await caCertificate('Test CA');
  const [es256, eddsa, ps256] = await Promise.all((['ES256', 'EdDSA', 'PS256'] as const).map(joseSigner));
  const root: RootDocument = {
    ...rootDocument(),
    version: 2,
    prev: `sha256:${'ab'.repeat(32)}`,
    keys: [keyOf(ann, 'a', { owner: '甲' }), keyOf(bo, 'b', { notAfter: '2030-01-01T00:00Z' }), keyOf(cai, 'c'), keyOf(online, 'a'), keyOf(es256!, 'e'), keyOf(eddsa!, 'f'), keyOf(ps256!, 'g')],
    roles: { ...rootDocument().roles, list: { keys: [print(ann), print(es256!)], threshold: 2, distinctOrgs: 2, families: { F1: 1, F2: 1 } } },
    limits: { maxListBytes: 1_000_000, maxDepth: 2, maxLists: 20, maxNextUpdate: 'P90D', maxFreshness: 'PT48H' },
    distribution: ['https://42.example/trust/', 'file:///mnt/trust/'],
    crit: ['limits'],
  };
  const list: ListDocument = listOf(
    [
      serviceOf(certificate, {
        operator: { uscc: '91420000MA00000000', licence: 'ECP 0000', name: { zh: '某公司', en: 'Company' } },
        anchors: [{ x5c: [encodeBase64(certificate)], sha256: hexOf(sha256.digest(certificate)), mode: 'root' }, { spkiSha256: 'ab'.repeat(32), mode: 'pinned-intermediate' }],
        intermediates: [encodeBase64(certificate)],
        status: [
          { status: 'suspended', since: '2026-04-01T00:00Z', recorded: 3, reason: 'order', ref: 'no. 1', effect: { gap: 'void' } },
          { status: 'granted', since: '2021-03-01T00:00Z', recorded: 1 },
        ],
        scope: [{ regions: ['42*', '420100'], transactions: ['工程建设'], roles: ['bidder'], purposes: ['sign'], from: '2026-01-01T00:00Z', until: '2027-01-01T00:00Z' }],
        constraints: { policyOids: ['1.2.156.1'], permittedDN: [['C=CN', 'ST=湖北省']], excludedDN: [], pathLen: 1, issuedFrom: '2020-01-01T00:00Z', issuedUntil: '2030-01-01T00:00Z', maxValidityDays: 1830, sigAlgs: ['SM2-SM3'], minRsaBits: 2048, requireExt: ['1.2.3'] },
        revocation: {
          mode: 'none-with-reason', reason: 'offline', overrideCertificateUrls: true, crl: [{ url: 'http://crl.example/a.crl', mirrors: ['ldap://10.0.0.1/a'], maxAge: 'PT24H', maxBytes: 1000, issuerService: 'urn:hefu:test:crl' }],
          ocsp: [{ url: 'http://ocsp.example/', mirrors: ['https://b.example/'], responders: [encodeBase64(certificate)], responderService: 'urn:hefu:test:ocsp', nonce: 'optional', skew: 'PT5M', maxAge: 'PT1H' }],
        },
        certKinds: [{ kind: 'sign', match: { all: [{ keyUsage: { has: ['digitalSignature'], not: ['keyEncipherment'] } }, { none: [{ extPresent: '1.2.3' }, { policy: '1.2.3' }] }, { any: [{ eku: '1.2.3' }, { dn: { type: 'CN', value: 'x' } }] }] } }],
        identity: 'prof:a',
        messageVariants: ['za-content'],
        crit: ['scope'],
      }),
      { ...serviceOf(certificate), id: 'urn:hefu:test:crl', kind: 'crl-issuer' },
      { ...serviceOf(certificate), id: 'urn:hefu:test:ocsp', kind: 'ocsp' },
    ],
    {
      sequence: 3, prev: `sha256:${'00'.repeat(32)}`, historyPolicy: 'forever', operator: { name: { zh: '运营方', en: 'Operator' }, uscc: '91420000MA00000000' }, crit: ['delegations'],
      identityProfiles: [{
        id: 'prof:a', version: 1, subjectType: [{ if: { extPresent: '1.2.3' }, is: 'organization' }, { if: 'always', is: 'person' }],
        fields: { uscc: { try: [{ ext: '1.2.3', decode: ['auto'], strip: ['\\s'], accept: 'USCC18' }, { dn: 'OU', regex: '^(?<value>.{18})$', accept: 'USCC18' }], onMultiple: 'must-agree' }, orgCode: { try: [], derive: { from: 'uscc', slice: [8, 17] } } },
        required: ['uscc'],
        samples: [{ certSha256: hexOf(sha256.digest(certificate)), x5c: [encodeBase64(certificate)], expect: { uscc: '91420000MA00000000', orgCode: 'MA0000000' } }],
      }],
      tombstones: [{ id: 'urn:gone', sequence: 2, reason: 'merged' }],
      delegations: [delegationTo('4201', city, { distinctOrgs: 1, families: { F2: 1 }, kinds: ['ca'], purposes: ['sign'], maxNextUpdate: 'P30D', location: ['https://42.example/4201/'] })],
      peers: [{
        schemeId: 'urn:hefu:test:34', rootSha256: 'ab'.repeat(32), since: '2026-01-01T00:00Z', until: '2027-01-01T00:00Z', regions: ['4201*'], location: ['https://34.example/'],
        map: [{ theirs: { transactions: ['工程'], roles: ['x'] }, ours: { transactions: ['工程建设'], roles: ['bidder'] } }], accept: { kinds: ['ca'], purposes: ['sign'], maxStatusAge: 'PT24H' },
      }],
    },
  );
  const folder = await publish([serviceOf(certificate)]);
  const freshness: FreshnessDocument = { ...folder.freshness!, lists: { '42': { ...folder.entries()['42']!, sm3: 'cd'.repeat(32) }, '4201': folder.entries()['42']! }, crit: ['root'] };
  const bundle = JSON.parse(new TextDecoder().decode(makeBundle(await load(folder)))) as BundleDocument;
  const envelope = JSON.parse(new TextDecoder().decode(folder.files.get('42/1.json')!)) as object;
  Object.assign(documents, { root, list, freshness, bundle: { ...bundle, peers: [bundle] }, envelope: { ...envelope, p7s: ['AAAA'] } });
  expect(people.length).toBe(6);
  expect(serializeList(list).length).toBeGreaterThan(0);
});

type Path = readonly (string | number)[];
function* pathsOf(value: unknown, path: Path = []): Generator<Path> {
  if (typeof value !== 'object' || value === null) return;
  for (const key of Object.keys(value)) {
    const below = [...path, Array.isArray(value) ? Number(key) : key];
    yield below;
    yield* pathsOf((value as Record<string, unknown>)[key], below);
  }
}

const DELETE = Symbol('delete');
function changed(text: string, path: Path, to: unknown): unknown {
  const copy = JSON.parse(text) as Record<string | number, unknown>;
  let at = copy;
  for (const key of path.slice(0, -1)) at = at[key] as Record<string | number, unknown>;
  const last = path.at(-1)!;
  if (to !== DELETE) at[last] = to;
  else if (Array.isArray(at)) at.splice(last as number, 1);
  else delete at[last];
  return copy;
}

const VALUES: readonly unknown[] = [DELETE, null, true, 0, -1, 1, 65, 2 ** 40, '', ' ', 'x', '42*', '.', '1.2.3', 'https://x/', '2026-02-30T00:00Z', '2026-02-03T00:00Z', 'P1D', 'PT', [], [[]], ['x', 'x'], [null], {}, { x: 1 }];

/** Rules that a schema cannot say, or not well: each message of the reader that stands alone must be one of these. */
const BEYOND = new RegExp([
  'is not later than', 'is not an instant', 'later than since', 'is more than an hour', // times that contradict each other, days no month has
  'none of the keys', 'cannot be met', 'cannot be used', 'twice', 'already', 'the list itself', 'not a certificate', 'not the hash', 'is not base64$', // keys and certificates
  'outside the territory', 'recorded', 'status is', 'follows a', 'does not begin', 'would heal', 'is not an integer from 1 to 3', 'is no profile', 'is no service of kind', 'is no field', 'names (?!a list)', 'not a field with', 'not a safe regular', 'an attribute name', 'known attribute name',
  'URL without credentials', 'ascending positions', 'canonical base64url',
].join('|'));

describe.each(['root', 'list', 'freshness', 'bundle', 'envelope'] as const)('the schema of a %s', (name) => {
  it('accepts what the reader accepts, and refuses what it refuses for its form', { timeout: 300_000 }, () => {
    const document = documents[name];
    const validate = schemas[name];
    expect(problems(name, document)).toBeUndefined();
    validate(document);
    expect(validate.errors).toBeNull();
    const differences: string[] = [];
    let refused = 0;
    const text = JSON.stringify(document);
    // Every member, and of the values one in so many, each member others: a list has some 200 members.
    const step = (name === 'list' ? 3 : 1) * (process.env['HEFU_LONG_TESTS'] === '1' ? 1 : 3);
    for (const [index, path] of [...pathsOf(document)].entries()) {
      for (let i = index % step; i < VALUES.length; i += step) {
        const value = VALUES[i];
        const mutant = changed(text, path, value);
        const found = problems(name, mutant);
        const valid = validate(mutant) as boolean;
        if (!valid) refused++;
        const where = `${path.join('.')} := ${value === DELETE ? 'deleted' : JSON.stringify(value)}`;
        if (!valid && found === undefined) differences.push(`only the schema refuses ${where}: ${ajv.errorsText(validate.errors)}`);
        if (valid && found !== undefined && !found.every((message) => BEYOND.test(message))) differences.push(`only the reader refuses ${where}: ${found.join('; ')}`);
      }
    }
    expect(differences).toEqual([]);
    expect(refused).toBeGreaterThan(20);
  });
});
