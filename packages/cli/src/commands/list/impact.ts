import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { createVerifier, readBoundedFile, type Verifier } from '@hefu/node';
import { impactOf, parseDraft, readJson, DEFAULT_LIMITS, recordStatus, reportCites, serializeList, type ArchivedReport, type JsonValue, type ServiceStatusName } from '@hefu/trust-list';
import type { JudgeContext, Report } from '@hefu/verify';
import { Option, type Command } from 'commander';
import { instant } from '../../arguments.js';
import type { CommandContext } from '../../command-context.js';
import { about } from '../../complaint.js';
import { CliError, usageError } from '../../error.js';
import { ExitCode } from '../../exit-code.js';
import { examples } from '../../help.js';
import { say } from '../../language.js';
import { draftToEdit, type EditOptions } from '../../list/edit.js';
import { suppose } from '../../list/hypothesis.js';
import { editCommand, lockOf, timeOf } from '../../list/options.js';
import { candidateBytes } from '../../list/target.js';
import { editContext, openTree, publishedList, settingsOf } from '../../list/tree.js';
import { renderVerdicts } from './diff.js';

interface ImpactOptions extends EditOptions {
  readonly status: ServiceStatusName;
  readonly since?: string;
  readonly archive: string;
  readonly all?: boolean;
  readonly policy?: string;
}

/** One entry of an archive's index; files are relative to it. */
interface Entry {
  readonly id: string;
  readonly report: string;
  readonly signature: string;
  readonly content?: string;
  readonly crls?: readonly string[];
  readonly certificates?: readonly string[];
}

const MAX_INDEX_BYTES = 64 * 1024 * 1024;
const MAX_REPORT_BYTES = 16 * 1024 * 1024;

/** `hefu list impact`: which archived reports would come out otherwise. Nothing is changed. */
export function listImpactCommand(group: Command, context: CommandContext): void {
  const { terminal, lang, json, done } = context;
  const t = (zh: string, en: string): string => say(lang, zh, en);
  editCommand(group, context, 'impact', '假如这样修改，哪些已归档的验证结论会改变（不作任何改动）', 'which archived reports would come out otherwise; changes nothing')
    .argument('[id]', t('服务标识；不给则按草稿判断', 'id of a service; without it: what the draft means'))
    .addOption(new Option('--status <status>', t('假设的状态；默认 withdrawn', 'status to suppose; default withdrawn')).choices(['suspended', 'ceased', 'withdrawn', 'distrusted', 'granted']).default('withdrawn'))
    .option('--since <instant>', t('假设自何时起；默认现在', 'supposed to begin when; default now'))
    .requiredOption('--archive <index.json>', t('归档索引：[{"id","report","signature","content"?,"crls"?,"certificates"?}]', 'index of the archive: [{"id","report","signature","content"?,"crls"?,"certificates"?}]'))
    .option('--all', t('也重新验证没有引用该服务的报告', 'also those that do not rest on the service'))
    .option('--policy <file>', t('当时使用的策略文件；默认内置', 'policy that was used; default built in'))
    .addHelpText('after', examples(lang, [`${terminal.self} list impact urn:example:ca-1 --since 2026-05-01T00:00:00+08:00 \\`, '    --archive archive/index.json']))
    .action(async (id: string | undefined, options: ImpactOptions) => {
      const at = timeOf(options);
      const payload = await supposedPayload(id, options, at);
      const entries = await readIndex(options.archive);
      const folder = dirname(resolve(options.archive));
      const reports: { entry: Entry; archived: ArchivedReport }[] = [];
      for (const entry of entries) reports.push({ entry, archived: { id: entry.id, report: await readReport(join(folder, entry.report)) } });
      const concerned = id === undefined || options.all === true ? reports : reports.filter(({ archived }) => !isReport(archived.report) || reportCites(archived.report, id));
      const changes = await judging(payload, at, options.policy, (verifier) => {
        const byId = new Map(concerned.map(({ entry, archived }) => [archived, entry]));
        return impactOf(concerned.map(({ archived }) => archived), async (archived) => {
          const report = archived.report as unknown as Report;
          const again = await verifier.verify(requestOf(byId.get(archived)!, report, folder));
          return { conclusion: again.conclusion, code: again.code };
        }, {
          onProgress: (finished, total) => {
            if (!json && total > 20 && finished % 20 === 0) terminal.note(`${finished}/${total}`);
          },
        });
      });
      const passedOver = reports.length - concerned.length;
      if (json) terminal.out(JSON.stringify({ ...changes, reports: reports.length, notConcerned: passedOver }, undefined, 2));
      else {
        terminal.out(renderVerdicts(changes, context));
        if (passedOver > 0) terminal.out(t(`另有 ${passedOver} 份报告不依赖该服务`, `${passedOver} further reports do not rest on the service`));
      }
      const { lost, changed, unreadable } = changes.counts;
      done(unreadable + changes.counts['not-judged'] > 0 ? ExitCode.indeterminate : lost + changed > 0 ? ExitCode.failed : ExitCode.passed);
    });
}

/** What is published with the event supposed, or the draft. */
async function supposedPayload(id: string | undefined, options: ImpactOptions, at: number): Promise<Uint8Array> {
  const since = options.since === undefined ? at : instant('--since', options.since);
  const workspace = await openTree(options);
  return workspace.transact(async (tree) => {
    const { listId: top } = await settingsOf(tree);
    const listId = options.list ?? top;
    if (id === undefined) return (await candidateBytes(tree, { proposal: undefined, target: 'list', listId })).bytes;
    const published = await publishedList(tree, listId);
    const draft = published === undefined ? await draftToEdit(tree, 'list', listId, at) : parseDraft(published.payload, 'list');
    if (draft.type !== 'list') throw usageError('这不是名单', 'this is no list');
    // Recorded in the list in hand: it is only supposed.
    return serializeList(recordStatus(draft, id, { status: options.status, since, reason: 'supposed', ref: 'supposed', ...(options.status === 'suspended' && { gap: 'void' as const }) }, editContext));
  }, lockOf(options));
}

async function judging<T>(payload: Uint8Array, at: number, policy: string | undefined, act: (verifier: Verifier) => Promise<T>): Promise<T> {
  const { list, role } = await suppose(payload, at);
  const folder = await mkdtemp(join(tmpdir(), 'hefu-impact-'));
  let verifier: Verifier | undefined;
  try {
    const path = join(folder, 'list.json');
    await writeFile(path, list.envelope);
    verifier = await createVerifier({ trustList: { path }, role, online: false, clock: { now: () => at }, ...(policy !== undefined && { policy }) });
    return await act(verifier);
  } finally {
    verifier?.close();
    await rm(folder, { recursive: true, force: true });
  }
}

/** The circumstances that the report states: only the list is another. */
function requestOf({ signature, content, crls, certificates }: Entry, report: Report, folder: string): Parameters<Verifier['verify']>[0] {
  const path = (file: string): { readonly path: string } => ({ path: join(folder, file) });
  const at = Date.parse(report.times.validation);
  const proven = Date.parse(report.times.bestSignature);
  return {
    signature: path(signature),
    ...(content !== undefined && { content: path(content) }),
    ...(crls !== undefined && { crls: crls.map(path) }),
    ...(certificates !== undefined && { certificates: certificates.map(path) }),
    region: report.region,
    scene: report.scene as JudgeContext['scene'],
    purpose: report.purpose as NonNullable<JudgeContext['purpose']>,
    ...(report.transaction !== undefined && { transaction: report.transaction }),
    at,
    ...(proven !== at && { bestSignatureTime: proven }),
  };
}

function isReport(report: JsonValue): boolean {
  return typeof report === 'object' && report !== null && (report as { readonly type?: unknown }).type === 'hefu-report';
}

/** A report that cannot be read is a row of the answer, not the end of it. */
async function readReport(path: string): Promise<JsonValue> {
  try {
    return JSON.parse(new TextDecoder().decode(await readBoundedFile(path, MAX_REPORT_BYTES))) as JsonValue;
  } catch {
    return null;
  }
}

async function readIndex(file: string): Promise<readonly Entry[]> {
  const bytes = await about(file, () => readBoundedFile(file, MAX_INDEX_BYTES));
  const value = await about(file, () => readJson(bytes, { ...DEFAULT_LIMITS, maxBytes: MAX_INDEX_BYTES }));
  const isText = (text: unknown): boolean => typeof text === 'string' && text !== '';
  const good = Array.isArray(value) && value.every((entry: unknown) => {
    const { id, report, signature, content, crls, certificates } = (entry ?? {}) as Record<string, unknown>;
    return [id, report, signature].every(isText) && (content === undefined || isText(content)) && [crls, certificates].every((files) => files === undefined || (Array.isArray(files) && files.every(isText)));
  });
  if (!good) throw new CliError({ code: 'INDEX_INVALID', message: { zh: `${file}：不是归档索引`, en: `${file}: no index of an archive` }, remedy: { zh: '格式：[{"id","report","signature","content"?,"crls"?,"certificates"?}]，路径相对于索引文件。', en: 'Its form: [{"id","report","signature","content"?,"crls"?,"certificates"?}], with paths relative to it.' } });
  return value as unknown as readonly Entry[];
}
