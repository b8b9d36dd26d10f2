import { id_kp_timeStamping } from '@hefu/pki';
import type { LocalisedText } from '@hefu/trust-list';
import { issueCertificate } from '../certificate.js';
import { authorityKeyIdentifier, basicConstraints, extendedKeyUsage, keyUsage, subjectKeyIdentifier } from '../extension.js';
import { deriveKeyPair } from '../keys.js';
import { lazily } from '../lazily.js';
import { attr, distinguishedName, type NameSpec } from '../name.js';
import { answerTimestamp, TIMESTAMP_FAULTS, type TimestampUnit } from '../timestamp.js';
import { type Authority, type CaCertificate, createRoot, serialNumber, type WorldGround } from './authority.js';
import { DAY, dayOf, YEAR } from './clock.js';
import { type TimestampDesign, TIMESTAMP_DESIGNS, TIMESTAMP_SERVICES } from './timestamp-design.js';

/** A time-stamping unit of the world. */
export interface TimestampAuthority extends TimestampUnit {
  readonly title: LocalisedText;
  /** Path on the sandbox server: `/tsa/<id>`; faulty ones under `/tsa/<id>/<fault>`. */
  readonly path: string;
  /** What issued its certificate; undefined when it is self-signed. */
  readonly issuer: CaCertificate | undefined;
  /** The service of kind `tsa` that lists it; undefined: none does. */
  readonly serviceId: string | undefined;
}

/** A service of kind `tsa`, as the list document needs it. */
export interface TimestampService {
  readonly id: string;
  readonly name: LocalisedText;
  readonly anchor: Uint8Array;
  readonly anchorMode: 'root' | 'pinned-intermediate';
  readonly variants: readonly string[];
  /** Where the CRL of its units is; undefined: none is issued for a self-signed certificate. */
  readonly crlPath: string | undefined;
}

/** The time-stamping part of a world. */
export interface Timestamping {
  readonly roots: readonly CaCertificate[];
  readonly units: readonly TimestampAuthority[];
  readonly services: readonly TimestampService[];
}

const POLICY = '1.2.156.999099.1';

export function createTimestamping(ground: WorldGround, authorities: readonly Authority[]): Timestamping {
  const root = (id: string, kind: 'P-256' | 'SM2'): [string, CaCertificate] => [id, createRoot(ground, id, [...NAME, attr('CN', id.toUpperCase())], kind, 'absent', 8)];
  const roots = new Map([root('tsa-p256', 'P-256'), root('tsa-sm2', 'SM2'), root('tsa-legacy', 'SM2')]);
  const issuers = new Map([...roots, ['jingling', authorities.find(({ id }) => id === 'jingling')!.issuers[0]!] as const]);

  const units = TIMESTAMP_DESIGNS.map((design): TimestampAuthority => {
    const issuer = issuers.get(design.issuer);
    const service = TIMESTAMP_SERVICES.find(({ anchor }) => ('unit' in anchor ? anchor.unit === design.id : anchor.root === design.issuer));
    const known = {
      id: design.id, title: design.title, policy: POLICY, manners: design.manners, path: `/tsa/${design.id}`, issuer,
      serviceId: service === undefined ? undefined : serviceId(service.id),
    };
    return lazily(known, {
      key: () => deriveKeyPair(ground.seed, `tsa/${design.id}`, design.kind),
      certificate: () => unitCertificate(ground, design, issuer),
      chain: () => (issuer === undefined ? [] : [issuer.certificate]),
    });
  });

  const services = TIMESTAMP_SERVICES.map(({ id, name, anchor, variants }): TimestampService => {
    const unit = 'unit' in anchor ? units.find((each) => each.id === anchor.unit)! : undefined;
    const issuer = 'unit' in anchor ? unit!.issuer : roots.get(anchor.root)!;
    return lazily(
      { id: serviceId(id), name, anchorMode: unit === undefined ? 'root' : 'pinned-intermediate', variants, crlPath: issuer?.crlPath },
      { anchor: () => (unit ?? issuer!).certificate },
    );
  });
  return { roots: [...roots.values()], units, services };
}

/** Every unit under its path, and each of its faults below it: `/tsa/<id>/<fault>`. */
export function timestampResponders(ground: WorldGround, units: readonly TimestampAuthority[], now: () => number): ReadonlyMap<string, (request: Uint8Array) => Uint8Array> {
  return new Map(
    units.flatMap((unit) => [
      [unit.path, (request: Uint8Array) => answerTimestamp(request, unit, ground.seed, now())] as const,
      ...TIMESTAMP_FAULTS.map((fault) => [`${unit.path}/${fault}`, (request: Uint8Array) => answerTimestamp(request, unit, ground.seed, now(), fault)] as const),
    ]),
  );
}

const NAME: NameSpec = [attr('C', 'CN'), attr('O', 'Hefu Sandbox Time-Stamping')];

const serviceId = (id: string): string => `urn:hefu:sandbox:svc:${id}`;

function unitCertificate(ground: WorldGround, design: TimestampDesign, issuer: CaCertificate | undefined): Uint8Array {
  const key = deriveKeyPair(ground.seed, `tsa/${design.id}`, design.kind);
  const subject = distinguishedName([...NAME, attr('CN', `TSU ${design.id}`)]);
  const midnight = dayOf(ground.at);
  return issueCertificate({
    serialNumber: serialNumber(ground.seed, `tsa/${design.id}`, 16),
    issuer: issuer?.name ?? subject,
    subject,
    notBefore: midnight - 2 * YEAR,
    notAfter: design.expired === true ? midnight - 30 * DAY : midnight + 8 * YEAR,
    spki: key.spkiDer,
    signer: issuer?.key ?? key,
    ...(issuer === undefined ? {} : { algorithmParameters: issuer.parameters }),
    extensions: [
      ...(issuer === undefined ? [] : [authorityKeyIdentifier(issuer.key.keyIdentifier)]),
      subjectKeyIdentifier(key.keyIdentifier),
      // The self-signed server found in the field calls itself a CA.
      ...(design.id === 'gm-all' ? [basicConstraints({ ca: true })] : []),
      keyUsage(['digitalSignature', 'nonRepudiation'], { critical: true }),
      ...(design.noExtendedKeyUsage === true ? [] : [{ ...extendedKeyUsage([id_kp_timeStamping]), critical: true }]),
    ],
  });
}
