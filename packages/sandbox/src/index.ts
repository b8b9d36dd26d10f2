// The world
export { createWorld } from './world/world.js';
export type { World, WorldOptions } from './world/world.js';
export { NINE_CITIES } from './world/cities.js';
export type { City } from './world/cities.js';
export type { Authority, CaCertificate } from './world/authority.js';
export type { AuthorityDesign, LeafManners } from './world/authority-design.js';
export type { TimestampAuthority } from './world/timestamping.js';
export type { Company } from './world/company.js';
export type { CompanyState } from './world/company-design.js';
export type { ExpectedIdentity, Holder } from './world/holder.js';
export type { Placement } from './world/placement.js';
export { LIST_ID } from './world/list-document.js';
export type { ListName } from './world/lists.js';
export { listSigner, signEnvelope } from './world/operators.js';
export type { ListOperator } from './world/operators.js';
export type { SandboxScheme, SchemeFiles } from './world/scheme.js';
export { schemeFiles } from './world/scheme-files.js';
export { createSchemePress } from './world/scheme-press.js';
export type { ListChange, ListedEntry, PublishedFile, SchemePress } from './world/scheme-press.js';
export type { SchemePeople } from './world/scheme.js';
export { createSchemeFaults } from './world/scheme-faults.js';
export type { SchemeFault, SchemeFaultFiles } from './world/scheme-faults.js';
export { bidOf, signBid } from './world/scenario.js';
export type { Scenario, ScenarioExpectation } from './world/scenario.js';

export { SEAL_PROPERTY } from './world/sealing.js';
export type { CompanySeal, SealMaker } from './world/sealing.js';

// Served and written
export { serveWorld, startSandbox } from './serve.js';
export type { ServedWorld } from './serve.js';
export { FAULTS } from './fault.js';
export type { Fault } from './fault.js';
export { writeWorld } from './write.js';
export { worldFiles } from './files.js';
export { SandboxError } from './error.js';
export type { SandboxErrorCode } from './error.js';

// A provider of signing keys
export { serveProvider } from './provider/serve-provider.js';
export type { ProviderOptions, ServedProvider } from './provider/serve-provider.js';
export type { Facade, FacadeMaker, ProviderGround } from './provider/facade.js';
export type { ProviderClock } from './provider/clock.js';
export { TRANSPORT_FAULTS } from './provider/fault-plan.js';
export type { FaultPlan, PlannedFault, TransportFault } from './provider/fault-plan.js';
export type { HsmKey, VirtualHsm } from './provider/hsm.js';
export type { Exchange, Transcript } from './provider/transcript.js';
export { providerFacades } from './provider/facades.js';
export type { ProviderGuide } from './provider/guide/guide.js';
export type { FailureGuide } from './provider/guide/failures.js';
export { createCscProvider } from './provider/csc/provider.js';
export type { CscProvider } from './provider/csc/provider.js';
export { CSC_SERVICE_TOKEN } from './provider/csc/state.js';
export type { CscOptions, MadeSignature } from './provider/csc/state.js';
export { CSC_MANNERS, CSC_PIN, CSC_TOTP } from './provider/csc/credentials.js';
export type { CscCredentialManner } from './provider/csc/credentials.js';
export { CSC_PRESETS } from './provider/csc/presets.js';
export type { CscManners, CscPresetName } from './provider/csc/presets.js';
export { createQrProvider, qrFacade } from './provider/qr/qr-facade.js';
export type { QrFacadeOptions, QrProvider } from './provider/qr/qr-facade.js';
export type { JobBook, JobItem, JobSpec, JobState, PhoneAct, QrJob } from './provider/qr/job-book.js';
export type { Deliver, OutgoingCallback, WebhookSender } from './provider/qr/webhook.js';
export { COSS_APP } from './provider/qr/coss.js';
export { DEVICE_LINK_PARTY } from './provider/qr/device-link.js';
export { KMS_FAULTS, kmsFacade } from './provider/kms/kms-facade.js';
export { kmsAccount } from './provider/kms/account.js';
export type { KmsAccount } from './provider/kms/account.js';
export { COSIGN_FAULTS, cosignApp, cosignFacade } from './provider/cosign/cosign-facade.js';

// What it is made with
export { createSeed } from './seed.js';
export type { Seed } from './seed.js';
export { deriveKeyPair } from './keys.js';
export type { AlgorithmParameters, KeyKind, KeyPair } from './keys.js';
export { attr, distinguishedName } from './name.js';
export type { AttributeSpec, NameSpec, StringType } from './name.js';
export {
  authorityKeyIdentifier, basicConstraints, certificatePolicies, crlDistributionPoints, encodeExtension, extendedKeyUsage, extension, keyUsage,
  ocspAccess, subjectKeyIdentifier,
} from './extension.js';
export type { ExtensionSpec, KeyUsageName, KeyUsageOptions } from './extension.js';
export { issueCertificate } from './certificate.js';
export type { CertificateSpec } from './certificate.js';
export { CRL_REASONS, issueCrl } from './crl.js';
export type { CrlEntry, CrlSpec } from './crl.js';
export { answerOcsp, ocspError } from './ocsp.js';
export type { OcspAuthority, OcspTimes } from './ocsp.js';
export { answerTimestamp, TIMESTAMP_FAULTS } from './timestamp.js';
export type { TimestampFault, TimestampManners, TimestampUnit } from './timestamp.js';
export { signDetached } from './sign-detached.js';
export type { Credential, SignDetachedOptions, SignedForm } from './sign-detached.js';
export { makeSeal, stampDocument } from './seal.js';
export type { SealSpec, StampSpec } from './seal.js';
export { sealPicture } from './seal-picture.js';
export { organisationCode, uscc, withWrongCheck } from './uscc.js';
