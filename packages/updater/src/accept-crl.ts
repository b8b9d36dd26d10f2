import type { Algorithms } from '@hefu/crypto';
import { hexOf, nameKey, parseCertificate, PkiError, type Certificate, type CertificateList, type SignedData } from '@hefu/pki';
import type { Trust } from '@hefu/trust-list';
import { crlIssuerNames, verifySignedBy } from '@hefu/verify';
import { listsOf } from './lists-of.js';

/** Keys tried under one issuer name: some CAs have three. */
const MAX_KEYS = 8;

/**
 * The gatherer's question whether a CRL is worth keeping: issued under a name that stands above the message's
 * certificates, or that they name as their CRL issuer, and signed by a key that a certificate of the list, of the message or among
 * `candidates` has under that name, or that a service of kind `crl-issuer` has. It keeps
 * forged and misplaced CRLs out of the cache and makes the search go on to the next mirror; it authorises nothing,
 * the judge does.
 * Remembers answers for as long as the CRL objects live: make one per verifier.
 */
export function crlAcceptance(algorithms: Algorithms): (signed: Pick<SignedData, 'certificates'>, trust: Trust, candidates?: readonly Certificate[]) => (crl: CertificateList) => Promise<boolean> {
  const known = new WeakMap<CertificateList, Map<string, boolean>>();
  const listed = new WeakMap<Trust, ListCertificates>();

  async function isSignedBy(crl: CertificateList, certificate: Certificate): Promise<boolean> {
    const { signatureAlgorithm: algorithmIdentifier, tbs, signature } = crl;
    return (await verifySignedBy(algorithms, { algorithmIdentifier, tbs, signature, key: certificate.spki.key })).ok;
  }

  return (signed, trust, candidates = []) => {
    let certificates: { readonly pool: readonly Certificate[]; readonly publishers: readonly Certificate[]; readonly issuers: ReadonlySet<string> } | undefined;
    return async (crl) => {
      if (certificates === undefined) {
        const ofList = listed.get(trust) ?? certificatesOf(trust);
        listed.set(trust, ofList);
        const carried = [...signed.certificates.flatMap(readable), ...candidates];
        certificates = { pool: [...ofList.all, ...carried], publishers: ofList.publishers, issuers: issuersAbove(carried, ofList.all) };
      }
      const { pool, publishers, issuers } = certificates;
      const issuer = nameKey(crl.issuer);
      if (!issuers.has(issuer)) return false;
      const answers = known.get(crl) ?? new Map<string, boolean>();
      known.set(crl, answers);
      const tried = new Set<string>();
      for (const candidate of [...pool.filter(({ subject }) => nameKey(subject) === issuer), ...publishers]) {
        const spki = hexOf(candidate.spki.bytes);
        if (tried.has(spki)) continue;
        if (tried.size >= MAX_KEYS) return false;
        tried.add(spki);
        let answer = answers.get(spki);
        if (answer === undefined) {
          answer = await isSignedBy(crl, candidate).catch(() => false);
          answers.set(spki, answer);
        }
        if (answer) return true;
      }
      return false;
    };
  };
}

/** Names of issuers, up from the certificates carried through those of the list. */
function issuersAbove(carried: readonly Certificate[], ofList: readonly Certificate[]): ReadonlySet<string> {
  const namesOf = (certificate: Certificate): readonly string[] => crlIssuerNames(certificate).map(nameKey);
  const issuers = new Set(carried.flatMap(namesOf));
  for (let known = 0; known < issuers.size; ) {
    known = issuers.size;
    for (const certificate of ofList) if (issuers.has(nameKey(certificate.subject))) for (const name of namesOf(certificate)) issuers.add(name);
  }
  return issuers;
}

interface ListCertificates {
  readonly all: readonly Certificate[];
  /** Those of services that sign CRLs for CAs, under whatever name. */
  readonly publishers: readonly Certificate[];
}

function certificatesOf(trust: Trust): ListCertificates {
  const read = listsOf(trust).flatMap(({ services }) => services).map(({ kind, anchors, intermediates }) => ({
    kind,
    certificates: [...anchors.flatMap(({ certificate }) => certificate ?? []), ...intermediates].flatMap(readable),
  }));
  return {
    all: read.flatMap(({ certificates }) => certificates),
    publishers: read.flatMap(({ kind, certificates }) => (kind === 'crl-issuer' ? certificates : [])),
  };
}

function readable(bytes: Uint8Array): Certificate[] {
  try {
    const certificate = parseCertificate(bytes);
    void certificate.subject;
    void certificate.issuer;
    void certificate.spki;
    return [certificate];
  } catch (error) {
    if (error instanceof PkiError) return [];
    throw error;
  }
}
