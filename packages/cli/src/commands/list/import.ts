import { nodeAlgorithms, readBoundedFile } from '@hefu/node';
import { equalBytes, identify, parseCertificate, readCertificates, type Certificate } from '@hefu/pki';
import { acceptGiven, DEFAULT_EXCHANGE_LIMITS, importCertificates, importLote, type AcceptSigner, type ImportFormat, type ImportOutcome, type SignedImportOptions } from '@hefu/trust-list';
import { INTEROP, validatePath } from '@hefu/verify';
import { Option, type Command } from 'commander';
import { collect, instant } from '../../arguments.js';
import type { CommandContext } from '../../command-context.js';
import { about } from '../../complaint.js';
import { CliError, usageError } from '../../error.js';
import { renderImport } from '../../exchange/render-import.js';
import { ExitCode } from '../../exit-code.js';
import { examples, jsonOption, langOption } from '../../help.js';
import { say } from '../../language.js';
import { writeWhole } from '../../write-file.js';

interface ImportCommandOptions {
  readonly format: ImportFormat | 'auto';
  readonly signer?: readonly string[];
  readonly unsigned?: boolean;
  readonly output: string;
  readonly report?: string;
  readonly listId?: string;
  readonly territory?: readonly string[];
  readonly regions?: readonly string[];
  readonly national?: boolean;
  readonly at?: string;
}

const REGION = /^(?:\*|\d{1,5}\*|\d{6})$/;
const MAX_SIGNER_BYTES = 4 * 1024 * 1024;

/** `hefu list import`: a foreign list in, an unsigned draft and a report of what became of everything out. */
export function listImportCommand(group: Command, context: CommandContext): void {
  const { terminal, lang, json, done } = context;
  const t = (zh: string, en: string): string => say(lang, zh, en);
  group
    .command('import')
    .description(t('把其他格式的名单导入为待签名的草稿', 'import a list of another format as an unsigned draft'))
    .argument('<file>', t('TS 119 612 XML、TS 119 602 LoTE、PEM 或 P7B', 'TS 119 612 XML, TS 119 602 LoTE, PEM or P7B'))
    .addOption(new Option('--format <format>', t('auto、tl、lote、pem 或 p7b；默认 auto', 'auto, tl, lote, pem or p7b; default auto')).choices(['auto', 'tl', 'lote', 'pem', 'p7b']).default('auto'))
    .option('--signer <file>', t('可信的签名证书或其 CA 证书；可多次给出', 'certificate that may have signed, or its CA\'s; may be repeated'), collect)
    .option('--unsigned', t('接受没有签名的文件（来源须另行确认）', 'take an unsigned file; make sure where it comes from'))
    .requiredOption('-o, --output <file>', t('草稿写到哪里', 'where to write the draft'))
    .option('--report <file>', t('把导入报告（JSON）另存一份', 'also write the report there, as JSON'))
    .option('--list-id <id>', t('草稿的名单编号；默认 imported', 'id of the drafted list; default imported'))
    .option('--territory <code>', t('名单所属行政区划代码；可多次给出', 'GB/T 2260 code the list answers for; may be repeated'), collect)
    .option('--regions <code>', t('导入的服务适用的地区；可多次给出', 'regions in which its services are recognised; may be repeated'), collect)
    .option('--national', t('把仅国家层面认可的状态也视为认可', 'take recognised-at-national-level for granted'))
    .option('--at <instant>', t('按哪个时间判断；默认现在', 'time to judge at; default now'))
    .addOption(jsonOption(lang))
    .addOption(langOption(lang))
    .addHelpText('after', examples(lang, [`${terminal.self} list import tl.xml --signer lotl-pointer.pem \\`, '    --territory 330000 --regions "33*" -o draft.json']))
    .action(async (file: string, options: ImportCommandOptions) => {
      const outcome = await run(file, options);
      if (outcome.outcome === 'refused') {
        throw new CliError({ code: outcome.code, message: { zh: `${file}：${outcome.message.zh}`, en: `${file}: ${outcome.message.en}` }, remedy: outcome.remedy, details: [outcome.detail] });
      }
      const { draft, report } = outcome;
      await about(options.output, () => writeWhole(options.output, `${JSON.stringify(draft, undefined, 2)}\n`));
      if (options.report !== undefined) await about(options.report, () => writeWhole(options.report!, `${JSON.stringify(report, undefined, 2)}\n`));
      terminal.out(json ? JSON.stringify({ output: options.output, report }, undefined, 2) : renderImport(report, options.output, { lang, width: terminal.width }));
      done(ExitCode.passed);
    });
}

async function run(file: string, options: ImportCommandOptions): Promise<ImportOutcome> {
  for (const [name, codes] of [['--territory', options.territory], ['--regions', options.regions]] as const) {
    const wrong = codes?.find((code) => !REGION.test(code));
    if (wrong !== undefined) throw usageError(`${name} 应为六位行政区划代码或带 * 的前缀，而不是 ${JSON.stringify(wrong)}`, `${name} takes a six-digit GB/T 2260 code or a prefix with *, not ${JSON.stringify(wrong)}`);
  }
  const at = options.at === undefined ? Date.now() : instant('--at', options.at);
  const bytes = await readBoundedFile(file, DEFAULT_EXCHANGE_LIMITS.maxBytes);
  const signers = await readSigners(options.signer ?? []);
  const algorithms = nodeAlgorithms();
  const request: SignedImportOptions = {
    sha256: algorithms.digests.find(({ name }) => name === 'SHA-256')!,
    at,
    signers: signers.map((certificate) => certificate.bytes),
    acceptSigner: acceptSigner(signers, at),
    unsigned: options.unsigned === true,
    acceptNational: options.national === true,
    ...(options.listId === undefined ? {} : { listId: options.listId }),
    ...(options.territory === undefined ? {} : { territory: options.territory }),
    ...(options.regions === undefined ? {} : { regions: options.regions }),
  };
  const format = options.format === 'auto' ? formatOf(bytes, file) : options.format;
  if (format === 'pem' || format === 'p7b') {
    // Nobody signed a bundle, so somebody has to say that it will do.
    if (options.unsigned !== true) throw usageError('证书包没有签名；确认来源后请加 --unsigned', 'a bundle of certificates is not signed; give --unsigned once you are sure where it comes from');
    return importCertificates(bytes, { ...request, format });
  }
  if (format !== 'tl') return importLote(bytes, request);
  // XML and its signatures, for this alone.
  const { importTl } = await import('../../exchange/import-tl.js');
  return importTl(bytes, request);
}

function formatOf(bytes: Uint8Array, file: string): ImportFormat {
  const head = new TextDecoder().decode(bytes.subarray(0, 1024)).replace(/^\ufeff/, '').trimStart();
  const kind = identify(bytes);
  if (kind === 'signed-data' || /^pem:(PKCS7|CMS|PKCS #7)/.test(kind)) return 'p7b';
  if (kind === 'certificate' || kind.startsWith('pem:')) return 'pem';
  if (head.startsWith('<')) return 'tl';
  if (head.startsWith('{') || /^[\w-]+\.[\w-]*/.test(head)) return 'lote';
  throw usageError(`认不出 ${file} 的格式，请用 --format 指明`, `the format of ${file} is not recognised; say it with --format`);
}

async function readSigners(files: readonly string[]): Promise<readonly Certificate[]> {
  const found: Certificate[] = [];
  for (const file of files) found.push(...(await about(file, async () => readCertificates(await readBoundedFile(file, MAX_SIGNER_BYTES)))));
  return found;
}

/** One of the certificates given, or one issued, at this time, under a CA certificate among them. */
function acceptSigner(signers: readonly Certificate[], at: number): AcceptSigner {
  const given = acceptGiven(signers.map(({ bytes }) => bytes));
  return async (chain) => {
    const [leaf, ...candidates] = chain;
    if (leaf === undefined) return undefined;
    const direct = await given(chain);
    if (direct !== undefined) return direct;
    const anchors = signers.filter((signer) => !equalBytes(signer.bytes, leaf) && isCa(signer));
    if (anchors.length === 0) return undefined;
    const outcome = await validatePath({ leaf, candidates, anchors, at, algorithms: nodeAlgorithms(), profile: INTEROP });
    return outcome.valid ? 'chained' : undefined;
  };
}

function isCa({ bytes }: Certificate): boolean {
  try {
    return parseCertificate(bytes).extBasicConstraints?.ca === true;
  } catch {
    return false;
  }
}
