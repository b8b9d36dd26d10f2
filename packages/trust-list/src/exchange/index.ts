export type * from './foreign-list.js';
export { instantOfDateTime } from './date-time.js';
export { DEFAULT_EXCHANGE_LIMITS } from './limits.js';
export type { ExchangeLimits } from './limits.js';
export { IMPORT_NOTES, refuseImport } from './import-report.js';
export type {
  Imported, ImportedService, ImportEffect, ImportFormat, ImportNote, ImportNoteCode, ImportOutcome, ImportRefusalCode, ImportRefused, ImportReport,
  ImportSignature, PointerSuggestion, SignerRelation,
} from './import-report.js';
export { importLote } from './import-lote.js';
export type { SignedImportOptions } from './import-lote.js';
export { importCertificates } from './import-certificates.js';
export { mapForeignList } from './map-list.js';
export type { ImportOptions } from './map-list.js';
export { signerNotes } from './signer-notes.js';
export { acceptGiven } from './verify-jws.js';
export type { AcceptSigner } from './verify-jws.js';
export { LOSSES } from './export-report.js';
export type { Exported, ExportOptions, ExportOutcome, ExportRefused, Loss, LossCode } from './export-report.js';
export { exportLote } from './export-lote.js';
export type { LoteExportOptions } from './export-lote.js';
export { exportPem } from './export-pem.js';
export type { PemExportOptions } from './export-pem.js';
