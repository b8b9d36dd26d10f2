import { lstat } from 'node:fs/promises';
import { join } from 'node:path';
import { NodeError, nodeFetcher, readBoundedFile } from '@hefu/node';
import { DEFAULT_LIMITS, formatInstant, type Fingerprint, type SchemeOutcome } from '@hefu/trust-list';
import { UpdaterError } from '@hefu/updater';
import { hanging, visible } from '@hefu/verify';
import type { Command } from 'commander';
import type { CommandContext } from '../../command-context.js';
import { CliError, usageError } from '../../error.js';
import { ExitCode } from '../../exit-code.js';
import { examples, jsonOption, langOption } from '../../help.js';
import { say } from '../../language.js';
import { firstRoot, follow, type ReadPublished } from '../../list/client.js';
import { timeOf } from '../../list/options.js';
import { refusalOf } from '../../list/refusal.js';

interface VerifyOptions {
  readonly fingerprint?: string;
  readonly sm3?: string;
  readonly root: string;
  readonly at?: string;
}

/** `hefu list verify`: a published folder or address as a new client sees it, from a root that was compared out of band. */
export function listVerifyCommand(group: Command, context: CommandContext): void {
  const { terminal, lang, done } = context;
  const t = (zh: string, en: string): string => say(lang, zh, en);
  group
    .command('verify')
    .description(t('从核对过的根文件指纹出发，验证已发布的文件夹或网址', 'verify a published folder or address, from the fingerprint of a root'))
    .argument('<folder|url>', t('published 文件夹，或其网址', 'the published folder, or its address'))
    .option('--fingerprint <sha256>', t('根文件的 SHA-256 指纹', 'SHA-256 fingerprint of the root'))
    .option('--sm3 <sm3>', t('根文件的 SM3 指纹', 'its SM3 fingerprint'))
    .option('--root <name>', t('从哪一份根文件开始；默认 1.root.json', 'which root to begin with; default 1.root.json'), '1.root.json')
    .option('--at <instant>', t('按哪个时间验证；默认现在', 'time to verify at; default now'))
    .addOption(jsonOption(lang))
    .addOption(langOption(lang))
    .addHelpText('after', examples(lang, [`${terminal.self} list verify https://trust.example.gov.cn/ --fingerprint "3A5F …"`]))
    .action(async (source: string, options: VerifyOptions) => {
      const at = timeOf(options);
      const fingerprint = fingerprintFrom(options);
      const read = await readerOf(source);
      const file = await read(options.root, DEFAULT_LIMITS.maxBytes);
      if (file === undefined) throw new CliError({ code: 'FILE_NOT_FOUND', message: { zh: `${source} 中没有 ${options.root}`, en: `${source} has no ${options.root}` }, remedy: { zh: '核对地址；根文件改名时用 --root。', en: 'Check the address; --root names another root.' } });
      const outcome = await follow(await firstRoot(file, fingerprint, at, `${source} ${options.root}`), read, at);
      done(tellOutcome(outcome, source, context));
    });
}

/** @throws CliError with the code of the refusal */
export function tellOutcome(outcome: SchemeOutcome, source: string, { terminal, lang, json }: CommandContext): number {
  if (outcome.outcome === 'failed') throw refusalOf(outcome.failure, source);
  const { snapshot, missing, notes, refusals } = outcome;
  const lists = [...snapshot.lists.values()].map(({ listId, sequence, issued, nextUpdate, services, sha256 }) => ({ listId, sequence, issued: formatInstant(issued), nextUpdate: formatInstant(nextUpdate), services: services.length, sha256 }));
  const incomplete = missing.size > 0 || notes.some(({ code }) => code === 'TL_STALE');
  if (json) {
    terminal.out(JSON.stringify({
      outcome: incomplete ? 'incomplete' : 'verified', schemeId: snapshot.schemeId, root: snapshot.root.version, freshness: snapshot.freshness === undefined ? undefined : { version: snapshot.freshness.version, expires: formatInstant(snapshot.freshness.expires) },
      lists, missing: [...missing].map(([listId, { code, message }]) => ({ listId, code, message })), notes, refusals: refusals.map(({ wanted, refusal: { code, message } }) => ({ ...wanted, code, message })),
    }, undefined, 2));
  } else {
    terminal.out(visible(say(lang, `${snapshot.schemeId}：根文件第 ${snapshot.root.version} 份，时效文件第 ${snapshot.freshness?.version} 份，有效至 ${formatInstant(snapshot.freshness!.expires)}`, `${snapshot.schemeId}: root ${snapshot.root.version}, freshness ${snapshot.freshness?.version} until ${formatInstant(snapshot.freshness!.expires)}`)));
    for (const { listId, sequence, nextUpdate, services } of lists) terminal.out(visible(say(lang, `  名单 ${listId} #${sequence}，${services} 个服务，有效至 ${nextUpdate}`, `  list ${listId} #${sequence}, ${services} services, until ${nextUpdate}`)));
    for (const [listId, { code, message }] of missing) terminal.out(hanging('  ✗ ', visible(`${listId}: ${message[lang]} [${code}]`), terminal.width).join('\n'));
    for (const { code, message } of notes) terminal.out(hanging('  ! ', visible(`${message[lang]} [${code}]`), terminal.width).join('\n'));
  }
  return incomplete ? ExitCode.indeterminate : ExitCode.passed;
}

/** @throws CliError USAGE */
export function fingerprintFrom({ fingerprint, sm3 }: { readonly fingerprint?: string; readonly sm3?: string }): Fingerprint {
  if (fingerprint === undefined && sm3 === undefined) throw usageError('请给出根文件的指纹：--fingerprint 或 --sm3，另行从运营方取得', 'give the fingerprint of the root, had from the operator by another way: --fingerprint or --sm3');
  for (const text of [fingerprint, sm3]) if (text !== undefined && !/^[0-9a-f]{64}$/i.test(text.replace(/[\s:]/g, ''))) throw usageError('指纹应为 64 位十六进制', 'a fingerprint is 64 hex digits');
  return { ...(fingerprint !== undefined && { sha256: fingerprint }), ...(sm3 !== undefined && { sm3 }) };
}

const ANOTHER_MIRROR = { zh: '稍后再试，或换一个镜像。', en: 'Try again in a moment, or another mirror.' };

function tooLarge(path: string, most: number, cause: unknown): CliError {
  return new CliError({ code: 'TL_TOO_LARGE', message: { zh: `${path} 超过 ${most} 字节`, en: `${path} has more than ${most} octets` }, remedy: ANOTHER_MIRROR }, { cause, exitCode: ExitCode.failed });
}

/** Reads files below a folder or an address. @throws CliError FILE_NOT_FOUND; later NodeError FILE_…, UpdaterError */
async function readerOf(source: string): Promise<ReadPublished> {
  const most = (maxBytes: number): number => (maxBytes > 0 ? maxBytes : DEFAULT_LIMITS.maxBytes);
  if (/^https?:\/\//i.test(source)) {
    const fetcher = nodeFetcher();
    const base = source.endsWith('/') ? source : `${source}/`;
    return async (path, maxBytes) => {
      const result = await fetcher.fetch({ url: new URL(path, base).href, maxBytes: most(maxBytes), timeoutMs: 30_000, maxRedirects: 3, allowPrivateAddresses: true }).catch((error: unknown): never => {
        if (!(error instanceof UpdaterError)) throw error;
        if (error.code === 'TOO_LARGE') throw tooLarge(path, most(maxBytes), error);
        throw new CliError({ code: error.code, message: { zh: `${path}：无法下载`, en: `${path}: it cannot be fetched` }, remedy: ANOTHER_MIRROR, details: [error.message] }, { cause: error });
      });
      // A mirror that fails does not say that a root is the last one.
      if (result.status === 404 || result.status === 410) return undefined;
      if (result.status !== 200) throw new CliError({ code: 'HTTP_STATUS', message: { zh: `${path}：服务器返回 ${result.status}`, en: `${path}: the server answers ${result.status}` }, remedy: ANOTHER_MIRROR });
      return result.bytes;
    };
  }
  if (!(await lstat(source).catch(() => undefined))?.isDirectory()) throw new CliError({ code: 'FILE_NOT_FOUND', message: { zh: `${source}：没有这个文件夹`, en: `${source}: no such folder` }, remedy: { zh: '检查路径。', en: 'Check the path.' } });
  return async (path, maxBytes) => {
    try {
      return await readBoundedFile(join(source, path), most(maxBytes));
    } catch (error) {
      if (error instanceof NodeError && error.code === 'FILE_NOT_FOUND') return undefined;
      throw error instanceof NodeError && error.code === 'FILE_TOO_LARGE' ? tooLarge(path, most(maxBytes), error) : error;
    }
  };
}
