import type { Random } from './random.js';
import { KEYS, WEAK_KEY } from './encode.js';
import type { ModelCertificate, ModelCrl, ModelGeneralName, World } from './model.js';

/** One thing made wrong, or odd, on purpose. What it does to the verdict is for the oracle to say. */

const YEAR = 365 * 86_400_000;

/** Changes one certificate. `path` is the way up from the leaf, where there is only one. */
type CertificateFault = readonly [string, (certificate: ModelCertificate, random: Random, at: number) => void];

/** Dates are written in whole seconds. */
const second = (time: number): number => time - (time % 1000);
const UNUSED = { text: 'C=CN,O=Nobody,CN=Nobody at all', spelling: 'plain' } as const;

export const CERTIFICATE_FAULTS: readonly CertificateFault[] = [
  ['expired', (c, random, at) => { c.notAfter = second(at) - random.pick([1000, YEAR]); }],
  ['in its last second', (c, _random, at) => { c.notAfter = second(at); }],
  ['not yet valid', (c, random, at) => { c.notBefore = second(at) + random.pick([1000, YEAR]); }],
  ['dates inverted', (c, _random, at) => { c.notBefore = second(at) + YEAR; c.notAfter = second(at) - YEAR; }],
  ['no basicConstraints', (c, random) => { c.basic = undefined; if (random.once(2)) c.usage = undefined; }],
  ['cA FALSE', (c, random) => { c.basic = { ca: false, pathLength: undefined, critical: true }; if (random.once(2)) c.usage = undefined; }],
  ['basicConstraints not critical', (c) => { if (c.basic !== undefined) c.basic = { ...c.basic, critical: false }; }],
  ['pathLenConstraint', (c, random) => { if (c.basic?.ca === true) c.basic = { ...c.basic, pathLength: random.below(3) }; }],
  ['pathLenConstraint without cA', (c) => { c.basic = { ca: false, pathLength: 1, critical: true }; }],
  ['no keyCertSign', (c) => { c.usage = ['digitalSignature']; }],
  ['keyCertSign', (c) => { c.usage = ['keyCertSign', 'cRLSign']; }],
  ['no cRLSign', (c) => { c.usage = ['keyCertSign']; }],
  ['no keyUsage', (c) => { c.usage = undefined; }],
  ['malformed keyUsage', (c) => { c.malformed = true; }],
  ['unknown critical extension', (c) => { c.unknown = 'critical'; }],
  ['unknown extension', (c) => { c.unknown = 'not critical'; }],
  ['duplicate extension', (c) => { c.duplicate = true; }],
  ['signature altered', (c) => { c.altered = true; }],
  ['signed by another key', (c, random) => { c.signer = random.pick(KEYS[c.signer.algorithm].filter((key) => key !== c.signer)); }],
  ['other issuer name', (c) => { c.issuer = UNUSED; }],
  ['signature algorithms differ', (c, random) => { c.outerAlgorithm = random.pick((['rsa', 'p256', 'sm2'] as const).filter((other) => other !== c.signer.algorithm)); }],
  ['version 1 with extensions', (c) => { c.version = 1; }],
  ['version 2 with extensions', (c) => { c.version = 2; }],
  ['serial number 0', (c) => { c.serial = 0; }],
  ['negative serial number', (c) => { c.serial = -5; }],
  ['serial number of 21 octets', (c) => { c.serial = 'long'; }],
  ['no authorityKeyIdentifier', (c) => { c.authorityKeyId = 'absent'; }],
  ['critical authorityKeyIdentifier', (c) => { c.authorityKeyId = 'critical'; }],
  ['misleading authorityKeyIdentifier', (c) => { c.authorityKeyId = 'wrong'; }],
  ['no subjectKeyIdentifier', (c) => { c.subjectKeyId = false; }],
  ['constraints on names', (c, random) => { c.constraints = drawConstraints(random); }],
  ['constraints on names, not critical', (c, random) => { c.constraints = { ...drawConstraints(random), critical: false }; }],
  ['names', (c, random) => { c.names = random.some(ALTERNATIVE_NAMES); }],
  ['other purposes', (c, random) => { c.purposes = random.some(PURPOSES); }],
  ['other policies', (c, random) => { c.policies = random.some(POLICIES); }],
  ['no policies', (c) => { c.policies = undefined; }],
  ['policies mapped', (c, random) => { c.mappings = random.once(6) ? [['any', 'P1']] : random.once(2) ? [['P1', 'P2']] : [['P1', 'P2'], ['P2', 'P1']]; }],
  ['explicit policy required', (c, random) => { c.requireExplicit = random.below(3); }],
  ['mapping inhibited', (c, random) => { c.inhibitMapping = random.below(3); }],
  ['anyPolicy inhibited', (c, random) => { c.inhibitAny = random.below(3); }],
];

const CRL_FAULTS: readonly (readonly [string, (crl: ModelCrl, random: Random, at: number, certificate: ModelCertificate) => void])[] = [
  ['revoked', (crl, random, _at, { serial }) => { crl.entries.push({ serial: listable(serial), reason: random.pick([undefined, 1, 4]) }); }],
  ['on hold', (crl, _random, _at, { serial }) => { crl.entries.push({ serial: listable(serial), reason: 6 }); }],
  ['another revoked', (crl) => { crl.entries.push({ serial: 77, reason: 1 }); }],
  ['CRL expired', (crl, _random, at) => { crl.nextUpdate = second(at) - 1000; }],
  ['CRL expired, revoked', (crl, _random, at, { serial }) => { crl.nextUpdate = second(at) - 1000; crl.entries.push({ serial: listable(serial), reason: 1 }); }],
  ['CRL of the future', (crl, _random, at) => { crl.thisUpdate = second(at) + 1000; crl.nextUpdate = second(at) + YEAR; }],
  ['CRL altered', (crl) => { crl.altered = true; }],
  ['CRL by another key', (crl, random) => { crl.signer = random.pick(KEYS[crl.signer.algorithm].filter((key) => key !== crl.signer)); }],
  ['CRL of another CA', (crl) => { crl.issuer = UNUSED; }],
  ['CRL without number', (crl) => { crl.numbered = false; }],
  ['unknown critical CRL extension', (crl) => { crl.unknownCritical = 'list'; }],
  ['unknown critical entry extension', (crl) => { crl.unknownCritical = 'entry'; crl.entries.push({ serial: 78, reason: undefined }); }],
  ['CRL for users only', (crl) => { crl.scope = 'user'; }],
  ['CRL for CAs only', (crl) => { crl.scope = 'ca'; }],
  ['CRL for attribute certificates', (crl) => { crl.scope = 'attribute'; }],
  ['CRL for some reasons', (crl) => { crl.reasons = [1, 2]; }],
];

/** Nothing lists a negative number. */
const listable = (serial: number | 'long'): number | 'long' => (serial === 'long' || serial >= 0 ? serial : 79);

/** @returns what was done */
export function plantFault(world: World, random: Random, where: readonly ModelCertificate[]): string {
  const { at } = world.question;
  const target = random.pick(where);
  if (world.crls.length > 0 && random.once(2)) {
    const crl = world.crls.find((candidate) => candidate.issuer.text === target.issuer.text) ?? random.pick(world.crls);
    const [name, change] = random.pick(CRL_FAULTS);
    change(crl, random, at, target);
    return name;
  }
  const [name, change] = random.pick(CERTIFICATE_FAULTS);
  change(target, random, at);
  return name;
}

/** A key too short, in the certificate and in what it signed. */
export function weaken(world: World, random: Random): string {
  const { path } = world;
  const target = random.pick(path!);
  const { key } = target;
  for (const certificate of [...path!, ...world.crls]) {
    if (certificate.signer !== key || certificate === target) continue;
    certificate.signer = WEAK_KEY;
    if ('outerAlgorithm' in certificate) certificate.outerAlgorithm = 'rsa';
  }
  target.key = WEAK_KEY;
  return 'RSA of 1024 bits';
}

export const PURPOSES: readonly string[] = ['1.3.6.1.5.5.7.3.1', '1.3.6.1.5.5.7.3.4', '2.5.29.37.0'];
export const POLICIES: readonly string[] = ['P1', 'P2', 'P3', 'any'];

export const ALTERNATIVE_NAMES: readonly ModelGeneralName[] = [
  { kind: 'dns', value: 'example.test' }, { kind: 'dns', value: 'a.example.test' }, { kind: 'dns', value: 'b.a.example.test' }, { kind: 'dns', value: '*.example.test' },
  { kind: 'dns', value: 'badexample.test' }, { kind: 'dns', value: 'other.test' },
  { kind: 'mail', value: 'x@example.test' }, { kind: 'mail', value: 'y@example.test' }, { kind: 'mail', value: 'x@a.example.test' }, { kind: 'mail', value: 'x@other.test' },
  { kind: 'uri', value: 'https://example.test/a' }, { kind: 'uri', value: 'http://a.example.test:8080/' }, { kind: 'uri', value: 'ldap://other.test/cn=x' },
  { kind: 'ip', value: '10.1.2.3' }, { kind: 'ip', value: '192.168.7.1' }, { kind: 'ip', value: `32.1.13.184${'.0'.repeat(11)}.1` },
  { kind: 'dn', value: 'C=CN,O=Org A,CN=Somebody' }, { kind: 'dn', value: 'C=CN,O=Org B' },
];

const BASES: readonly ModelGeneralName[] = [
  { kind: 'dns', value: 'example.test' }, { kind: 'dns', value: 'a.example.test' }, { kind: 'dns', value: 'other.test' }, { kind: 'dns', value: '' },
  { kind: 'mail', value: 'example.test' }, { kind: 'mail', value: '.example.test' }, { kind: 'mail', value: 'x@example.test' }, { kind: 'mail', value: 'other.test' },
  { kind: 'uri', value: 'example.test' }, { kind: 'uri', value: '.example.test' }, { kind: 'uri', value: 'other.test' },
  { kind: 'ip', value: '10.0.0.0/255.0.0.0' }, { kind: 'ip', value: '192.168.0.0/255.255.0.0' }, { kind: 'ip', value: `32.1.13.184${'.0'.repeat(12)}/255.255.255.255${'.0'.repeat(12)}` },
  { kind: 'dn', value: 'C=CN' }, { kind: 'dn', value: 'C=CN,O=Org A' }, { kind: 'dn', value: 'C=CN,O=Org B' }, { kind: 'dn', value: 'C=CN,O=Org' },
];

export function drawConstraints(random: Random): { permitted: readonly ModelGeneralName[]; excluded: readonly ModelGeneralName[]; critical: boolean } {
  const few = (): readonly ModelGeneralName[] => random.shuffled(BASES).slice(0, 1 + random.below(4));
  const permitted = random.once(3) ? [] : few();
  return { permitted, excluded: permitted.length === 0 || random.once(2) ? few() : [], critical: true };
}
