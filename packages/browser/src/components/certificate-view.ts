import type { Credential, CredentialCandidate, FactorKind } from '@hefu/sign';
import type { Bilingual } from '@hefu/verify';

/** A credential as a person sees it; JSON, so that a backend can send it. */
export interface CertificateView {
  /** `Credential.ref`. */
  readonly ref: string;
  readonly holder: string;
  /** 统一社会信用代码. */
  readonly uscc?: string;
  readonly issuer: string;
  readonly use: 'sign' | 'encrypt' | 'both';
  /** Epoch milliseconds. */
  readonly notAfter: number;
  readonly usable: boolean;
  /** Why it cannot be used here; the first is the one that matters. */
  readonly reasons: readonly { readonly code: string; readonly message: Bilingual; readonly remedy: Bilingual }[];
  /** Names of places where it counts, for people. */
  readonly regions?: readonly string[];
  readonly sameKeyAs?: string;
  /** What confirms it, for the choice between two. */
  readonly confirmedBy?: readonly FactorKind[];
}

export interface CertificateViewOptions {
  /** GB/T 2260 code to the name of the place. */
  readonly regionName?: (code: string) => string | undefined;
}

/** What `selectCredential` found, to be shown. The holder is a company; a person's name is shown as the certificate has it. */
export function certificateView(candidate: CredentialCandidate, { regionName = (code) => code }: CertificateViewOptions = {}): CertificateView {
  const { credential, certificate, usable, reasons, regions, identity, sameKeyAs } = candidate;
  const places = Object.entries(regions).filter(([, { recognised }]) => recognised).map(([code]) => regionName(code) ?? code);
  return {
    ref: credential.ref,
    holder: identity?.name ?? identity?.personName ?? commonName(certificate?.subject) ?? credential.label ?? credential.ref,
    ...(identity?.uscc === undefined ? {} : { uscc: identity.uscc }),
    issuer: commonName(certificate?.issuer) ?? '',
    use: useOf(candidate),
    notAfter: certificate?.validity.notAfter ?? 0,
    usable,
    reasons: reasons.map(({ code, message, remedy }) => ({ code, message, remedy })),
    ...(places.length === 0 ? {} : { regions: places }),
    ...(sameKeyAs === undefined ? {} : { sameKeyAs }),
    ...factors(credential),
  };
}

function factors({ auth }: Credential): { readonly confirmedBy?: readonly FactorKind[] } {
  const kinds: FactorKind[] = [];
  const walk = (plan: Credential['auth']): void => {
    if ('factor' in plan) kinds.push(plan.factor);
    else plan.of.forEach(walk);
  };
  walk(auth);
  return kinds.length === 0 ? {} : { confirmedBy: [...new Set(kinds)] };
}

function useOf({ certificate, reasons }: CredentialCandidate): CertificateView['use'] {
  const usage = usageOf(certificate);
  if (usage === undefined) return reasons.some(({ code }) => code === 'CERTIFICATE_NOT_FOR_SIGNING') ? 'encrypt' : 'sign';
  const signs = usage.has('digitalSignature') || usage.has('nonRepudiation');
  const encrypts = usage.has('keyEncipherment') || usage.has('dataEncipherment') || usage.has('keyAgreement');
  return signs ? (encrypts ? 'both' : 'sign') : 'encrypt';
}

/** What cannot be read is among the reasons already. */
function usageOf(certificate: CredentialCandidate['certificate']): NonNullable<CredentialCandidate['certificate']>['extKeyUsage'] {
  try {
    return certificate?.extKeyUsage;
  } catch {
    return undefined;
  }
}

/** 2.5.4.3, else 2.5.4.10. */
function commonName(name: NonNullable<CredentialCandidate['certificate']>['subject'] | undefined): string | undefined {
  const attributes = name?.rdns.flat() ?? [];
  return (attributes.find(({ type }) => type === '2.5.4.3') ?? attributes.find(({ type }) => type === '2.5.4.10'))?.value;
}
