import type { ListKeyErrorCode, NodeErrorCode, WorkspaceErrorCode } from '@hefu/node';
import type { PkiErrorCode } from '@hefu/pki';
import type { SandboxErrorCode } from '@hefu/sandbox';
import type { UpdaterErrorCode } from '@hefu/updater';
import { hanging, visible, type Bilingual, type VerifyErrorCode } from '@hefu/verify';
import { EditError } from '@hefu/trust-list';
import { CliError, type Complaint } from './error.js';
import { complaintOfEdit } from './list/refusal.js';
import { kindOf } from './kind.js';
import { say, type Language } from './language.js';

type Sentence = readonly [message: Bilingual, remedy?: Bilingual];
/** Transfers that fail are gaps of a report or refusals of a list; of the updater only these come as errors. */
type Thrown = PkiErrorCode | NodeErrorCode | WorkspaceErrorCode | ListKeyErrorCode | SandboxErrorCode | Exclude<VerifyErrorCode, 'NOT_PASSED'> | Extract<UpdaterErrorCode, 'IO_FAILED' | 'ABORTED'>;

/** Sentences for codes of every room; what there is to say beyond is in the error's own message, shown below it. */
const SENTENCES: Readonly<Record<Thrown, Sentence>> = {
  // pki: what the bytes say
  EMPTY_INPUT: [{ zh: '文件是空的', en: 'the file is empty' }],
  INPUT_TOO_LARGE: [{ zh: '文件超过大小上限', en: 'the file is over the size limit' }],
  TRUNCATED: [{ zh: '内容不完整，像是下载或复制时被截断', en: 'it is cut off, as by a broken download or copy' }, { zh: '重新取得完整的文件。', en: 'Get the whole file again.' }],
  DER_INVALID: [{ zh: '不是有效的 DER 编码', en: 'it is not valid DER' }],
  TOO_DEEP: [{ zh: '嵌套过深，已拒绝', en: 'it is nested too deeply' }],
  TOO_MANY: [{ zh: '内容项数超过上限', en: 'it holds more elements than the limit' }],
  TRAILING_DATA: [{ zh: '结尾有多余的数据', en: 'there is more data after its end' }],
  STRUCTURE_INVALID: [{ zh: '内容不符合应有的结构', en: 'it does not have the structure it should have' }],
  WRONG_STRUCTURE: [{ zh: '文件类型不对', en: 'it is another kind of file' }],
  PEM_INVALID: [{ zh: '既不是 DER，也不是 PEM 或 base64', en: 'it is neither DER nor PEM nor base64' }],
  PEM_WRONG_LABEL: [{ zh: '文件类型不对', en: 'it is another kind of file' }],
  PEM_ENCRYPTED: [{ zh: '内容已加密，需要口令，本命令不处理加密文件', en: 'it is encrypted and would need a password, which this command does not take' }],
  VERSION_UNSUPPORTED: [{ zh: '版本不受支持', en: 'its version is not supported' }],
  TIME_INVALID: [{ zh: '其中的时间写法无效', en: 'a time in it is malformed' }],
  KEY_UNSUPPORTED: [{ zh: '其中的密钥类型不受支持', en: 'its kind of key is not supported' }],
  KEY_INVALID: [{ zh: '其中的密钥无效', en: 'the key in it is not valid' }],
  CONTENT_TYPE_UNSUPPORTED: [{ zh: '报文类型不受支持', en: 'its content type is not supported' }],
  // node
  FILE_NOT_FOUND: [{ zh: '文件不存在', en: 'no such file' }, { zh: '检查路径和文件名。', en: 'Check the path and the name.' }],
  FILE_UNREADABLE: [{ zh: '无法读取（目录、权限或磁盘问题）', en: 'it cannot be read: a folder, a permission or the disk' }],
  FILE_TOO_LARGE: [{ zh: '文件超过大小上限', en: 'the file is over the size limit' }],
  ROLE_INVALID: [
    { zh: '不是有效的签名角色文件，无法确定信任名单应由谁签名', en: 'not a role file, so nobody can say who may sign the trust list' },
    { zh: '角色文件由名单运营方通过另一途径提供，格式见 packages/node/README.md。', en: 'The list operator provides it by another way than the list; packages/node/README.md shows its form.' },
  ],
  ROOT_INVALID: [
    { zh: '既不是根文件，也不是根文件的指纹，无法确定信任从何而来', en: 'neither a root file nor the fingerprint of one, so nobody can say where trust begins' },
    { zh: '指纹是 64 位十六进制的 SHA-256，由人当面或书面核对；也可给出根文件。', en: 'A fingerprint is a SHA-256 of 64 hex digits that people compare in person or on paper; the root file does as well.' },
  ],
  TRUST_LIST_UNAVAILABLE: [
    { zh: '没有可用的信任名单', en: 'there is no trust list to judge by' },
    { zh: '检查 --list 或 --scheme 的地址或路径、网络，以及 --signers 或 --root 是否与之相配。', en: 'Check the address or path given as --list or --scheme, the network, and that --signers or --root belongs to it.' },
  ],
  WORKER_DIED: [{ zh: '批量验证的工作线程意外终止', en: 'a worker thread of the batch ended unexpectedly' }],
  WORKER_FAILED: [{ zh: '批量验证的工作线程未能完成判断', en: 'a worker thread of the batch could not judge an item' }],
  CLOSED: [{ zh: '操作已中止', en: 'it was stopped' }],
  // node: working trees of lists, and keys that sign them
  WORKSPACE_NOT_FOUND: [{ zh: '这里没有名单工作目录', en: 'there is no working tree of lists here' }, { zh: '用 -C 指明目录，或用 hefu list init 新建。', en: 'Name it with -C, or make one with hefu list init.' }],
  WORKSPACE_EXISTS: [{ zh: '文件夹不是空的，未作任何改动', en: 'the folder is not empty; nothing was touched' }, { zh: '另选一个空文件夹。', en: 'Choose an empty folder.' }],
  WORKSPACE_BUSY: [{ zh: '工作目录正被他人占用', en: 'somebody else is at the working tree' }, { zh: '稍后再试，或用 --wait <秒> 等待。', en: 'Try again in a moment, or wait with --wait <seconds>.' }],
  WORKSPACE_CHANGED: [{ zh: '工作目录在此期间已被他人修改，未作任何改动', en: 'the working tree was changed meanwhile; nothing was done' }, { zh: '重新运行本命令，查看新的内容后再确认。', en: 'Run the command again, and look at what it is now.' }],
  WORKSPACE_DAMAGED: [{ zh: '工作目录中的文件与记录不符', en: 'files of the working tree are not what its record says' }, { zh: '从版本库恢复工作目录。', en: 'Restore the working tree from version control.' }],
  WORKSPACE_IO: [{ zh: '工作目录读写失败', en: 'the working tree cannot be read or written' }, { zh: '检查目录的权限和磁盘空间。', en: 'Check its permissions and the free space.' }],
  KEY_FILE_INVALID: [{ zh: '不是可以签署名单的私钥文件', en: 'no private key that signs lists' }, { zh: '用 hefu list key new 生成，或给出 PKCS #8 的 P-256、P-384、Ed25519 或 RSA 私钥。', en: 'Make one with hefu list key new, or give a PKCS #8 key of P-256, P-384, Ed25519 or RSA.' }],
  KEY_PASSPHRASE_NEEDED: [{ zh: '私钥已加密，需要口令', en: 'the key is encrypted and needs its passphrase' }, { zh: '在终端中运行，或用 --passphrase-env、--passphrase-fd 提供口令。', en: 'Run it on a terminal, or give --passphrase-env or --passphrase-fd.' }],
  KEY_PASSPHRASE_WRONG: [{ zh: '口令不对，或私钥文件已损坏', en: 'the passphrase is wrong, or the key file is damaged' }, { zh: '核对口令和文件后重试。', en: 'Check both and try again.' }],
  KEY_PASSPHRASE_WEAK: [{ zh: '口令太短', en: 'the passphrase is too short' }, { zh: '口令至少 12 个字符，例如几个不相关的词。', en: 'Use at least 12 characters, such as some unrelated words.' }],
  // verify
  POLICY_INVALID: [{ zh: '不是有效的策略文件', en: 'not a valid policy' }],
  CONTEXT_INVALID: [{ zh: '验证条件无效', en: 'the circumstances given are not valid' }],
  // updater
  IO_FAILED: [{ zh: '缓存目录读写失败', en: 'the cache folder cannot be read or written' }, { zh: '检查 --cache 目录的权限和磁盘空间。', en: 'Check the permissions and the free space of the --cache folder.' }],
  ABORTED: [{ zh: '操作已中止', en: 'it was stopped' }],
  // sandbox
  FOLDER_NOT_EMPTY: [
    { zh: '文件夹不是空的，里面也不是试用环境，未作任何改动', en: 'the folder holds something that is not a sandbox world; nothing was touched' },
    { zh: '用 --out 另选一个文件夹。', en: 'Choose another folder with --out.' },
  ],
  FOLDER_NOT_WRITABLE: [{ zh: '无法写入文件夹', en: 'the folder cannot be written' }, { zh: '用 --out 另选一个文件夹。', en: 'Choose another folder with --out.' }],
  LISTEN_FAILED: [
    { zh: '无法在本机端口上提供服务', en: 'this machine\'s port cannot be listened on' },
    { zh: '用 --port 换一个端口；--port 0 自动选择空闲端口。', en: 'Choose another port with --port; --port 0 takes a free one.' },
  ],
};

/** Nothing to add to their sentences. */
const SAID: ReadonlySet<string> = new Set(['FILE_NOT_FOUND', 'EMPTY_INPUT']);

/** The `code` of a typed error; errors are told apart by code, never by class. Node's own `ERR_…` are our mistakes, not the input's. */
function codeOf(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' && !error.code.startsWith('ERR_') ? error.code : undefined;
}

function isThrown(code: string): code is Thrown {
  return Object.hasOwn(SENTENCES, code);
}

/**
 * What to tell a person about an error; undefined for one that has no code and is thus our own mistake.
 * @param subject the file or thing meant, when the error does not name it
 */
export function complaintOf(error: unknown, subject?: string): Complaint | undefined {
  if (error instanceof CliError) return error.complaint;
  if (error instanceof EditError) return complaintOfEdit(error);
  const code = codeOf(error);
  if (code === undefined) return undefined;
  const { message, path, detected, problems, cause } = error as Error & { path?: unknown; detected?: unknown; problems?: unknown };
  const named = typeof path === 'string' ? path : subject;
  const kind = typeof detected === 'string' ? kindOf(detected) : undefined;
  const [sentence, remedy] = kind !== undefined && code !== 'PEM_ENCRYPTED'
    ? [{ zh: `这是${kind.name.zh}`, en: `this is ${kind.name.en}` }, kind.remedy]
    : isThrown(code) ? SENTENCES[code] : [{ zh: '操作失败', en: 'it failed' }];
  const details = SAID.has(code) ? [] : [message, ...(Array.isArray(problems) ? problems.map(problemText) : []), ...causesOf(cause)];
  return {
    code,
    message: named === undefined ? sentence : { zh: `${named}：${sentence.zh}`, en: `${named}: ${sentence.en}` },
    ...(remedy === undefined ? {} : { remedy }),
    ...(typeof detected === 'string' ? { detected } : {}),
    ...(details.length === 0 ? {} : { details }),
  };
}

/** Problems of a document are texts, or a path and what is wrong there. */
function problemText(problem: unknown): string {
  if (typeof problem !== 'object' || problem === null) return String(problem);
  const { path, message } = problem as { readonly path?: unknown; readonly message?: unknown };
  return `${path === '' || path === undefined ? 'document' : String(path)} ${String(message)}`;
}

/** System errors say the last word: EADDRINUSE, EACCES, ENOSPC. */
function causesOf(cause: unknown): readonly string[] {
  return cause instanceof Error && /^E[A-Z]+$/.test(codeOf(cause) ?? '') ? [cause.message] : [];
}

/** Runs a step whose failure is the input's, and names the input in the complaint. */
export async function about<T>(subject: string, step: () => Promise<T> | T): Promise<T> {
  try {
    return await step();
  } catch (cause) {
    const complaint = complaintOf(cause, subject);
    if (complaint === undefined || cause instanceof CliError || cause instanceof EditError) throw cause;
    throw new CliError(complaint, { cause });
  }
}

/** A complaint as lines for a person. Nothing in it can move the cursor. */
export function renderComplaint(complaint: Complaint, lang: Language, width: number, label = 'hefu: '): string {
  const { code, message, remedy, details = [] } = complaint;
  const lines = hanging(label, visible(`${message[lang]} [${code}]`), width);
  if (remedy !== undefined) lines.push(...hanging(say(lang, '  怎么办：', '  what to do: '), visible(remedy[lang]), width));
  for (const detail of details) lines.push(...hanging('  · ', visible(detail, { lines: true }), width));
  return lines.join('\n');
}
