import type { SesVersion } from '@hefu/pki';
import type { LocalisedText } from '@hefu/trust-list';
import { issueCertificate } from '../certificate.js';
import { authorityKeyIdentifier, keyUsage, subjectKeyIdentifier } from '../extension.js';
import { deriveKeyPair } from '../keys.js';
import { lazily } from '../lazily.js';
import { attr, distinguishedName, type NameSpec } from '../name.js';
import { makeSeal, stampDocument } from '../seal.js';
import type { Credential } from '../sign-detached.js';
import { type CaCertificate, createRoot, serialNumber, type WorldGround } from './authority.js';
import { DAY, dayOf, HOUR, YEAR } from './clock.js';
import type { Company } from './company.js';
import { bidOf } from './scenario.js';

/** A maker of electronic seals, with the root above it. */
export interface SealMaker {
  readonly id: string;
  readonly name: LocalisedText;
  readonly root: CaCertificate;
  readonly credential: Credential;
  /** The service of kind `seal-maker` in the lists whose anchor is `root`. */
  readonly serviceId: string;
  /** Suspended since a week, as the current list says. */
  readonly suspended: boolean;
}

/** A company's seal and a bid stamped with it. */
export interface CompanySeal {
  /** `<company>-v<version>` */
  readonly id: string;
  readonly version: SesVersion;
  readonly company: Company;
  readonly maker: SealMaker;
  /** SESeal, DER. */
  readonly seal: Uint8Array;
  /** The bid that is stamped. */
  readonly content: Uint8Array;
  /** SES_Signature over it, DER. */
  readonly stamped: Uint8Array;
}

export interface Sealing {
  readonly makers: readonly SealMaker[];
  readonly seals: readonly CompanySeal[];
}

/** What `propertyInfo` says in the sandbox. */
export const SEAL_PROPERTY = '/bid.txt';

const MAKERS = [
  { id: 'chuyin', name: { zh: '楚印制章（沙盒）', en: 'Chuyin seal making (sandbox)' }, suspended: false },
  { id: 'guyin', name: { zh: '古印制章（沙盒）', en: 'Guyin seal making (sandbox)' }, suspended: true },
] as const;

export function createSealing(ground: WorldGround, companies: readonly Company[]): Sealing {
  const makers = MAKERS.map((design) => sealMaker(ground, design));
  const [chuyin, guyin] = makers as [SealMaker, SealMaker];
  const good = companies.filter(({ state, authority, issuer }) => state === 'good' && issuer.listed && authority.design.kind === 'SM2');
  const [first] = good as [Company];
  return {
    makers,
    seals: [
      ...good.map((company) => companySeal(ground, company, 4, chuyin)),
      companySeal(ground, first, 1, chuyin),
      companySeal(ground, first, 5, chuyin),
      companySeal(ground, first, 4, guyin, `${first.id}-suspended-maker`),
    ],
  };
}

function companySeal(ground: WorldGround, company: Company, version: SesVersion, maker: SealMaker, id = `${company.id}-v${version}`): CompanySeal {
  const midnight = dayOf(ground.at);
  const content = bidOf(company);
  const seal = (): Uint8Array => makeSeal(maker.credential, {
    version,
    esId: `${company.region}${company.uscc.slice(-8)}`,
    name: `${company.name}公章`,
    people: [company.sign.certificate],
    listAs: version === 5 ? 'digests' : 'certs',
    createDate: midnight - 180 * DAY,
    validStart: midnight - 180 * DAY,
    validEnd: midnight + 2 * YEAR,
  });
  const made: CompanySeal = lazily({ id, version, company, maker, content }, {
    seal,
    stamped: () => stampDocument(company.sign, { version, seal: made.seal, content, time: ground.at - HOUR, propertyInfo: SEAL_PROPERTY }),
  });
  return made;
}

function sealMaker(ground: WorldGround, { id, name, suspended }: { readonly id: string; readonly name: LocalisedText; readonly suspended: boolean }): SealMaker {
  const organisation = [attr('C', 'CN'), attr('O', `Hefu Sandbox Seals ${id}`)];
  const root = createRoot(ground, `seal-${id}`, [...organisation, attr('CN', 'Seal Makers CA')], 'SM2', 'absent', 6);
  return lazily({ id, name, root, serviceId: `urn:hefu:sandbox:svc:seal-${id}`, suspended }, {
    credential: () => makerCredential(ground, id, [...organisation, attr('CN', 'Seal Maker 1')], root),
  });
}

function makerCredential(ground: WorldGround, id: string, subject: NameSpec, root: CaCertificate): Credential {
  const key = deriveKeyPair(ground.seed, `seal-maker/${id}`, 'SM2');
  const midnight = dayOf(ground.at);
  const certificate = issueCertificate({
    serialNumber: serialNumber(ground.seed, `seal-maker/${id}`, 16),
    issuer: root.name,
    subject: distinguishedName(subject),
    notBefore: midnight - YEAR,
    notAfter: midnight + 4 * YEAR,
    spki: key.spkiDer,
    signer: root.key,
    algorithmParameters: root.parameters,
    extensions: [
      authorityKeyIdentifier(root.key.keyIdentifier),
      subjectKeyIdentifier(key.keyIdentifier),
      keyUsage(['digitalSignature', 'nonRepudiation'], { critical: true }),
    ],
  });
  return { key, certificate, chain: [root.certificate] };
}
