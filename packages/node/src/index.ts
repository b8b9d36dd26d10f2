export { createVerifier } from './create-verifier.js';
export type { CreateVerifierOptions, RecordOptions, Verifier } from './create-verifier.js';
export type { VerifyRequest } from './read-request.js';
export type { Input } from './read-input.js';
export type { LastRefresh, TrustListSource } from './trust-list-holder.js';

// The parts, for those who wire their own
export { nodeAlgorithms } from './algorithms.js';
export { nodeAlgorithmProvider } from './algorithm-provider.js';
export type { NodeAlgorithmProviderOptions } from './algorithm-provider.js';
export { nodeDigests } from './native-digests.js';
export { nodeSm4Ctr } from './native-sm4.js';
export { nodeFetcher } from './http-fetcher.js';
export type { NodeFetcherOptions } from './http-fetcher.js';
export { fileStore } from './file-store.js';
export type { FileStoreOptions } from './file-store.js';
export { readRole, readRoleFile } from './role-file.js';
export { readBoundedFile } from './read-file.js';
export { crlAcceptance } from './accept-crl.js';

export { DEFAULT_NODE_LIMITS } from './limits.js';
export type { NodeLimits } from './limits.js';
export { NodeError } from './error.js';
export type { NodeErrorCode } from './error.js';

// Watching
export { watch } from './watch/watch.js';
export type { WatchOptions } from './watch/watch.js';
export type { AlertSink } from './watch/alert-sink.js';
export { alertFile } from './watch/alert-file.js';
export type { AlertFileOptions } from './watch/alert-file.js';
export { webhook } from './watch/webhook.js';
export type { WebhookOptions } from './watch/webhook.js';

// Evidence bundles
export { writeEvidenceBundle } from './evidence/write-bundle.js';
export { rewriteEvidenceBundle } from './evidence/rewrite-bundle.js';
export type { BundleRecord, FileBody, WriteBundleOptions } from './evidence/write-bundle.js';
export { openEvidenceBundle, statedDigests } from './evidence/read-bundle.js';
export type { BundleProblem, EvidenceBundle, OpenBundleOptions } from './evidence/read-bundle.js';

// Printed reports
export { renderPdf } from './report/render-pdf.js';
export type { RenderPdfOptions } from './report/render-pdf.js';
