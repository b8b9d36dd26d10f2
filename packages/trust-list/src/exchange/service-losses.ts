import type { ServiceDocument } from '../list-document.js';
import type { Loss } from './export-report.js';

type Take = (code: Loss['code'], member: string, detail: string, constraint: boolean) => void;

/** What a service says that neither a PEM bundle nor a list with standard members only can say. Statuses and anchors are the exporter's own. */
export function serviceLosses(service: ServiceDocument, index: number): { readonly losses: Loss[]; readonly take: Take } {
  const losses: Loss[] = [];
  const take: Take = (code, member, detail, constraint) => {
    losses.push({ code, where: `services[${index}]${member === '' ? '' : `.${member}`}`, serviceId: service.id, detail: detail.slice(0, 300), constraint });
  };
  const { scope = [], constraints = {}, certKinds = [], revocation, identity, messageVariants, crit = [], intermediates = [] } = service;
  take('SCOPE', 'scope', scope.length === 0 ? 'recognised nowhere' : scope.map(({ regions, ...rest }) => [regions.join(' '), ...Object.keys(rest)].join(', ')).join('; '), true);
  for (const [name, value] of Object.entries(constraints)) if (value !== undefined && value !== null) take('CONSTRAINTS', `constraints.${name}`, JSON.stringify(value), true);
  if (crit.length > 0) take('CRITICAL', 'crit', crit.join(', '), true);
  if (certKinds.length > 0) take('CERT_KINDS', 'certKinds', `${certKinds.length} rules`, true);
  if (revocation !== undefined) {
    const { crl = [], ocsp = [], mode } = revocation;
    take('REVOCATION', 'revocation', `mode ${mode}${revocation.overrideCertificateUrls === true ? ', instead of the addresses in certificates' : ''}${[...crl, ...ocsp].some((endpoint) => Object.keys(endpoint).length > 1) ? ', settings of endpoints' : ''}`, mode !== 'none-with-reason');
  }
  if (identity !== undefined && identity !== null) take('IDENTITY', 'identity', identity, false);
  if (messageVariants !== undefined) take('METADATA', 'messageVariants', messageVariants.join(', '), false);
  if (intermediates.length > 0) take('METADATA', 'intermediates', `${intermediates.length} certificates that anchor nothing`, false);
  return { losses, take };
}
