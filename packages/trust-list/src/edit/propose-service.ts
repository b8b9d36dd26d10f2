import { attributeValues, nameKey, parseCertificate, PkiError, type Certificate } from '@hefu/pki';
import { encodeBase64 } from '../base64.js';
import type { AnchorDocument, ListDocument, RevocationDocument, ScopeDocument, ServiceDocument } from '../list-document.js';
import type { LocalisedText, ServiceKind } from '../model.js';
import type { Bilingual } from '../refusal.js';
import { readable } from '../readable.js';
import { hexOf } from '../sha256.js';
import { parseInstant } from '../time.js';
import type { EditContext } from './draft.js';
import { EditError } from './error.js';
import { statusDocument } from './status.js';

const ID_AD_OCSP = '1.3.6.1.5.5.7.48.1';
const COMMON_NAME = '2.5.4.3';
const ORGANIZATION = '2.5.4.10';

/** What an operator has in hand of a new CA or TSA. Octets are DER. */
export interface ServiceMaterial {
  readonly kind: ServiceKind;
  /** Its own certificates: root, issuing CAs; of a TSA or responder also its own one. */
  readonly certificates: readonly Uint8Array[];
  /** Certificates it issued: they say where revocation is published and how its kinds are told apart. Test subjects'. */
  readonly samples?: readonly Uint8Array[];
  readonly scope: readonly ScopeDocument[];
  /** From when it is recognised; default: from the list's issue on. */
  readonly since?: number;
  readonly ref?: string;
  readonly reason?: string;
  /** Instead of the ones found in the certificates. */
  readonly id?: string;
  readonly name?: LocalisedText;
  readonly operator?: NonNullable<ServiceDocument['operator']>;
  readonly identity?: string;
}

export interface ServiceNote {
  readonly code: 'INTERMEDIATE_WITHOUT_ANCHOR' | 'NO_REVOCATION_SOURCE' | 'LDAP_ONLY' | 'ENDPOINT_FROM_CA_CERTIFICATE' | 'SAMPLE_OF_ANOTHER_CA' | 'SAMPLE_OF_BOTH_KINDS' | 'NO_SAMPLES';
  readonly text: Bilingual;
}

export interface ServiceProposal {
  /** For `addService`, after whoever knows the CA has looked at it. */
  readonly service: ServiceDocument;
  /** What to show for comparison over another channel: fingerprints of every certificate, lower-case hex. */
  readonly certificates: readonly { readonly subject: string; readonly use: 'anchor' | 'intermediate' | 'sample'; readonly sha256: string; readonly notAfter: number }[];
  readonly notes: readonly ServiceNote[];
}

interface Held {
  readonly der: Uint8Array;
  readonly certificate: Certificate;
}

/**
 * Drafts a service from certificates. Self-issued ones become anchors; the others become intermediates when their
 * issuer is given too, else pinned anchors. CRL and OCSP addresses come from the samples and intermediates, which
 * are what those sources speak of; from the CA's own certificate only when there is nothing else, with a note.
 * Kinds of certificate are proposed when the samples keep signing and encryption apart.
 * @throws EditError EDIT_NOT_CERTIFICATE | EDIT_NO_CA
 */
export function proposeService(draft: ListDocument, material: ServiceMaterial, { sha256 }: EditContext): ServiceProposal {
  const given = distinct(material.certificates.map(read));
  const usable = material.kind === 'ca' ? given.filter(({ certificate }) => mayIssue(certificate)) : given;
  const [first] = usable;
  if (first === undefined) {
    throw new EditError('EDIT_NO_CA', { zh: '给出的证书中没有 CA 证书。', en: 'None of the certificates given is a CA certificate.' });
  }
  const notes: ServiceNote[] = [];
  const subjects = new Map(usable.map((held) => [nameKey(held.certificate.subject), held]));
  const selfIssued = ({ certificate }: Held): boolean => nameKey(certificate.subject) === nameKey(certificate.issuer);
  const isAnchor = (held: Held): boolean => selfIssued(held) || !subjects.has(nameKey(held.certificate.issuer));
  const anchors = usable.filter(isAnchor);
  const intermediates = usable.filter((held) => !isAnchor(held));
  if (anchors.length === 0) throw new EditError('EDIT_NO_CA', { zh: '给出的证书互相签发，没有一张可以作为信任锚。', en: 'The certificates issue each other; none can be an anchor.' });

  const samples = distinct((material.samples ?? []).map(read)).filter((sample) => {
    const known = subjects.has(nameKey(sample.certificate.issuer));
    if (!known) notes.push(note('SAMPLE_OF_ANOTHER_CA', '样本证书不是这些 CA 签发的，未采用', 'a sample was not issued by these CAs and is not used', subjectOf(sample.certificate)));
    return known;
  });
  if (samples.length === 0) notes.push(note('NO_SAMPLES', '没有样本证书：吊销地址和证书用途只能凭 CA 证书推断', 'no sample certificates: revocation addresses and kinds of certificate are guessed from the CA alone'));

  const issuing = intermediates.at(-1) ?? anchors[0]!;
  const { certificate } = issuing;
  const certKinds = kindsOf(samples, notes);
  const since = material.since ?? parseInstant(draft.issued);
  const name = attributeValues(certificate.subject, COMMON_NAME)[0] ?? attributeValues(certificate.subject, ORGANIZATION)[0] ?? material.kind;
  const organization = attributeValues(anchors[0]!.certificate.subject, ORGANIZATION)[0] ?? attributeValues(certificate.subject, ORGANIZATION)[0];
  const operator = material.operator ?? (organization === undefined ? undefined : { name: { zh: organization } });
  const fingerprint = (held: Held): string => hexOf(sha256.digest(held.der));
  const service: ServiceDocument = {
    id: material.id ?? proposeId(draft, material.kind, name, hexOf(sha256.digest(certificate.spki.bytes))),
    kind: material.kind,
    name: material.name ?? { zh: name },
    ...(operator !== undefined && { operator }),
    anchors: anchors.map(
      (held): AnchorDocument => ({ x5c: [encodeBase64(held.der)], sha256: fingerprint(held), mode: selfIssued(held) ? 'root' : 'pinned-intermediate' }),
    ),
    ...(intermediates.length > 0 && { intermediates: intermediates.map(({ der }) => encodeBase64(der)) }),
    status: [
      statusDocument(
        { status: 'granted', since, ...(material.reason !== undefined && { reason: material.reason }), ...(material.ref !== undefined && { ref: material.ref }) },
        draft.sequence,
      ),
    ],
    scope: material.scope,
    revocation: revocationOf(samples, intermediates, anchors, notes),
    ...(certKinds.length > 0 && { certKinds }),
    ...(material.identity !== undefined && { identity: material.identity }),
  };
  const listed = (use: 'anchor' | 'intermediate' | 'sample') => (held: Held): ServiceProposal['certificates'][number] => ({
    subject: use === 'sample' ? '' : subjectOf(held.certificate),
    use,
    sha256: fingerprint(held),
    notAfter: held.certificate.validity.notAfter,
  });
  return { service, certificates: [...anchors.map(listed('anchor')), ...intermediates.map(listed('intermediate')), ...samples.map(listed('sample'))], notes };
}

function read(der: Uint8Array): Held {
  try {
    return { der, certificate: parseCertificate(der) };
  } catch (cause) {
    if (!(cause instanceof PkiError)) throw cause;
    throw new EditError('EDIT_NOT_CERTIFICATE', { zh: `无法读取一张证书：${cause.code}`, en: `A certificate cannot be read: ${cause.code}` }, { cause });
  }
}

function distinct(held: readonly Held[]): readonly Held[] {
  return [...new Map(held.map((each) => [encodeBase64(each.der), each])).values()];
}

/** basicConstraints says so; version 1 certificates, which have none, when they are self-issued. */
function mayIssue(certificate: Certificate): boolean {
  if (certificate.version < 3) return nameKey(certificate.subject) === nameKey(certificate.issuer);
  return readable(() => certificate.extBasicConstraints?.ca) === true;
}

function subjectOf(certificate: Certificate): string {
  return attributeValues(certificate.subject, COMMON_NAME)[0] ?? attributeValues(certificate.subject, ORGANIZATION)[0] ?? '?';
}

/** `urn:hefu:42:ca:hubei-ca-1a2b3c4d`: what is ASCII in the name, and the key, so that two CAs of one name differ. */
function proposeId(draft: ListDocument, kind: ServiceKind, name: string, spkiSha256: string): string {
  const words = name.toLowerCase().replace(/[^a-z0-9]+/g, '-').replace(/^-|-$/g, '').slice(0, 40);
  return `urn:hefu:${draft.listId}:${kind}:${words === '' ? '' : `${words}-`}${spkiSha256.slice(0, 8)}`;
}

function revocationOf(samples: readonly Held[], intermediates: readonly Held[], anchors: readonly Held[], notes: ServiceNote[]): RevocationDocument {
  const subjects = [...samples, ...intermediates];
  let crl = subjects.flatMap(({ certificate }) => crlAddresses(certificate));
  let ocsp = subjects.flatMap(({ certificate }) => ocspAddresses(certificate));
  if (crl.length === 0 && ocsp.length === 0) {
    crl = anchors.flatMap(({ certificate }) => crlAddresses(certificate));
    ocsp = anchors.flatMap(({ certificate }) => ocspAddresses(certificate));
    if (crl.length + ocsp.length > 0) {
      notes.push(note('ENDPOINT_FROM_CA_CERTIFICATE', '吊销地址取自 CA 证书自身，可能不是其订户证书的地址，请核对', 'revocation addresses come from the CA certificate itself and may not be those of its subscribers; compare them'));
    }
  }
  // Those a browser-less machine can fetch come first.
  const ordered = [...new Set(crl)].sort((a, b) => Number(isLdap(a)) - Number(isLdap(b)));
  const responders = [...new Set(ocsp)];
  if (ordered.length === 0 && responders.length === 0) notes.push(note('NO_REVOCATION_SOURCE', '证书中没有吊销地址，请向 CA 索取', 'no certificate names a revocation address; ask the CA'));
  if (ordered.length > 0 && responders.length === 0 && ordered.every(isLdap)) notes.push(note('LDAP_ONLY', '只有 LDAP 吊销地址，请向 CA 索取 HTTP 地址', 'only LDAP addresses; ask the CA for one over HTTP'));
  return {
    mode: responders.length > 0 ? 'ocsp-first' : 'crl-only',
    crl: ordered.map((url) => ({ url })),
    ...(responders.length > 0 && { ocsp: responders.map((url) => ({ url })) }),
  };
}

function crlAddresses(certificate: Certificate): readonly string[] {
  const points = readable(() => certificate.extCrlDistributionPoints) ?? [];
  return points.flatMap(({ fullName }) => fullName.flatMap((name) => (name.kind === 'uniformResourceIdentifier' && isUrl(name.value, /^(?:http|ldap)s?:$/) ? [name.value] : [])));
}

function ocspAddresses(certificate: Certificate): readonly string[] {
  const access = readable(() => certificate.extAuthorityInfoAccess) ?? [];
  return access.flatMap(({ method, location }) =>
    method === ID_AD_OCSP && location.kind === 'uniformResourceIdentifier' && isUrl(location.value, /^https?:$/) ? [location.value] : [],
  );
}

function isUrl(text: string, schemes: RegExp): boolean {
  try {
    const url = new URL(text);
    return schemes.test(url.protocol) && url.username === '' && url.password === '' && text.length <= 2048;
  } catch {
    return false;
  }
}

export function isLdap(url: string): boolean {
  return /^ldaps?:/i.test(url);
}

function kindsOf(samples: readonly Held[], notes: ServiceNote[]): NonNullable<ServiceDocument['certKinds']> {
  const seen = new Set<'sign' | 'encrypt'>();
  for (const { certificate } of samples) {
    const usage = readable(() => certificate.extKeyUsage);
    const signs = usage?.has('digitalSignature') === true || usage?.has('nonRepudiation') === true;
    const encrypts = usage?.has('keyEncipherment') === true || usage?.has('dataEncipherment') === true || usage?.has('keyAgreement') === true;
    if (signs && encrypts) {
      notes.push(note('SAMPLE_OF_BOTH_KINDS', '样本证书同时可用于签名和加密，无法按密钥用法区分，请人工设定 certKinds', 'a sample is for signing and for encryption alike: key usage does not tell the kinds apart, set certKinds by hand', subjectOf(certificate)));
      return [];
    }
    if (signs) seen.add('sign');
    if (encrypts) seen.add('encrypt');
  }
  const rules: NonNullable<ServiceDocument['certKinds']> = [
    { kind: 'sign', match: { all: [{ keyUsage: { has: ['digitalSignature'], not: ['keyEncipherment', 'dataEncipherment'] } }] } },
    { kind: 'encrypt', match: { any: [{ keyUsage: { has: ['keyEncipherment'] } }, { keyUsage: { has: ['dataEncipherment'] } }, { keyUsage: { has: ['keyAgreement'] } }] } },
  ];
  return seen.size === 2 ? rules : [];
}

function note(code: ServiceNote['code'], zh: string, en: string, of?: string): ServiceNote {
  return { code, text: { zh: `${zh}${of === undefined ? '' : `（${of}）`}。`, en: `${en[0]!.toUpperCase()}${en.slice(1)}${of === undefined ? '' : ` (${of})`}.` } };
}
