import { stat } from 'node:fs/promises';
import { createVerifier, readBoundedFile, type CreateVerifierOptions, type SchemeOptions, type Verifier } from '@hefu/node';
import { DEFAULT_LIMITS, isSnapshot } from '@hefu/trust-list';
import type { SchemeRefresh, SchemeRefusal } from '@hefu/updater';
import { visible } from '@hefu/verify';
import type { CommandContext } from './command-context.js';
import { about, complaintOf, renderComplaint } from './complaint.js';
import { complaintOfRefusal } from './complaint-of-refusal.js';
import { CliError, usageError, type Complaint } from './error.js';
import { say } from './language.js';
import type { ChosenTrust } from './trust-options.js';

/**
 * A verifier over a scheme. Says on the way what was not taken, and when a state kept earlier is used.
 * @throws CliError USAGE, or the code of what was refused, or of the file that could not be read
 */
export async function openScheme({ scheme, root }: Extract<ChosenTrust, { kind: 'scheme' }>, common: Omit<CreateVerifierOptions, 'trust'>, context: CommandContext): Promise<Verifier> {
  const named = scheme[0]!;
  const trust: SchemeOptions = { root: await readRoot(root), ...(await placeOf(scheme)) };
  let verifier: Verifier;
  try {
    verifier = await createVerifier({ ...common, trust });
  } catch (error) {
    const { cause } = error as { readonly cause?: unknown };
    const complaint = isRefusal(cause) ? complaintOfScheme(cause, named) : await complaintOf(error, error instanceof Error && 'code' in error && error.code === 'ROOT_INVALID' ? root : named);
    if (complaint === undefined) throw error;
    throw new CliError(complaint, { cause: error });
  }
  tell(verifier, named, context);
  return verifier;
}

function tell({ lastRefresh, trust, trustList }: Verifier, named: string, { terminal, lang }: CommandContext): void {
  const last = lastRefresh?.outcome as SchemeRefresh | undefined;
  if (last?.failure !== undefined) {
    terminal.note(renderComplaint(complaintOfScheme(last.failure, named), lang, terminal.width));
    terminal.note(say(lang, `  改用缓存中的名单 ${trustList.listId} #${trustList.sequence}`, `  using the lists kept earlier, ${trustList.listId} #${trustList.sequence}`));
    return;
  }
  // What a mirror had wrong and another had right is for those who look after mirrors: `hefu watch` tells them.
  const missing = isSnapshot(trust) ? trust.missing : new Map<string, string>();
  for (const [listId, code] of missing) terminal.note(visible(say(lang, `hefu: 名单 ${listId} 缺失 [${code}]，它管辖的地区无法放行`, `hefu: list ${listId} is missing [${code}]: nothing can be passed where it has jurisdiction`)));
}

function complaintOfScheme(refusal: SchemeRefusal, named: string): Complaint {
  const where = `${named}, ${refusal.document}`;
  if (refusal.refusal !== undefined) return complaintOfRefusal(refusal.refusal, where);
  return { code: refusal.code, message: { zh: `${where}：未能取得`, en: `${where}: could not be had` }, details: [`${refusal.source}: ${refusal.detail}`] };
}

function isRefusal(value: unknown): value is SchemeRefusal {
  return typeof value === 'object' && value !== null && 'document' in value && 'source' in value;
}

const FINGERPRINT = /^[0-9a-fA-F\s:]+$/;
const hexDigits = (text: string): string => text.replace(/[\s:]/g, '');

/** A fingerprint, or a file of one, or a root. */
export async function readRoot(root: string): Promise<string | Uint8Array> {
  if (FINGERPRINT.test(root) && hexDigits(root).length === 64) return root;
  const bytes = await about(root, () => readBoundedFile(root, DEFAULT_LIMITS.maxRootBytes));
  const text = bytes.length <= 200 ? new TextDecoder().decode(bytes) : '';
  return FINGERPRINT.test(text) && hexDigits(text).length === 64 ? text : bytes;
}

async function placeOf(scheme: readonly string[]): Promise<Pick<SchemeOptions, 'urls' | 'folder' | 'bundle'>> {
  const [first] = scheme as readonly [string];
  if (scheme.every((each) => /^https?:\/\//i.test(each))) return { urls: scheme };
  if (scheme.length > 1) throw usageError('多个 --scheme 只能都是网址', 'several --scheme are mirrors, all of them URLs');
  const isFolder = await stat(first).then((found) => found.isDirectory(), () => false);
  return isFolder ? { folder: first } : { bundle: first };
}
