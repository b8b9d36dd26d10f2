import { encodePem } from '@hefu/pki';
import { decodeBase64 } from '../base64.js';
import type { ListDocument } from '../list-document.js';
import { parseInstant } from '../time.js';
import { decideExport, type ExportOptions, type ExportOutcome, type Loss } from './export-report.js';
import { serviceLosses } from './service-losses.js';

export interface PemExportOptions extends ExportOptions {
  /** Epoch milliseconds: only what is granted then is written. */
  readonly at: number;
}

/**
 * Writes the anchors of the CAs granted at an instant as a PEM bundle, each under a comment with its service. A bundle says
 * "trusted for everything, for ever", so nearly every list loses constraints by it.
 * @param draft a list that `readListContent` takes
 */
export function exportPem(draft: ListDocument, options: PemExportOptions): ExportOutcome {
  const losses: Loss[] = [];
  const blocks: string[] = [];
  for (const [index, service] of draft.services.entries()) {
    const { losses: own, take } = serviceLosses(service, index);
    const current = service.status.find(({ since }) => parseInstant(since) <= options.at);
    const compromised = service.status.some(({ status }) => status === 'distrusted');
    if (service.kind !== 'ca' || current?.status !== 'granted' || compromised) {
      losses.push({ code: 'LEFT_OUT', where: `services[${index}]`, serviceId: service.id, detail: service.kind === 'ca' ? (current?.status ?? 'not granted yet') : service.kind, constraint: false });
      continue;
    }
    take('STATUS', 'status', `granted since ${current.since}; a bundle has no dates`, true);
    if (service.status.length > 1) take('HISTORY', 'status', `${service.status.length} events`, true);
    for (const [a, { x5c, mode, sha256, spkiSha256 }] of service.anchors.entries()) {
      const der = x5c === undefined ? undefined : decodeBase64(x5c[0]);
      if (der === undefined) take('ANCHOR', `anchors[${a}]`, sha256 ?? spkiSha256 ?? '', false);
      else blocks.push(`# ${oneLine(service.name.zh)} ${oneLine(service.id)}\n${encodePem('CERTIFICATE', der)}`);
      // Much software takes a certificate that is not self-signed for no anchor at all.
      if (mode === 'pinned-intermediate') take('ANCHOR', `anchors[${a}]`, 'pinned intermediate: some software trusts only roots', false);
    }
    losses.push(...own);
  }
  if (blocks.length === 0) {
    return {
      outcome: 'refused',
      code: 'EXPORT_NOTHING',
      message: { zh: '此刻没有任何获认可的 CA 可以写出。', en: 'No CA is granted at this time that could be written.' },
      remedy: { zh: '查看各服务未写入的原因。', en: 'See why each service was left out.' },
      losses,
    };
  }
  return decideExport(new TextEncoder().encode(blocks.join('\n')), losses, options);
}

/** A name must not be able to close its comment and begin a certificate. */
function oneLine(text: string): string {
  return text.replace(/[\p{Cc}\u2028\u2029]/gu, ' ').replaceAll('-----', '—');
}
