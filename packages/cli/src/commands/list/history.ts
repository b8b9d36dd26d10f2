import { diffLists, parseDraft, readListContent, statusAt, formatInstant, type Change, type ListDocument, type TrustService } from '@hefu/trust-list';
import { columns, hanging, visible } from '@hefu/verify';
import type { Command } from 'commander';
import type { CommandContext } from '../../command-context.js';
import { ExitCode } from '../../exit-code.js';
import { say } from '../../language.js';
import type { EditOptions } from '../../list/edit.js';
import { editCommand, lockOf, wholeNumber } from '../../list/options.js';
import { refusal } from '../../list/refusal.js';
import { editContext, openTree, publishedList, settingsOf } from '../../list/tree.js';

interface HistoryOptions extends EditOptions {
  readonly asKnownAt?: string;
}

/** A status over a half-open interval. */
interface Interval {
  readonly status: string;
  readonly from: string;
  readonly until?: string;
}

/** `hefu list history`: what a service was, by what is known now and by what was known then, and who changed what when. */
export function listHistoryCommand(group: Command, context: CommandContext): void {
  const { terminal, lang, json, done } = context;
  editCommand(group, context, 'history', '一个服务的双时间历史：现在看来如何，当时已知如何', 'the history of a service: as now known, and as known then')
    .argument('<id>', say(lang, '服务标识', 'id of the service'))
    .option('--as-known-at <sequence>', say(lang, '另按名单到这一版时的记录', 'also by what lists up to this sequence had recorded'))
    .action(async (id: string, options: HistoryOptions) => {
      const then = options.asKnownAt === undefined ? undefined : wholeNumber('--as-known-at', options.asKnownAt);
      const workspace = await openTree(options);
      const versions = await workspace.transact(async (tree) => {
        const listId = options.list ?? (await settingsOf(tree)).listId;
        const last = await publishedList(tree, listId);
        const found = [];
        for (let sequence = 1; last !== undefined && sequence <= last.number; sequence++) {
          const published = await publishedList(tree, listId, sequence);
          if (published !== undefined) found.push(published);
        }
        return found;
      }, lockOf(options));
      const latest = versions.at(-1);
      const service = latest && readListContent(latest.payload, editContext).services.find((each) => each.id === id);
      const changes = changesOf(id, versions.map(({ payload }) => parseDraft(payload, 'list')));
      if (latest === undefined || (service === undefined && changes.length === 0)) throw refusal('EDIT_NOT_FOUND', `已发布的名单中没有服务 ${id}`, `no published list has a service ${id}`, { zh: '核对标识；草稿中的内容尚无历史。', en: 'Check the id; what is in a draft has no history yet.' });
      const asNowKnown = service === undefined ? [] : intervals(service);
      const asKnownAt = service === undefined || then === undefined ? undefined : intervals({ ...service, status: service.status.filter(({ recorded }) => recorded <= then) });
      const events = (service?.status ?? []).map(({ status, since, recorded, reason, ref }) => ({ recorded, status, since: formatInstant(since), ...(reason !== undefined && { reason }), ...(ref !== undefined && { ref }) })).reverse();
      const differ = asKnownAt !== undefined && JSON.stringify(asKnownAt) !== JSON.stringify(asNowKnown);
      if (json) terminal.out(JSON.stringify({ id, sequence: latest.number, events, asNowKnown, ...(asKnownAt !== undefined && { asKnownAt: { sequence: then, intervals: asKnownAt, differs: differ } }), changes }, undefined, 2));
      else {
        const told = (title: string, rows: readonly Interval[]): void => {
          terminal.out(title);
          terminal.out(columns(rows.map(({ status, from, until }) => [`  ${status}`, from, `→ ${until ?? ''}`]), terminal.width).join('\n'));
        };
        terminal.out(say(lang, '事件（按记录的名单）', 'Events, by the list that recorded them'));
        for (const { recorded, status, since, reason, ref } of events) terminal.out(hanging(`  #${recorded} `, visible(`${status} ${say(lang, '自', 'since')} ${since}${[reason, ref].filter((text) => text !== undefined).map((text) => `; ${text}`).join('')}`), terminal.width).join('\n'));
        told(say(lang, `现在看来（名单 #${latest.number}）`, `As now known (list #${latest.number})`), asNowKnown);
        if (asKnownAt !== undefined && differ) told(say(lang, `当时已知（名单 #${then}）`, `As known at list #${then}`), asKnownAt);
        if (asKnownAt !== undefined && !differ) terminal.out(say(lang, `名单 #${then} 时的记录与现在相同`, `At list #${then} the record was the same`));
        for (const { sequence, sentence } of changes) terminal.out(hanging(`  #${sequence} `, visible(sentence[lang]), terminal.width).join('\n'));
      }
      done(ExitCode.passed);
    });
}

function intervals(service: TrustService): readonly Interval[] {
  const starts = [...new Set(service.status.map(({ since }) => since))].sort((a, b) => a - b);
  const found: Interval[] = [];
  for (const start of starts) {
    const at = statusAt(service, start);
    if (at === undefined || at.since !== start) continue;
    found.push({ status: at.status, from: formatInstant(start), ...(at.until !== undefined && { until: formatInstant(at.until) }) });
  }
  return found;
}

function changesOf(id: string, documents: readonly ListDocument[]): readonly (Pick<Change, 'code' | 'severity' | 'sentence'> & { readonly sequence: number })[] {
  return documents.flatMap((after, index) =>
    diffLists(documents[index - 1], after, editContext).changes.filter(({ subject }) => subject.id === id).map(({ code, severity, sentence }) => ({ sequence: after.sequence, code, severity, sentence })));
}
