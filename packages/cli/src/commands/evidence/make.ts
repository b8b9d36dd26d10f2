import { readFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { nodeAlgorithms, statedDigests, writeEvidenceBundle, type BundleRecord, type Verifier } from '@hefu/node';
import { sealFiles, serializeSeals, type Conclusion } from '@hefu/verify';
import type { Command } from 'commander';
import { collect, instant } from '../../arguments.js';
import { circumstanceOptions, circumstancesOf, type CircumstanceOptions } from '../../circumstances.js';
import type { CommandContext } from '../../command-context.js';
import { about } from '../../complaint.js';
import { CliError, usageError } from '../../error.js';
import { ExitCode } from '../../exit-code.js';
import { examples } from '../../help.js';
import { say } from '../../language.js';
import { openVerifier } from '../../open-verifier.js';
import { digestOf, digestOption, timestamperAt } from './seal.js';

interface MakeOptions extends CircumstanceOptions {
  readonly out: string;
  readonly batch?: string;
  readonly id?: string;
  readonly project?: string;
  readonly digestsOnly?: boolean;
  readonly tsa?: readonly string[];
  readonly digest?: string;
}

/** One bid of a batch; paths are relative to the file that names them. */
interface Bid {
  readonly id: string;
  readonly file?: string;
  readonly signature: string;
  readonly received?: string;
}

const TOOLS = [{ name: 'hefu', version: '0.1.0' }];

/** `hefu evidence make`: bids and their signatures in, verdicts with all they rest on out. */
export function evidenceMakeCommand(group: Command, context: CommandContext): void {
  const { terminal, lang, json, done } = context;
  const t = (zh: string, en: string): string => say(lang, zh, en);
  const command = group
    .command('make')
    .description(t('验证签名，并把结论连同全部依据存入一个证据包', 'verify signatures and keep the verdicts with all they rest on in one bundle'))
    .argument('[file]', t('被签名的文件；原文就在签名里时写 -', 'the signed document; - when it is inside the signature'))
    .argument('[signature]', t('签名', 'its signature'))
    .requiredOption('--out <bundle>', t('证据包', 'the bundle to write'))
    .option('--batch <file>', t('一个项目的全部投标：JSON 数组，成员为 id、file、signature、received', 'all bids of a project: a JSON array of { id, file, signature, received }'))
    .option('--id <id>', t('投标编号；默认为签名文件名', 'number of the bid; default the name of the signature'))
    .option('--project <id>', t('项目编号', 'number of the project'))
    .option('--digests-only', t('不保存原文，只保存其摘要', 'keep digests of the signed files, not the files'))
    .option('--tsa <url>', t('封存所用的时间戳服务；可多次给出，依次尝试；不受 --offline 影响', 'time-stamp authority that seals the bundle; several are tried in turn; also with --offline'), collect)
    .addOption(digestOption(lang, ['sha256', 'sm3']));
  circumstanceOptions(command, context)
    .addHelpText('after', examples(lang, [
      `${terminal.self} evidence make bid.pdf bid.p7s --out bid.hefu.zip --list list.json \\`,
      '    --signers role.json --region 420100 --tsa http://tsa.example/',
      `${terminal.self} evidence make --batch bids.json --out project.hefu.zip --scheme https://… \\`,
      '    --root … --region 420100 --tsa http://tsa.example/',
    ]))
    .action(async (file: string | undefined, signature: string | undefined, options: MakeOptions) => {
      const bids = await bidsOf(file, signature, options);
      const verdicts: { readonly id: string; readonly conclusion: Conclusion; readonly code: string }[] = [];
      const asked = await circumstancesOf(options);
      const verifier = await openVerifier({ ...options, at: asked.at }, context);
      const algorithms = nodeAlgorithms();
      const digest = digestOf(options.digest ?? 'sha256');
      const { tsa } = options;
      try {
        const index = await writeEvidenceBundle(options.out, recordsOf(bids, verifier, asked, options.digestsOnly !== true, (verdict) => verdicts.push(verdict)), {
          algorithms,
          ...(options.project === undefined ? {} : { project: options.project }),
          ...(tsa === undefined ? {} : { seal: async ({ files }) => serializeSeals(await sealFiles((wanted) => statedDigests(files, wanted), digest, timestamperAt(tsa))) }),
        });
        if (json) terminal.out(JSON.stringify({ out: options.out, sealed: tsa !== undefined, objects: index.objects.length, verdicts }, undefined, 2));
        else {
          for (const { id, conclusion, code } of verdicts) terminal.out(`${SYMBOLS[conclusion]} ${id}${code === 'OK' ? '' : `  ${code}`}`);
          terminal.out(t(`已写入 ${options.out}：${verdicts.length} 份结论，${index.objects.length} 个文件`, `wrote ${options.out}: ${verdicts.length} verdicts, ${index.objects.length} files`));
        }
        if (tsa === undefined) terminal.note(t('hefu: 证据包尚未加盖时间戳，无法证明它何时存在；请用 --tsa', 'hefu: the bundle is not time-stamped, so nothing shows when it was there; use --tsa'));
        done(ExitCode.passed);
      } finally {
        verifier.close();
      }
    });
}

export const SYMBOLS: Readonly<Record<Conclusion, string>> = { passed: '✓', failed: '✗', indeterminate: '?' };

type Asked = Awaited<ReturnType<typeof circumstancesOf>>;

async function* recordsOf(bids: readonly Bid[], verifier: Verifier, asked: Asked, keepContent: boolean, judged: (verdict: { id: string; conclusion: Conclusion; code: string }) => void): AsyncGenerator<BundleRecord> {
  for (const { id, file, signature, received } of bids) {
    const { report, record } = await about(id, () => verifier.verifyAndRecord({
      ...asked,
      signature: { path: signature },
      ...(file === undefined ? {} : { content: { path: file } }),
      ...(received === undefined ? {} : { bestSignatureTime: instant('--received', received) }),
    }, { id, tools: TOOLS, keepContent }));
    judged({ id, conclusion: report.conclusion, code: report.code });
    yield record;
  }
}

async function bidsOf(file: string | undefined, signature: string | undefined, { batch, id }: MakeOptions): Promise<readonly Bid[]> {
  if (batch === undefined) {
    if (file === undefined || signature === undefined) throw usageError('请给出文件和签名，或用 --batch 给出清单', 'give a file and its signature, or a batch with --batch');
    return [{ id: id ?? (signature.split(/[\\/]/).at(-1) as string), signature, ...(file === '-' ? {} : { file }) }];
  }
  if (file !== undefined) throw usageError('--batch 与单个文件不能同时给出', '--batch and a single file exclude each other');
  let value: unknown;
  try {
    value = JSON.parse(await readFile(batch, 'utf8'));
  } catch (cause) {
    throw new CliError({ code: 'BATCH_INVALID', message: { zh: `${batch}：无法读取为 JSON`, en: `${batch}: it cannot be read as JSON` } }, { cause });
  }
  const isText = (text: unknown): boolean => typeof text === 'string' && text !== '';
  const known = ['id', 'file', 'signature', 'received'];
  const isBid = (bid: unknown): bid is Bid =>
    typeof bid === 'object' && bid !== null && isText((bid as Bid).id) && isText((bid as Bid).signature) && Object.entries(bid).every(([name, member]) => known.includes(name) && isText(member));
  if (!Array.isArray(value) || value.length === 0 || !value.every(isBid)) {
    throw new CliError({ code: 'BATCH_INVALID', message: { zh: `${batch}：应为 JSON 数组，每项含 id、signature，可含 file、received`, en: `${batch}: it is no JSON array of { id, signature, file?, received? }` } });
  }
  const from = dirname(batch);
  return value.map((bid) => ({ ...bid, signature: resolve(from, bid.signature), ...(bid.file === undefined ? {} : { file: resolve(from, bid.file) }) }));
}
