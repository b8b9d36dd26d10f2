import { issueCertificate } from '../certificate.js';
import type { CrlEntry } from '../crl.js';
import {
  authorityKeyIdentifier, basicConstraints, certificatePolicies, crlDistributionPoints, keyUsage, ocspAccess, subjectKeyIdentifier, type ExtensionSpec,
} from '../extension.js';
import { deriveKeyPair, type KeyPair } from '../keys.js';
import { lazily } from '../lazily.js';
import { distinguishedName } from '../name.js';
import type { Credential } from '../sign-detached.js';
import { type Authority, type CaCertificate, serialNumber, type WorldGround } from './authority.js';
import { DAY, dayOf, HOUR, YEAR } from './clock.js';
import type { CompanyDesign, CompanyState } from './company-design.js';
import type { ExpectedIdentity, Holder } from './holder.js';

/** A company with its dual certificates: signing and encryption, same subject, disjoint key usage. */
export interface Company extends Holder {
  readonly authority: Authority;
  readonly issuer: CaCertificate;
  readonly state: CompanyState;
  readonly sign: Credential;
  readonly encrypt: Credential;
  /** What the CA's identity profile should yield. */
  readonly identity: ExpectedIdentity;
}

/** The address in one CA's certificates that no relying party can reach; the list names a better one. */
const PRIVATE_CRL_HOST = 'http://172.16.39.197:8080';

export function createCompany(ground: WorldGround, design: CompanyDesign, authority: Authority): Company {
  const issuer = design.keyLabel === undefined ? authority.issuers[0] : authority.issuers.find(({ label }) => label === design.keyLabel);
  if (issuer === undefined) throw new TypeError(`${authority.id} has no key ${design.keyLabel}`);
  const { authority: _, keyLabel: __, ...holder } = design;
  return lazily({ ...holder, authority, issuer }, {
    sign: () => credential(ground, design, authority, issuer, 'sign'),
    encrypt: () => credential(ground, design, authority, issuer, 'encrypt'),
    identity: () => authority.design.placement.expected(design, ground.seed),
  });
}

/** CRL entries for what has become of a company's two certificates. */
export function crlEntries(ground: WorldGround, company: Company): readonly CrlEntry[] {
  if (company.state !== 'revoked' && company.state !== 'frozen') return [];
  const reason = company.state === 'revoked' ? 'keyCompromise' : 'certificateHold';
  const revocationDate = ground.at - (company.state === 'revoked' ? 12 * DAY : 2 * DAY);
  return ['sign', 'encrypt'].map((use) => ({
    serialNumber: serialNumber(ground.seed, `leaf/${company.id}/${use}`, company.authority.design.leaf.serialLength),
    revocationDate,
    reason,
    ...(company.state === 'revoked' ? { invalidityDate: revocationDate - HOUR } : {}),
  }));
}

function credential(ground: WorldGround, holder: CompanyDesign, authority: Authority, issuer: CaCertificate, use: 'sign' | 'encrypt'): Credential {
  const { leaf, kind, placement } = authority.design;
  const name = `leaf/${holder.id}/${use}`;
  const key = deriveKeyPair(ground.seed, name, kind);
  const midnight = dayOf(ground.at);
  const expired = holder.state === 'expired';
  const certificate = issueCertificate({
    serialNumber: serialNumber(ground.seed, name, leaf.serialLength),
    issuer: leaf.issuer === undefined ? issuer.name : distinguishedName(leaf.issuer),
    subject: placement.subject(holder, ground.seed),
    notBefore: midnight - (expired ? YEAR + 30 * DAY : 200 * DAY),
    notAfter: midnight + (expired ? -30 * DAY : 2 * YEAR - 200 * DAY) - 1000,
    ...(leaf.timeForm === undefined ? {} : { timeForm: leaf.timeForm }),
    spki: key.spkiDer,
    signer: issuer.key,
    algorithmParameters: issuer.parameters,
    extensions: leafExtensions(ground, holder, authority, issuer, key, use),
  });
  return { key, certificate, chain: [issuer.certificate] };
}

function leafExtensions(ground: WorldGround, holder: CompanyDesign, authority: Authority, issuer: CaCertificate, key: KeyPair, use: 'sign' | 'encrypt'): ExtensionSpec[] {
  const { leaf, kind, placement } = authority.design;
  const critical = leaf.criticalIdentifiers;
  return [
    ...(leaf.noAuthorityKeyIdentifier === true ? [] : [authorityKeyIdentifier(issuer.key.keyIdentifier, critical)]),
    subjectKeyIdentifier(key.keyIdentifier, critical),
    ...(leaf.basicConstraints === true ? [basicConstraints({ ca: false })] : []),
    keyUsage(
      use === 'sign' ? ['digitalSignature', 'nonRepudiation'] : kind === 'RSA-2048' ? ['keyEncipherment', 'dataEncipherment'] : ['keyEncipherment', 'dataEncipherment', 'keyAgreement'],
      { ...(critical === undefined ? {} : { critical }), notMinimal: leaf.keyUsageNotMinimal === true },
    ),
    crlDistributionPoints(crlLocations(ground, authority, issuer)),
    ...(leaf.policy === undefined ? [] : [certificatePolicies([leaf.policy])]),
    ...(leaf.oddOcsp === true ? [ocspAccess([`OCSP://ocsp.${authority.id}.sandbox.invalid`])] : []),
    ...placement.extensions(holder, ground.seed),
  ];
}

function crlLocations(ground: WorldGround, authority: Authority, issuer: CaCertificate): readonly (string | Uint8Array)[] {
  switch (authority.design.crl) {
    case 'http':
      // A directory name before the URL, as several real CAs write it.
      return authority.design.leaf.criticalIdentifiers === true ? [issuer.name, ground.baseUrl + issuer.crlPath] : [ground.baseUrl + issuer.crlPath];
    case 'ldap': return [`ldap://ldap.${authority.id}.sandbox.invalid:389/CN=crl1,OU=CRL,O=${authority.id},C=CN?certificateRevocationList?base?objectclass=cRLDistributionPoint`];
    case 'private-address': return [`${PRIVATE_CRL_HOST}${issuer.crlPath}`];
  }
}
