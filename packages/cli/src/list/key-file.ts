import { readBoundedFile } from '@hefu/node';
import { ROOT_ROLES, thumbprintOf, type RootRole, type RoleDocument, type SchemeKeyDocument } from '@hefu/trust-list';
import { about } from '../complaint.js';
import { CliError, usageError } from '../error.js';
import { refusal } from './refusal.js';
import { sha256 } from './tree.js';

const MAX_BYTES = 64 * 1024;
const MEMBERS: ReadonlySet<string> = new Set(['jwk', 'org', 'owner', 'notAfter', 'x5c']);

/** The public part of a key and whose it is: `{ "jwk", "org", "owner"?, "notAfter"?, "x5c"? }`. @throws CliError KEY_FILE_INVALID; EditError */
export async function readPublicKey(file: string): Promise<SchemeKeyDocument> {
  const bytes = await about(file, () => readBoundedFile(file, MAX_BYTES));
  const invalid = (zh: string, en: string): CliError =>
    new CliError({ code: 'KEY_FILE_INVALID', message: { zh: `${file}：${zh}`, en: `${file}: ${en}` }, remedy: { zh: '请给出 hefu list key new 写出的 .pub.json 文件。', en: 'Give the .pub.json file that hefu list key new wrote.' } });
  let key: SchemeKeyDocument;
  try {
    key = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes)) as SchemeKeyDocument;
  } catch {
    throw invalid('不是公钥文件', 'no file of a public key');
  }
  if (typeof key !== 'object' || key === null || typeof key.jwk !== 'object' || key.jwk === null || typeof key.org !== 'string' || key.org === '') throw invalid('缺少公钥或机构名称', 'the public key or the organisation is missing');
  const unknown = Object.keys(key).find((name) => !MEMBERS.has(name));
  if (unknown !== undefined) throw invalid(`有不认识的成员 ${unknown}`, `it has a member ${unknown} that is not known`);
  thumbprintOf(key, sha256);
  return key;
}

/** `root,list:ann.pub.json`. */
export async function readKeyWithRoles(text: string): Promise<SchemeKeyDocument & { readonly roles: readonly RootRole[] }> {
  const [, roles, file] = /^([a-z,]+):(.+)$/.exec(text) ?? [];
  if (roles === undefined || file === undefined) throw usageError(`--key 应为 角色:公钥文件，如 root,list:ann.pub.json，而不是 ${JSON.stringify(text)}`, `--key takes roles:file, like root,list:ann.pub.json, not ${JSON.stringify(text)}`);
  return { ...(await readPublicKey(file)), roles: rolesOf('--key', roles) };
}

export function rolesOf(option: string, text: string): readonly RootRole[] {
  const roles = text.split(',');
  const unknown = roles.find((role) => !(ROOT_ROLES as readonly string[]).includes(role));
  if (unknown !== undefined) throw usageError(`${option} 中没有角色 ${JSON.stringify(unknown)}；可用：root、list、freshness`, `${option}: there is no role ${JSON.stringify(unknown)}, only root, list and freshness`);
  return roles as readonly RootRole[];
}

export function oneRole(option: string, text: string): RootRole {
  const [role, ...more] = rolesOf(option, text);
  if (role === undefined || more.length > 0) throw usageError(`${option} 只能给一个角色`, `${option} takes one role`);
  return role;
}

/** `F1:1,F2:1` */
export function familiesOf(option: string, text: string): NonNullable<RoleDocument['families']> {
  return Object.fromEntries(text.split(',').map((part) => {
    const [, family, count] = /^(F[12]):([0-9]{1,2})$/.exec(part) ?? [];
    if (family === undefined) throw usageError(`${option} 应如 F1:1,F2:1，而不是 ${JSON.stringify(text)}`, `${option} takes families like F1:1,F2:1, not ${JSON.stringify(text)}`);
    return [family, Number(count)];
  }));
}

/** A thumbprint as it can be typed behind a command: a dash in front would make an option of it. */
export function typedThumbprint(thumbprint: string): string {
  return thumbprint.replace(/^-+/, '');
}

/** The one thumbprint that begins like this, dashes in front aside. @throws CliError KEY_UNKNOWN | KEY_AMBIGUOUS */
export function thumbprintLike(prefix: string, keys: readonly SchemeKeyDocument[]): string {
  const found = keys.map((key) => thumbprintOf(key, sha256)).filter((print) => prefix.length >= 6 && (print.startsWith(prefix) || typedThumbprint(print).startsWith(prefix)));
  const remedy = { zh: '用 hefu list key list 查看密钥，给出其指纹的前 6 位以上。', en: 'hefu list key list shows the keys; give at least 6 characters of its thumbprint.' };
  if (found.length === 0) throw refusal('KEY_UNKNOWN', `没有指纹以 ${prefix} 开头的密钥`, `no key has a thumbprint that begins with ${prefix}`, remedy);
  if (found.length > 1) throw refusal('KEY_AMBIGUOUS', `有 ${found.length} 把密钥的指纹以 ${prefix} 开头`, `${found.length} keys have thumbprints that begin with ${prefix}`, remedy);
  return found[0]!;
}
