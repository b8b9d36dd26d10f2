export type { Change, ChangeCode, ChangeSeverity, DocumentDiff, TrustChange } from './model.js';
export { diffLists } from './list.js';
export { diffRoots } from './root.js';
export { renderDiffText } from './render-text.js';
export { escapeHtml, renderDiffHtml } from './render-html.js';
export { compareVerdicts, impactOf, reportCites } from './verdicts.js';
export type { ArchivedReport, Verdict, VerdictChanges, VerdictOptions, VerdictRow } from './verdicts.js';
