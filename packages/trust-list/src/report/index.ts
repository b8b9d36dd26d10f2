export { reportOf } from './report.js';
export { readProbes } from './endpoints.js';
export type { EndpointHealth } from './endpoints.js';
export { attentionOf } from './attention.js';
export type { Attention } from './attention.js';
export { renderReportHtml } from './render-html.js';
export { REPORT_LIMITS } from './model.js';
export type {
  Approval, DelegationState, DocumentState, Due, Endpoints, Matrix, MatrixCell, MatrixRow, PeerState, ReportLimits, ReportOptions, ReportRegion, ReportService, Timeline, TimelineLimit, TimelineRow, TimelineSpan,
  TrustReport, Use,
} from './model.js';
