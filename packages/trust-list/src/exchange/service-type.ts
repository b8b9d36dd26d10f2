import type { ServiceKind } from '../model.js';

const TL = 'http://uri.etsi.org/TrstSvc/Svctype/';

/** TS 119 612 §5.5.1 and Annex D.2, TS 119 602 annexes; what is not here has no counterpart among our kinds. */
const KINDS: Readonly<Record<string, ServiceKind>> = {
  [`${TL}CA/QC`]: 'ca',
  [`${TL}CA/PKC`]: 'ca',
  [`${TL}TSA`]: 'tsa',
  [`${TL}TSA/QTST`]: 'tsa',
  [`${TL}TSA/TSS-QC`]: 'tsa',
  [`${TL}TSA/TSS-AdESQCandQES`]: 'tsa',
  [`${TL}Certstatus/OCSP`]: 'ocsp',
  [`${TL}Certstatus/OCSP/QC`]: 'ocsp',
  [`${TL}Certstatus/CRL`]: 'crl-issuer',
  [`${TL}Certstatus/CRL/QC`]: 'crl-issuer',
  'http://uri.etsi.org/19602/SvcType/WRPAC/Issuance': 'ca',
};

const OURS = 'urn:hefu:svctype:';

/** What is written where the standard has no URI that says no more than we know: `CA/QC` would claim a qualified service. */
const URIS: Readonly<Record<ServiceKind, string>> = {
  ca: `${TL}CA/PKC`,
  tsa: `${TL}TSA`,
  ocsp: `${TL}Certstatus/OCSP`,
  'crl-issuer': `${TL}Certstatus/CRL`,
  'seal-maker': `${OURS}seal-maker`,
};

/** Undefined: a service of no kind we list. */
export function kindOfServiceType(uri: string): ServiceKind | undefined {
  if (uri === URIS['seal-maker']) return 'seal-maker';
  return Object.hasOwn(KINDS, uri) ? KINDS[uri] : undefined;
}

export function serviceTypeOf(kind: ServiceKind): string {
  return URIS[kind];
}

/** ServiceSupplyPoint types; many lists leave them out, and the address then has to say it. */
export function supplyPointKind({ type, url }: { readonly type?: string; readonly url: string }): 'crl' | 'ocsp' | undefined {
  if (type !== undefined) return /OCSP/i.test(type) ? 'ocsp' : /CRL/i.test(type) ? 'crl' : undefined;
  if (/\.crl(?:$|[?#])/i.test(url)) return 'crl';
  return /(?:^|[./])ocsp/i.test(url) ? 'ocsp' : undefined;
}
