import { EditError, type EditErrorCode, type Refusal } from '@hefu/trust-list';
import type { Bilingual } from '@hefu/verify';
import { CliError, type Complaint } from '../error.js';
import { ExitCode } from '../exit-code.js';

/** An act on lists that is refused, though it was well asked for: the process ends with 1. */
export function refusal(code: string, zh: string, en: string, remedy?: Bilingual, details: readonly string[] = []): CliError {
  return new CliError({ code, message: { zh, en }, ...(remedy !== undefined && { remedy }), ...(details.length > 0 && { details }) }, { exitCode: ExitCode.failed });
}

/** What the update engine refused. */
export function refusalOf({ code, message, remedy, problems = [], signatures = [] }: Refusal, subject: string): CliError {
  return refusal(code, `${subject}：${message.zh}`, `${subject}: ${message.en}`, remedy, [
    ...problems.map(({ path, message: problem }) => `${path === '' ? 'document' : path}: ${problem}`),
    ...signatures.map(({ index, alg, org, outcome }) => `signatures[${index}] ${[alg, org, outcome].filter((part) => part !== undefined).join(', ')}`),
  ]);
}

const REMEDIES: Readonly<Record<EditErrorCode, Bilingual>> = {
  EDIT_NOT_FOUND: { zh: '用 hefu list diff 或查看草稿，核对标识的写法。', en: 'Check the spelling against the draft, or hefu list diff.' },
  EDIT_EXISTS: { zh: '换一个标识，或修改已有的那一项。', en: 'Choose another id, or change the one that is there.' },
  EDIT_ID_RETIRED: { zh: '换一个新的标识。', en: 'Choose a new id.' },
  EDIT_INVALID: { zh: '按所指的成员改正后重试。', en: 'Correct the member named and try again.' },
  EDIT_TRANSITION: { zh: '先查看 hefu list history <id>，选择允许的状态；不再信任的密钥须作为新服务加入。', en: 'See hefu list history <id> for what it is; a new key of a distrusted CA is a new service.' },
  EDIT_BACKDATED: { zh: '用 --reason 和 --ref 写明理由和文号，或把 --since 改到近 7 天内。', en: 'Give --reason and --ref, or a --since within the last 7 days.' },
  EDIT_WIDENS: { zh: '要放宽授权，请移除后重新授权，让审批人看到。', en: 'To widen it, remove the delegation and add it anew, where approvers see it.' },
  EDIT_IN_USE: { zh: '先让使用它的服务改用别的。', en: 'Let the services that use it use another one first.' },
  EDIT_ROLE_UNSATISFIABLE: { zh: '先加入新的密钥，或用 hefu list key role 降低要求。', en: 'Add another key first, or lower what the role asks with hefu list key role.' },
  EDIT_NOT_CERTIFICATE: { zh: '请给出 DER、PEM 或 P7B 证书文件。', en: 'Give certificates in DER, PEM or P7B.' },
  EDIT_NO_CA: { zh: '请给出 CA 自己的证书，而不是它签发的用户证书。', en: 'Give the CA\'s own certificates, not those it issued to users.' },
};

export function complaintOfEdit({ code, text, problems }: EditError): Complaint {
  const plain = (sentence: string): string => sentence.replace(/[。.]$/, '');
  return {
    code,
    message: { zh: plain(text.zh), en: plain(text.en) },
    remedy: REMEDIES[code],
    ...(problems.length > 0 && { details: problems.map(({ path, message }) => `${path === '' ? 'document' : path}: ${message}`) }),
  };
}
