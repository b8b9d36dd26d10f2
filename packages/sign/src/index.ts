export { SignError } from './error.js';
export type { SignErrorCode } from './error.js';
export { prepareSignature } from './prepare.js';
export type { PreparedSignature, PrepareInput, ToBeSigned } from './prepare.js';
export { assembleSignature } from './assemble.js';
export { signContent, sm2SoftKey, webCryptoSoftKey } from './signer.js';
export type { Signer } from './signer.js';
export { signatureProfile } from './signature-profile.js';
export type { SignatureProfile, WrittenVariant } from './signature-profile.js';

// More to a message that is there
export { addSigner } from './add-signer.js';
export { addCountersignature, countersign, prepareCountersignature } from './countersign.js';
export type { CountersignInput, PreparedCountersignature } from './countersign.js';
export { contentTimestamp } from './timestamper.js';
export type { Timestamper } from './timestamper.js';
export { addSignatureTimestamp } from './add-signature-timestamp.js';
export { addValidationData } from './add-validation-data.js';
export type { ValidationData } from './add-validation-data.js';
export { addArchiveTimestamp } from './add-archive-timestamp.js';
export type { ArchiveOptions } from './add-archive-timestamp.js';
export type { ExtendedMessage } from './message.js';

// JWS and JAdES
export { prepareJws } from './jws/prepare-jws.js';
export type { DetachedObject, PreparedJws, PrepareJwsInput } from './jws/prepare-jws.js';
export { assembleJws, signJws } from './jws/assemble-jws.js';
export type { JwsSerialization } from './jws/assemble-jws.js';
export { addJwsTimestamp } from './jws/add-jws-timestamp.js';
export type { JwsAlgorithm, JwsProfile } from './jws/jws-profile.js';

// Reports
export { signReport, verifyReport } from './report/sign-report.js';
export type { SignedReportVerdict, SignReportInput } from './report/sign-report.js';
