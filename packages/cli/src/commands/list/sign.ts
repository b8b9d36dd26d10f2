import { readBoundedFile } from '@hefu/node';
import { approve, approveWithP7s, candidateOf, formatProposal, readEnvelope, readProposal, renderDiffText, type ProposalDocument } from '@hefu/trust-list';
import type { Command } from 'commander';
import type { CommandContext } from '../../command-context.js';
import { about } from '../../complaint.js';
import { usageError } from '../../error.js';
import { ExitCode } from '../../exit-code.js';
import { examples, jsonOption, langOption } from '../../help.js';
import { say } from '../../language.js';
import { confirm } from '../../list/confirm.js';
import { signingOptions, timeOf, yesOption } from '../../list/options.js';
import { differences } from '../../list/review.js';
import { refusal } from '../../list/refusal.js';
import { signerFrom, type SigningOptions } from '../../list/signer.js';
import { editContext } from '../../list/tree.js';
import { writeWhole } from '../../write-file.js';

interface SignOptions extends SigningOptions {
  readonly base?: string;
  readonly payload?: string;
  readonly p7s?: string;
  readonly output?: string;
  readonly at?: string;
  readonly yes?: boolean;
}

const MAX_BYTES = 64 * 1024 * 1024;

/** `hefu list sign`: an approver without the tree, who was sent the proposal file; also the way of signing appliances. */
export function listSignCommand(group: Command, context: CommandContext): void {
  const { terminal, lang, json, done } = context;
  const t = (zh: string, en: string): string => say(lang, zh, en);
  const command = group
    .command('sign')
    .description(t('为寄来的提案文件签名；也用于签名设备', 'sign a proposal file that was sent; also for signing appliances'))
    .argument('<file>', t('提案文件', 'the proposal file'))
    .option('--base <file>', t('现行版本（已发布的文件），用于显示变化；首份不需要', 'what is published now, for showing what changes; not for a first document'))
    .option('--payload <file>', t('只写出待签内容，供设备签名', 'only write the octets to be signed, for an appliance'))
    .option('--p7s <file>', t('装入设备对待签内容做的 GM/T 0010 分离式签名', 'take in detached GM/T 0010 SignedData over those octets'))
    .option('-o, --output <file>', t('写到哪里；默认写回原文件', 'where to write it; default: the same file'))
    .option('--at <instant>', t('签名时间；默认现在', 'time of signing; default now'))
    .addOption(jsonOption(lang))
    .addOption(langOption(lang))
    .addHelpText('after', examples(lang, [`${terminal.self} list sign list-42-7.json --base 42/6.json --key ann.key`]));
  yesOption(signingOptions(command, context), context).action(async (file: string, options: SignOptions) => {
    const bytes = await about(file, () => readBoundedFile(file, MAX_BYTES));
    const proposal = await about(file, () => readProposal(bytes));
    const document = JSON.parse(new TextDecoder().decode(bytes)) as ProposalDocument;
    if (options.payload !== undefined) {
      await writeWhole(options.payload, proposal.payloadBytes);
      return tell({ outcome: 'written', payload: options.payload }, t(`待签内容：${options.payload}`, `Octets to be signed: ${options.payload}`));
    }
    const base = options.base === undefined ? undefined : await readBase(options.base);
    await about(file, () => assertBase(candidateOf(proposal).prev ?? undefined, base));
    const { diff, requirements } = await about(file, () => differences(proposal, base));
    (json ? terminal.note : terminal.out)(renderDiffText(diff, { lang, width: terminal.width }).trimEnd());
    for (const { text } of requirements) (json ? terminal.note : terminal.out)(`! ${text[lang]}`);
    await confirm(context, options.yes, '以上变化由本机依据待签内容得出。签名批准？', 'This was derived here from the octets to be signed. Sign?');
    const { p7s } = options;
    const signed = p7s === undefined
      ? await approve(document, await signerFrom(options, context), { at: timeOf(options) })
      : await about(p7s, async () => approveWithP7s(document, await readBoundedFile(p7s, MAX_BYTES)));
    const output = options.output ?? file;
    await writeWhole(output, formatProposal(signed));
    tell({ outcome: 'signed', output, signatures: signed.signatures.length + (signed.p7s?.length ?? 0), diff }, t(`已签名：${output}。寄回后，由名单运营方放入工作目录的 proposals/。`, `Signed: ${output}. Send it back to the operator, who puts it into proposals/ of the tree.`));
  });

  function tell(body: object, text: string): void {
    terminal.out(json ? JSON.stringify(body, undefined, 2) : text);
    done(ExitCode.passed);
  }
}

async function readBase(path: string): Promise<Uint8Array> {
  return about(path, async () => readEnvelope(await readBoundedFile(path, MAX_BYTES)).payloadBytes);
}

/** What changes can only be told against the very document the octets follow. @throws CliError BASE_MOVED | USAGE */
function assertBase(prev: string | undefined, base: Uint8Array | undefined): void {
  if (prev !== undefined && base === undefined) throw usageError('待签内容接在某一版之后，请用 --base 给出那一版', 'the octets follow an earlier document: give it with --base');
  const found = base === undefined ? undefined : `sha256:${Buffer.from(editContext.sha256.digest(base)).toString('hex')}`;
  if (prev === found) return;
  throw refusal('BASE_MOVED', '--base 不是待签内容所接的那一版', '--base is not the document that the octets follow', { zh: '向名单运营方索取现行版本；若确为现行版本，提案须重做。', en: 'Ask the operator for what is published; if this is it, the proposal must be made again.' }, [`expected ${prev ?? 'none'}`, `found ${found ?? 'none'}`]);
}
