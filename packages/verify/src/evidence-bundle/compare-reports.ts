import type { Report, SignerReport } from '../report.js';

/** One thing on which two reports differ. Absent: not said there. */
export interface ReportDifference {
  /** `conclusion`, `signers[0].trust.status`… */
  readonly what: string;
  readonly before?: string;
  readonly after?: string;
}

/** What a person has to know of two reports on one message: verdict, reasons, who signed, who answers for it, revocation, times, lists, policy. */
export function compareReports(then: Report, now: Report): readonly ReportDifference[] {
  const before = facts(then);
  const after = facts(now);
  return [...new Set([...before.keys(), ...after.keys()])].flatMap((what) => {
    const [was, is] = [before.get(what), after.get(what)];
    return was === is ? [] : [{ what, ...(was === undefined ? {} : { before: was }), ...(is === undefined ? {} : { after: is }) }];
  });
}

function facts(report: Report): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  const say = (what: string, value: string | number | undefined): void => {
    if (value !== undefined && value !== '') found.set(what, String(value));
  };
  say('conclusion', report.conclusion);
  say('code', report.code);
  say('subIndication', report.subIndication);
  say('reasons', report.reasons.map(({ code, subject }) => (subject === undefined ? code : `${code} (${subject})`)).join(', '));
  say('warnings', report.warnings.join(', '));
  say('scene', report.scene);
  say('times.validation', report.times.validation);
  say('times.bestSignature', `${report.times.bestSignature} (${report.times.sources.bestSignature})`);
  for (const { id, sequence } of report.trustLists ?? (report.trustList === undefined ? [] : [report.trustList])) say(`list ${id}`, `#${sequence}`);
  say('policy', `${report.policy.id} ${report.policy.sha256}`);
  for (const [index, signer] of report.signers.entries()) signerFacts(signer, `signers[${index}]`, say);
  return found;
}

function signerFacts(signer: SignerReport, at: string, say: (what: string, value: string | number | undefined) => void): void {
  say(`${at}.conclusion`, `${signer.conclusion} ${signer.code}`);
  say(`${at}.identity.name`, signer.identity?.name);
  say(`${at}.identity.uscc`, signer.identity?.uscc);
  say(`${at}.certificate`, signer.path[0]?.sha256);
  say(`${at}.anchor`, signer.path.at(-1)?.sha256);
  say(`${at}.trust.service`, signer.trustDecision?.serviceId);
  say(`${at}.trust.status`, signer.trustDecision && `${signer.trustDecision.status} since ${signer.trustDecision.statusSince}`);
  say(`${at}.level`, signer.level && `${signer.level.found}${signer.level.proven === undefined ? '' : `, proven ${signer.level.proven}`}`);
  for (const { certificate, status, code } of signer.revocation) say(`${at}.revocation[${certificate}]`, code === undefined ? status : `${status} ${code}`);
  for (const [index, stamp] of (signer.timestamps ?? []).entries()) say(`${at}.timestamps[${index}]`, `${stamp.kind} ${stamp.conclusion} ${stamp.code}`);
}
