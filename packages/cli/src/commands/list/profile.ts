import { readBoundedFile, samplePath } from '@hefu/node';
import { changeService, readJson, DEFAULT_LIMITS, parseDraft, readListContent, setProfile, type IdentityProfile, type IdentityProfileDocument } from '@hefu/trust-list';
import { DEFAULT_IDENTITY_PROFILE, hanging, suggestProfile, testProfile, visible, type CertificateTrial } from '@hefu/verify';
import type { Command } from 'commander';
import { collect } from '../../arguments.js';
import type { CommandContext } from '../../command-context.js';
import { about } from '../../complaint.js';
import { ExitCode } from '../../exit-code.js';
import { jsonOption, langOption } from '../../help.js';
import { say } from '../../language.js';
import { readCertificateFiles } from '../../list/certificates.js';
import { editList, type EditOptions } from '../../list/edit.js';
import { editCommand, lockOf } from '../../list/options.js';
import { refusal } from '../../list/refusal.js';
import { candidateBytes } from '../../list/target.js';
import { editContext, openTree, settingsOf, sha256 } from '../../list/tree.js';
import { writeWhole } from '../../write-file.js';

const MAX_BYTES = 1024 * 1024;

/** `hefu list profile …`: how identities are read from certificates of a CA. */
export function listProfileCommand(group: Command, context: CommandContext): void {
  const { terminal, lang, json, done } = context;
  const t = (zh: string, en: string): string => say(lang, zh, en);
  const profile = group.command('profile').description(t('身份映射：怎样从证书中读出单位身份', 'identity profiles: how an organisation is read from a certificate')).addOption(jsonOption(lang)).addOption(langOption(lang)).enablePositionalOptions();

  editCommand(profile, context, 'test', '用一个映射解读证书，逐步显示', 'run a profile over certificates and show every step')
    .argument('<certificates...>', t('证书', 'certificates'))
    .option('--profile <id|file>', t('草稿中的映射，或映射文件；默认通用映射', 'a profile of the draft, or a file; default: the general one'))
    .action(async (files: readonly string[], options: EditOptions & { readonly profile?: string }) => {
      const certificates = await readCertificateFiles(files);
      const found = await profileFor(options);
      const trials = await about(options.profile ?? 'profile', () => testProfile(found, certificates, { sha256 }));
      if (json) terminal.out(JSON.stringify({ profile: found.id, trials }, undefined, 2));
      else for (const trial of trials) terminal.out(renderTrial(trial, context));
      done(trials.every(({ passed }) => passed) ? ExitCode.passed : ExitCode.failed);
    });

  profile
    .command('suggest')
    .description(t('由样本证书拟出一个映射', 'draft a profile from sample certificates'))
    .argument('<certificates...>', t('同一 CA 的证书，持有者各不相同为好', 'certificates of one CA, of holders as different as can be had'))
    .requiredOption('--id <id>', t('映射的标识，如 prof:ca-1', 'id of the profile, like prof:ca-1'))
    .option('-o, --output <file>', t('把映射写到文件', 'write the profile there'))
    .addOption(jsonOption(lang))
    .addOption(langOption(lang))
    .action(async (files: readonly string[], options: { readonly id: string; readonly output?: string }) => {
      const suggestion = suggestProfile(await readCertificateFiles(files), { id: options.id, sha256 });
      if (suggestion.profile === undefined) throw refusal('NOTHING_FOUND', '样本中没有找到可以确认单位身份的字段', 'nothing was found by which to tell organisations apart', { zh: '换用该 CA 的单位证书作样本。', en: 'Use certificates of organisations as samples.' }, suggestion.notes.map(({ text }) => text.en));
      if (options.output !== undefined) await writeWhole(options.output, `${JSON.stringify(suggestion.profile, undefined, 2)}\n`);
      if (json) terminal.out(JSON.stringify(suggestion, undefined, 2));
      else {
        for (const { field, source, yields, score, example, chosen } of suggestion.candidates) terminal.out(hanging(chosen ? '✓ ' : '· ', visible(`${field} ${source.ext ?? source.dn ?? ''} ${yields} (${score}) ${example}`), terminal.width).join('\n'));
        for (const { text } of suggestion.notes) terminal.out(hanging('! ', visible(text[lang]), terminal.width).join('\n'));
        if (options.output !== undefined) terminal.out(t(`已写到 ${options.output}，核对后用 hefu list profile set 加入`, `Written to ${options.output}; look it over, then hefu list profile set`));
      }
      done(ExitCode.passed);
    });

  editCommand(profile, context, 'set', '把映射加入草稿，并可指定使用它的服务', 'put a profile into the draft, and say which services use it')
    .argument('<file>', t('映射文件', 'the profile'))
    .option('--service <id>', t('使用它的服务；可多次给出', 'service that uses it; may be repeated'), collect)
    .option('--sample <file>', t('证明它的样本证书（单位的，不要个人的），一并存入 samples/；可多次给出', 'a certificate that proves it, an organisation\'s and no person\'s, kept in samples/; may be repeated'), collect)
    .action(async (file: string, options: EditOptions & { readonly service?: readonly string[]; readonly sample?: readonly string[] }) => {
      const document = await readProfileFile(file);
      const samples = await readCertificateFiles(options.sample ?? []);
      const files = samples.map(({ bytes }) => ({ path: samplePath(Buffer.from(sha256.digest(bytes)).toString('hex')), bytes }));
      await editList(options, context, (draft) => (options.service ?? []).reduce((each, id) => changeService(each, id, { identity: document.id }, editContext), setProfile(draft, document, editContext)), { files });
    });
}

async function profileFor(options: EditOptions & { readonly profile?: string }): Promise<IdentityProfile> {
  const { profile } = options;
  if (profile === undefined) return DEFAULT_IDENTITY_PROFILE;
  if (!profile.startsWith('prof:')) return (await readProfileFile(profile)) as unknown as IdentityProfile;
  const workspace = await openTree(options);
  const payload = await workspace.transact(async (tree) => (await candidateBytes(tree, { proposal: undefined, target: 'list', listId: options.list ?? (await settingsOf(tree)).listId })).bytes, lockOf(options));
  const document = parseDraft(payload, 'list').identityProfiles?.find(({ id }) => id === profile);
  if (document === undefined) throw refusal('EDIT_NOT_FOUND', `没有身份映射 ${profile}`, `there is no identity profile ${profile}`, { zh: '用 hefu list profile set 加入。', en: 'Put it in with hefu list profile set.' });
  return (await about(profile, () => readListContent(payload, editContext))).identityProfiles.get(profile)!;
}

async function readProfileFile(file: string): Promise<IdentityProfileDocument> {
  return about(file, async () => readJson(await readBoundedFile(file, MAX_BYTES), DEFAULT_LIMITS) as unknown as IdentityProfileDocument);
}

function renderTrial({ sha256: hash, trials, identity, missing, expected = [], passed }: CertificateTrial, { lang, terminal }: CommandContext): string {
  const lines = [`${passed ? '✓' : '✗'} ${hash.slice(0, 16)}`];
  for (const { field, source, outcome, decoder, text, value } of trials) lines.push(...hanging('  ', visible(`${field} ${source} ${outcome}${decoder === undefined ? '' : ` [${decoder}]`}${text === undefined ? '' : ` ${text}`}${value === undefined ? '' : ` → ${value}`}`), terminal.width));
  for (const conflict of identity.conflicts) lines.push(...hanging('  ! ', visible(JSON.stringify(conflict)), terminal.width));
  for (const field of missing) lines.push(say(lang, `  ✗ 缺少 ${field}`, `  ✗ ${field} is missing`));
  for (const { field, expected: wanted, actual, met } of expected) if (!met) lines.push(...hanging('  ✗ ', visible(say(lang, `${field} 应为 ${wanted}，实为 ${actual ?? '无'}`, `${field} should be ${wanted}, is ${actual ?? 'absent'}`)), terminal.width));
  return lines.join('\n');
}
