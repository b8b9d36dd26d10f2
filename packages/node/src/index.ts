export { createVerifier } from './create-verifier.js';
export type { CreateVerifierOptions, RecordOptions, Verifier } from './create-verifier.js';
export type { BatchProgress, BatchResult, VerifyManyOptions } from './batch/verify-many.js';
export type { VerifyPdfRequest, VerifyRequest, VerifySealRequest } from './read-request.js';
export type { Input } from './read-input.js';
export type { LastRefresh, TrustListSource } from './trust-list-holder.js';
export type { SchemeOptions } from './scheme-options.js';

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
export { readCertificates } from './read-input.js';
export { readRole, readRoleFile } from './role-file.js';
export { readBoundedFile } from './read-file.js';
export { hashFile } from './hash-file.js';
export type { HashFileOptions, Progress } from './hash-file.js';
export { crlAcceptance, listsOf } from '@hefu/updater';

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

// Keeping lists: working trees and the keys that sign
export { createListWorkspace, fingerprintOfFile, HIDDEN_FOLDER, openListWorkspace, SETTINGS_FILE } from './list-workspace/workspace.js';
export type { ListWorkspace, WorkspaceTree } from './list-workspace/workspace.js';
export type { FileChange } from './list-workspace/journal.js';
export type { LockOptions } from './list-workspace/folder-lock.js';
export { draftPath, FRESHNESS_PATH, highestNumber, keptFreshnessPath, listPath, proposalPath, rootPath, samplePath } from './list-workspace/layout.js';
export { WorkspaceError } from './list-workspace/error.js';
export type { WorkspaceErrorCode } from './list-workspace/error.js';
export { createListKey, readListKey } from './list-key/list-key.js';
export type { ListKey } from './list-key/list-key.js';
export { ListKeyError } from './list-key/error.js';
export type { ListKeyErrorCode } from './list-key/error.js';

// Evidence bundles
export { writeEvidenceBundle } from './evidence/write-bundle.js';
export { rewriteEvidenceBundle } from './evidence/rewrite-bundle.js';
export type { BundleRecord, FileBody, WriteBundleOptions } from './evidence/write-bundle.js';
export { openEvidenceBundle, statedDigests } from './evidence/read-bundle.js';
export type { BundleProblem, EvidenceBundle, OpenBundleOptions } from './evidence/read-bundle.js';

// Printed reports
export { renderPdf } from './report/render-pdf.js';
export type { RenderPdfOptions } from './report/render-pdf.js';

// Keys in files
export { openKeyFile, openPfx } from './keys/open-key-file.js';
export type { OpenedKeys, OpenKeyFileOptions } from './keys/open-key-file.js';
export { keyFileAdapter } from './keys/key-file-adapter.js';
export type { FileKey } from './keys/file-key.js';
export type { PasswordSource } from './keys/password.js';
export { KEY_FILE_ERRORS, KeyFileError } from './keys/error.js';
export type { KeyFileErrorCode, KeyFileErrorRow } from './keys/error.js';
