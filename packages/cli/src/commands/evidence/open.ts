import { nodeAlgorithms, openEvidenceBundle, readRoleFile, type EvidenceBundle } from '@hefu/node';
import { fingerprintOf, type Trust } from '@hefu/trust-list';
import { openKeptTrust, type Bilingual, type StoredTrust, type TrustPin } from '@hefu/verify';
import type { Command } from 'commander';
import { collect } from '../../arguments.js';
import type { CommandContext } from '../../command-context.js';
import { about } from '../../complaint.js';
import { usageError, type CliError } from '../../error.js';
import { say } from '../../language.js';
import { readRoot } from '../../open-scheme.js';
import { openVerifier } from '../../open-verifier.js';

export interface PinOptions {
  readonly signers?: string;
  readonly root?: string;
  readonly pin?: string;
}

/** The trust of today, as it was typed. */
export interface TodayOptions {
  readonly list?: string;
  readonly scheme?: readonly string[];
}

/** Runs a command over a bundle and closes it. */
export async function withBundle<T>(path: string, run: (bundle: EvidenceBundle) => Promise<T>): Promise<T> {
  const bundle = await about(path, () => openEvidenceBundle(path, { algorithms: nodeAlgorithms() }));
  try {
    return await about(path, () => run(bundle));
  } finally {
    await bundle.close();
  }
}

/** Adds the ways to say whom to trust for the lists of then, and the list or scheme of today. */
export function pinOptions(command: Command, { lang }: CommandContext, today: Bilingual): Command {
  const t = (zh: string, en: string): string => say(lang, zh, en);
  return command
    .option('--signers <file>', t('当时名单的签名角色文件；也可用 HEFU_LIST_SIGNERS', 'role file of the list of then; or HEFU_LIST_SIGNERS'))
    .option('--root <fingerprint|file>', t('当时方案的根：经核对的指纹，或根文件；也可用 HEFU_SCHEME_ROOT', 'the root of the scheme of then: the fingerprint that was compared, or the file; or HEFU_SCHEME_ROOT'))
    .option('--pin <sha256>', t('证据包内角色文件或方案根的 SHA-256，须由另一途径得知', 'SHA-256 of the role or the root that the bundle keeps, told by another way'))
    .option('--list <file|url>', t(`现在的信任名单${today.zh}`, `the trust list of today${today.en}`))
    .option('--scheme <folder|url|bundle>', t(`现在的方案，代替 --list；多个网址互为镜像`, 'the scheme of today, instead of --list; several URLs are mirrors'), collect);
}

/**
 * Whom to trust for the lists in a bundle. It is asked for by itself: a bundle that says so itself says nothing.
 * @throws CliError USAGE
 */
export async function pinOf({ signers, root, pin }: PinOptions, kind: StoredTrust['kind'], { terminal }: CommandContext): Promise<TrustPin> {
  if (pin !== undefined) {
    const sha256 = hexDigits(pin);
    if (!/^[0-9a-f]{64}$/.test(sha256)) throw usageError('--pin 应为 64 位十六进制的 SHA-256', '--pin takes a SHA-256 in 64 hex digits');
    return { sha256 };
  }
  if (kind === 'scheme') {
    const from = root ?? (terminal.env['HEFU_SCHEME_ROOT'] || undefined);
    if (from === undefined) throw whomToTrust('当时的方案从哪个根开始？请给出 --root <指纹或文件> 或 --pin <sha256>', 'which root did the scheme of that time begin at? give --root <fingerprint or file> or --pin <sha256>');
    const given = await readRoot(from);
    return { sha256: hexDigits(typeof given === 'string' ? given : fingerprintOf(given, nodeAlgorithms()).sha256) };
  }
  const role = signers ?? (terminal.env['HEFU_LIST_SIGNERS'] || undefined);
  if (role === undefined) throw whomToTrust('当时的名单应由谁签署？请给出 --signers <file> 或 --pin <sha256>', 'who signed the lists of that time? give --signers <file> or --pin <sha256>');
  return { role: await readRoleFile(role) };
}

function whomToTrust(zh: string, en: string): CliError {
  return usageError(zh, en, { zh: '证据包里也有角色文件和根，但它自己不能为自己作证。', en: 'The bundle holds a role or a root too, but it cannot vouch for itself.' });
}

const hexDigits = (text: string): string => text.replace(/[\s:]/g, '').toLowerCase();

/** How the lists of a bundle are trusted: those of its first verdict, as all of one bundle are made together. */
export async function trustKind(bundle: EvidenceBundle): Promise<StoredTrust['kind']> {
  return (await bundle.manifest(bundle.index.manifests[0]!.id)).trust.kind;
}

/** The list that the first verdict was judged by, verified by the pin, and where. */
export async function keptTrust(bundle: EvidenceBundle, pin: TrustPin): Promise<{ readonly trust: Trust; readonly region: string }> {
  const manifest = await bundle.manifest(bundle.index.manifests[0]!.id);
  return { trust: await openKeptTrust({ manifest, objects: bundle.object, pin, algorithms: nodeAlgorithms() }), region: manifest.circumstances.region };
}

/** The lists of today, verified. @throws as `openVerifier` */
export async function trustOfToday({ list, scheme, signers, root }: TodayOptions & PinOptions, at: number, context: CommandContext): Promise<Trust> {
  const verifier = await openVerifier({ ...(list === undefined ? {} : { list, ...(signers === undefined ? {} : { signers }) }), ...(scheme === undefined ? {} : { scheme, ...(root === undefined ? {} : { root }) }), at }, context);
  verifier.close();
  return verifier.trust;
}
