import type { CheckRow, Conclusion, Report, RevocationResult, SignerReport, TimestampReport } from '../report.js';

/** JSON with the names of ETSI TS 119 102-2. Members and URNs are those of its XML schema; there is no JSON binding yet. */
export interface EtsiValidationReport {
  readonly SignatureValidationReport: readonly EtsiSignatureReport[];
  readonly SignatureValidationObjects: { readonly ValidationObject: readonly EtsiObject[] };
  readonly SignatureValidator: { readonly Name: string; readonly Version: string };
}

export interface EtsiStatus {
  readonly MainIndication: string;
  readonly SubIndication?: readonly string[];
  readonly AssociatedValidationReportData?: readonly unknown[];
}

export interface EtsiSignatureReport {
  readonly SignatureIdentifier: { readonly id: string };
  readonly ValidationConstraintsEvaluationReport: {
    readonly SignatureValidationPolicy: { readonly SignaturePolicyIdentifier: string; readonly PolicyDigest: EtsiDigest };
    readonly ValidationConstraint: readonly {
      readonly ValidationConstraintIdentifier: string;
      readonly ConstraintStatus: { readonly Status: string };
      readonly ValidationStatus: { readonly MainIndication: string };
      readonly Indications?: string;
    }[];
  };
  readonly ValidationTimeInfo: { readonly ValidationTime: string; readonly BestSignatureTime: { readonly POETime: string; readonly TypeOfProof: string } };
  readonly SignersDocument: { readonly DigestAlgAndValue: readonly EtsiDigest[] };
  readonly SignatureAttributes?: { readonly SigningTime: { readonly Time: string } };
  readonly SignerInformation?: { readonly SignerCertificate: { readonly VOReference: string }; readonly Signer?: string };
  readonly SignatureQuality?: { readonly SignatureQualityInformation: readonly string[] };
  readonly SignatureValidationProcess: { readonly SignatureValidationProcessID: string };
  readonly SignatureValidationStatus: EtsiStatus;
}

export interface EtsiDigest {
  readonly DigestMethod: string;
  /** Lower-case hex. */
  readonly DigestValue: string;
}

export interface EtsiObject {
  readonly id: string;
  readonly ObjectType: string;
  readonly ValidationObjectRepresentation: { readonly DigestAlgAndValue: EtsiDigest };
  readonly POE?: { readonly POETime: string; readonly TypeOfProof: string };
}

const URN = 'urn:etsi:019102';

/** The indication of a signature as a whole (TS 119 102-2 §4.3.6): `total-…` where it is decided. */
const MAIN: Readonly<Record<Conclusion, string>> = { passed: `${URN}:mainindication:total-passed`, failed: `${URN}:mainindication:total-failed`, indeterminate: `${URN}:mainindication:indeterminate` };

/** Of one constraint. */
const PART: Readonly<Record<CheckRow['outcome'], string>> = {
  passed: `${URN}:mainindication:passed`, failed: `${URN}:mainindication:failed`, indeterminate: `${URN}:mainindication:indeterminate`, warning: `${URN}:mainindication:passed`, 'not-applicable': `${URN}:mainindication:passed`,
};

/** A report in the terms of ETSI TS 119 102-2: one validation report a signature, and what they share. */
export function renderEtsi(report: Report, validator: { readonly name: string; readonly version: string }): EtsiValidationReport {
  const objects = new Map<string, EtsiObject>();
  const signers = report.signers.length > 0 ? report.signers.map((signer, index) => signatureOf(report, signer, index, objects)) : [unread(report)];
  return {
    SignatureValidationReport: signers,
    SignatureValidationObjects: { ValidationObject: [...objects.values()] },
    SignatureValidator: { Name: validator.name, Version: validator.version },
  };
}

function signatureOf(report: Report, signer: SignerReport, index: number, objects: Map<string, EtsiObject>): EtsiSignatureReport {
  const note = (type: string, sha256: string, provenAt?: string): string => {
    const id = `${type}-${sha256.slice(0, 16)}`;
    if (!objects.has(id)) objects.set(id, { id, ObjectType: `${URN}:validationObject:${type}`, ValidationObjectRepresentation: { DigestAlgAndValue: { DigestMethod: 'SHA-256', DigestValue: sha256 } }, ...(provenAt === undefined ? {} : { POE: { POETime: provenAt, TypeOfProof: `${URN}:poetype:validation` } }) });
    return id;
  };
  const proven = new Map((signer.proofs ?? []).map(({ sha256, provenAt }) => [sha256, provenAt]));
  const chain = signer.path.map(({ sha256 }) => note('certificate', sha256, proven.get(sha256)));
  const stamps = (signer.timestamps ?? []).map((stamp) => ({ stamp, id: note('timestamp', stamp.sha256, stamp.provenAt) }));
  const revocation = signer.revocation.map((result) => revocationOf(result, chain, note));
  const [certificate] = chain;
  const signedBy = signer.path[0]?.subject;
  return {
    SignatureIdentifier: { id: `signer-${index}` },
    ValidationConstraintsEvaluationReport: constraintsOf(report, signer.checks),
    ValidationTimeInfo: timesOf(report, signer),
    SignersDocument: documentOf(report),
    ...(signer.claimedSigningTime === undefined ? {} : { SignatureAttributes: { SigningTime: { Time: signer.claimedSigningTime } } }),
    ...(certificate === undefined ? {} : { SignerInformation: { SignerCertificate: { VOReference: certificate }, ...(signedBy === undefined ? {} : { Signer: signedBy }) } }),
    ...(signer.level === undefined ? {} : { SignatureQuality: { SignatureQualityInformation: [`urn:cades:${signer.level.proven ?? signer.level.found}`] } }),
    SignatureValidationProcess: { SignatureValidationProcessID: `${URN}:validationprocess:${processOf(signer.timestamps ?? [])}` },
    SignatureValidationStatus: statusOf(signer.conclusion, signer.subIndication, [{
      ...(chain.length === 0 ? {} : { TrustAnchor: { VOReference: chain.at(-1) }, CertificateChain: { SigningCertificate: { VOReference: chain[0] }, IntermediateCertificate: chain.slice(1, -1).map((id) => ({ VOReference: id })), TrustAnchor: { VOReference: chain.at(-1) } } }),
      ...(revocation.length === 0 ? {} : { RevocationStatusInformation: revocation }),
      ...(signer.signatureAlgorithm === undefined ? {} : { CryptoInformation: { Algorithm: signer.signatureAlgorithm } }),
      ...(signer.reasons.length === 0 ? {} : { AdditionalValidationReportData: { ReportData: signer.reasons.map(({ code, message }) => ({ Type: `urn:hefu:reason:${code}`, Value: message.en })) } }),
      ...(stamps.length === 0 ? {} : { RelatedTimestamps: stamps.map(({ stamp, id }) => ({ VOReference: id, Kind: stamp.kind, ...(stamp.genTime === undefined ? {} : { ProductionTime: stamp.genTime }), SignatureValidationStatus: statusOf(stamp.conclusion, stamp.subIndication) })) }),
    }]),
  };
}

/** A message without a signature that could be looked at. */
function unread(report: Report): EtsiSignatureReport {
  return {
    SignatureIdentifier: { id: 'message' },
    ValidationConstraintsEvaluationReport: constraintsOf(report, []),
    ValidationTimeInfo: timesOf(report),
    SignersDocument: documentOf(report),
    SignatureValidationProcess: { SignatureValidationProcessID: `${URN}:validationprocess:Basic` },
    SignatureValidationStatus: statusOf(report.conclusion, report.subIndication),
  };
}

function statusOf(conclusion: Conclusion, subIndication: string | undefined, data?: readonly object[]): EtsiStatus {
  const said = data?.filter((each) => Object.keys(each).length > 0) ?? [];
  return {
    MainIndication: MAIN[conclusion],
    // GENERIC has no URN of its own in the standard: a main indication by itself.
    ...(subIndication === undefined || subIndication === 'GENERIC' ? {} : { SubIndication: [`${URN}:subindication:${subIndication}`] }),
    ...(said.length === 0 ? {} : { AssociatedValidationReportData: said }),
  };
}

function constraintsOf({ policy }: Report, checks: readonly CheckRow[]): EtsiSignatureReport['ValidationConstraintsEvaluationReport'] {
  return {
    SignatureValidationPolicy: { SignaturePolicyIdentifier: policy.id, PolicyDigest: { DigestMethod: 'SHA-256', DigestValue: policy.sha256 } },
    ValidationConstraint: checks.map(({ id, outcome, subject, expected, actual }) => ({
      ValidationConstraintIdentifier: `urn:hefu:constraint:${id}`,
      ConstraintStatus: { Status: `${URN}:constraintStatus:${outcome === 'not-applicable' ? 'disabled' : 'applied'}` },
      ValidationStatus: { MainIndication: PART[outcome] },
      Indications: [subject, ...(expected === undefined ? [] : [`expected ${expected}`]), ...(actual === undefined ? [] : [`found ${actual}`])].join('; '),
    })),
  };
}

function timesOf({ times }: Report, signer?: SignerReport): EtsiSignatureReport['ValidationTimeInfo'] {
  const best = signer?.bestSignature ?? { time: times.bestSignature, source: times.sources.bestSignature };
  return { ValidationTime: times.validation, BestSignatureTime: { POETime: best.time, TypeOfProof: `${URN}:poetype:${best.source === 'caller' ? 'provided' : 'validation'}` } };
}

function documentOf({ content }: Report): EtsiSignatureReport['SignersDocument'] {
  return { DigestAlgAndValue: Object.entries(content.digests).map(([DigestMethod, DigestValue]) => ({ DigestMethod, DigestValue })) };
}

/** TS 119 102-2 §4.3.10: the processes of EN 319 102-1 §5.3, §5.5, §5.6. */
function processOf(stamps: readonly TimestampReport[]): 'Basic' | 'LTVM' | 'LTA' {
  if (stamps.some(({ kind }) => kind === 'archive')) return 'LTA';
  return stamps.length > 0 ? 'LTVM' : 'Basic';
}

function revocationOf({ certificate, status, revokedAt, reason, source }: RevocationResult, chain: readonly string[], note: (type: string, sha256: string) => string): object {
  return {
    ValidationObject: { VOReference: chain[certificate] },
    Status: status,
    ...(revokedAt === undefined ? {} : { RevocationTime: revokedAt }),
    ...(reason === undefined ? {} : { RevocationReason: reason }),
    ...(source === undefined ? {} : { RevocationObject: { VOReference: note(source.kind === 'crl' ? 'CRL' : 'OCSPResponse', source.sha256) } }),
  };
}
