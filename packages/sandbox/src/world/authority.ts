import type { LocalisedText, ServiceRevocation } from '@hefu/trust-list';
import { issueCertificate } from '../certificate.js';
import { issueCrl, type CrlEntry } from '../crl.js';
import { authorityKeyIdentifier, basicConstraints, keyUsage, subjectKeyIdentifier, type ExtensionSpec } from '../extension.js';
import { deriveKeyPair, type AlgorithmParameters, type KeyKind, type KeyPair } from '../keys.js';
import { lazily } from '../lazily.js';
import { attr, distinguishedName, type NameSpec } from '../name.js';
import type { Seed } from '../seed.js';
import { type AuthorityDesign, NATIONAL_ROOT } from './authority-design.js';
import { dayOf, HOUR, DAY, YEAR } from './clock.js';

/** What every part of the world is made from. */
export interface WorldGround {
  readonly seed: Seed;
  /** The present moment of the world, epoch milliseconds of a whole second. */
  readonly at: number;
  /** Where CRLs and lists are served, without a slash at the end. */
  readonly baseUrl: string;
  /** How the lists say revocation is asked after. */
  readonly revocationMode: Exclude<ServiceRevocation['mode'], 'none-with-reason'>;
}

/** One certificate of a CA with its key. DER. */
export interface CaCertificate {
  readonly label: string;
  readonly key: KeyPair;
  readonly certificate: Uint8Array;
  /** The subject's whole Name. */
  readonly name: Uint8Array;
  readonly parameters: AlgorithmParameters;
  /** Whether a service of the trust list anchors or offers this certificate. */
  readonly listed: boolean;
  /** Path on the sandbox server: `/crl/<name>.crl`. */
  readonly crlPath: string;
}

/** A regional CA of the world. */
export interface Authority {
  readonly id: string;
  readonly name: LocalisedText;
  /** `urn:hefu:sandbox:svc:<id>` */
  readonly serviceId: string;
  readonly design: AuthorityDesign;
  /** Issuing certificates, all under one DN, newest first. */
  readonly issuers: readonly CaCertificate[];
  /** What stands above them, nearest first: the national root, an own root, or nothing. */
  readonly above: readonly CaCertificate[];
}

export function createNationalRoot(ground: WorldGround): CaCertificate {
  return createRoot(ground, 'national', NATIONAL_ROOT, 'SM2', 'null', 10);
}

export function createAuthority(ground: WorldGround, design: AuthorityDesign, national: CaCertificate): Authority {
  const above = design.under === 'national' ? [national] : design.under === 'own-root' ? [ownRoot(ground, design)] : [];
  const several = design.keys.length > 1;
  return {
    id: design.id,
    name: design.name,
    serviceId: `urn:hefu:sandbox:svc:${design.id}`,
    design,
    issuers: design.keys.map(({ label, listed }, index) => issuingCertificate(ground, design, { label, listed: listed && design.listed, several, age: 4 + 3 * index }, above[0])),
    above,
  };
}

/** The CRL of one CA certificate: issued six hours ago, due again in a week. */
export function createCrl(ground: WorldGround, ca: CaCertificate, entries: readonly CrlEntry[]): Uint8Array {
  return issueCrl({
    issuer: ca.name,
    signer: ca.key,
    thisUpdate: ground.at - 6 * HOUR,
    nextUpdate: ground.at + 7 * DAY,
    crlNumber: 1024,
    entries,
    algorithmParameters: ca.parameters,
  });
}

interface IssuingKey {
  readonly label: string;
  readonly listed: boolean;
  /** The CA has more than one key. */
  readonly several: boolean;
  /** Years. */
  readonly age: number;
}

function issuingCertificate(ground: WorldGround, design: AuthorityDesign, { label, listed, several, age }: IssuingKey, parent: CaCertificate | undefined): CaCertificate {
  const keyName = `ca/${design.id}/${label}`;
  const name = distinguishedName(design.subject);
  const midnight = dayOf(ground.at);
  const ca: CaCertificate = lazily({ label, name, listed, parameters: design.parameters, crlPath: several ? `/crl/${design.id}-${label}.crl` : `/crl/${design.id}.crl` }, {
    key: () => deriveKeyPair(ground.seed, keyName, design.kind),
    certificate: () => issueCertificate({
      serialNumber: serialNumber(ground.seed, keyName, 16),
      issuer: parent?.name ?? name,
      subject: name,
      notBefore: midnight - age * YEAR,
      notAfter: midnight + 10 * YEAR,
      ...(design.leaf.timeForm === undefined ? {} : { timeForm: design.leaf.timeForm }),
      spki: ca.key.spkiDer,
      signer: (parent ?? ca).key,
      algorithmParameters: (parent ?? ca).parameters,
      extensions: caExtensions(ca.key, (parent ?? ca).key, design.leaf.keyUsageNotMinimal === true, parent === undefined ? undefined : 0),
    }),
  });
  return ca;
}

function ownRoot(ground: WorldGround, design: AuthorityDesign): CaCertificate {
  const organisation = design.subject.find((rdn) => 'type' in rdn && rdn.type === 'O');
  const subject = [attr('C', 'CN'), ...(organisation === undefined ? [] : [organisation]), attr('CN', `${design.id.toUpperCase()} SANDBOX ROOT`)];
  return createRoot(ground, `${design.id}-root`, subject, design.kind, design.parameters, 10);
}

/** A self-signed root; `age` in years. */
export function createRoot(ground: WorldGround, id: string, subject: NameSpec, kind: KeyKind, parameters: AlgorithmParameters, age: number): CaCertificate {
  const name = distinguishedName(subject);
  const midnight = dayOf(ground.at);
  const root: CaCertificate = lazily({ label: 'root', name, listed: false, parameters, crlPath: `/crl/${id}.crl` }, {
    key: () => deriveKeyPair(ground.seed, `ca/${id}`, kind),
    certificate: () => issueCertificate({
      serialNumber: serialNumber(ground.seed, `ca/${id}`, 16),
      issuer: name,
      subject: name,
      notBefore: midnight - age * YEAR,
      notAfter: midnight + 20 * YEAR,
      spki: root.key.spkiDer,
      signer: root.key,
      algorithmParameters: parameters,
      extensions: caExtensions(root.key, root.key, false, undefined),
    }),
  });
  return root;
}

/** As the real roots write them: basicConstraints of CAs below them critical, of the roots themselves not. */
function caExtensions(key: KeyPair, signer: KeyPair, notMinimal: boolean, pathLength: number | undefined): ExtensionSpec[] {
  return [
    ...(signer === key ? [] : [authorityKeyIdentifier(signer.keyIdentifier)]),
    subjectKeyIdentifier(key.keyIdentifier),
    basicConstraints({ ca: true, ...(pathLength === undefined ? {} : { pathLength }), critical: signer !== key }),
    keyUsage(['keyCertSign', 'cRLSign'], { critical: !notMinimal, notMinimal }),
  ];
}

/** Content octets of a positive serial number of exactly that length, minimal. */
export function serialNumber(seed: Seed, name: string, length: number): Uint8Array {
  const octets = seed.bytes(`serial/${name}`, length);
  octets[0] = (octets[0]! & 0x3f) | 0x40;
  return octets;
}
