export { LINT_RULES, lintList, lintRoot } from './lint.js';
export type { EndpointProbe, LintFinding, LintLevel, LintOptions, LintReport, LintRule } from './model.js';
