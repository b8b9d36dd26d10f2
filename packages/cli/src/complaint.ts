import type { ListKeyErrorCode, NodeErrorCode, WorkspaceErrorCode } from '@hefu/node';
import type { PkiErrorCode } from '@hefu/pki';
import type { SandboxErrorCode } from '@hefu/sandbox';
import type { SignError } from '@hefu/sign';
import type { UpdaterErrorCode } from '@hefu/updater';
import type { Bilingual, EvidenceErrorCode, VerifyErrorCode } from '@hefu/verify';
import { EditError, hanging, visible } from '@hefu/trust-list';
import { CliError, type Complaint } from './error.js';
import { complaintOfEdit } from './list/refusal.js';
import { kindOf } from './kind.js';
import { say, type Language } from './language.js';

type Sentence = readonly [message: Bilingual, remedy?: Bilingual];
/** Transfers that fail are gaps of a report or refusals of a list; of the updater only these come as errors. */
type Thrown = EvidenceErrorCode | PkiErrorCode | NodeErrorCode | WorkspaceErrorCode | ListKeyErrorCode | SandboxErrorCode | Exclude<VerifyErrorCode, 'NOT_PASSED'> | Extract<UpdaterErrorCode, 'IO_FAILED' | 'ABORTED'>;

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
  JWS_MALFORMED: [{ zh: '不是可读取的 JWS 签名', en: 'not a readable JWS' }],
  FILE_CHANGED: [{ zh: '文件在读取过程中被改动', en: 'the file was written to while it was read' }, { zh: '等文件写完后再试。', en: 'Try again once it is complete.' }],
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
  FILE_NOT_WRITABLE: [{ zh: '无法写入', en: 'it cannot be written' }, { zh: '检查文件夹、权限和磁盘空间。', en: 'Check the folder, its permissions and the free space.' }],
  BUNDLE_INVALID: [{ zh: '不是完好的证据包', en: 'not an evidence bundle that is whole' }, { zh: '不要使用这份文件；从另一份副本恢复。', en: 'Do not use this file; restore it from another copy.' }],
  BUNDLE_TOO_LARGE: [{ zh: '超出一个证据包的容量', en: 'more than one evidence bundle holds' }, { zh: '大文件只保存摘要（--digests-only），或按标段分成几个证据包。', en: 'Keep digests of large files (--digests-only), or make a bundle for each lot.' }],
  FONT_INVALID: [{ zh: '不是可用的字体文件', en: 'not a font that can be used' }],
  WORKER_DIED: [{ zh: '批量验证的工作线程意外终止', en: 'a worker thread of the batch ended unexpectedly' }],
  WORKER_FAILED: [{ zh: '批量验证的工作线程未能完成判断', en: 'a worker thread of the batch could not judge an item' }],
  PKCS11_UNAVAILABLE: [
    { zh: '无法使用 PKCS #11 设备', en: 'PKCS #11 devices cannot be used here' },
    {
      zh: '安装 pkcs11js（npm install -g pkcs11js，需要 C++ 编译器），并检查 module-path；或用 hefu list sign <提案> --payload <文件> 导出待签内容，在设备上做 GM/T 0010 分离式签名，再用 hefu list sign <提案> --p7s <签名> 装回。',
      en: 'Install pkcs11js (npm install -g pkcs11js, which needs a C++ compiler) and check module-path; or write the octets with hefu list sign <proposal> --payload <file>, sign them on the device as detached GM/T 0010 SignedData, and bring it back with hefu list sign <proposal> --p7s <file>.',
    },
  ],
  CLOSED: [{ zh: '操作已中止', en: 'it was stopped' }],
  // node: working trees of lists, and keys that sign them
  WORKSPACE_NOT_FOUND: [{ zh: '这里没有名单工作目录', en: 'there is no working tree of lists here' }, { zh: '用 -C 指明目录，或用 hefu list init 新建。', en: 'Name it with -C, or make one with hefu list init.' }],
  WORKSPACE_EXISTS: [{ zh: '文件夹不是空的，未作任何改动', en: 'the folder is not empty; nothing was touched' }, { zh: '另选一个空文件夹。', en: 'Choose an empty folder.' }],
  WORKSPACE_BUSY: [{ zh: '工作目录正被他人占用', en: 'somebody else is at the working tree' }, { zh: '稍后再试，或用 --wait <秒> 等待。', en: 'Try again in a moment, or wait with --wait <seconds>.' }],
  WORKSPACE_CHANGED: [{ zh: '工作目录在此期间已被他人修改，未作任何改动', en: 'the working tree was changed meanwhile; nothing was done' }, { zh: '重新运行本命令，查看新的内容后再确认。', en: 'Run the command again, and look at what it is now.' }],
  WORKSPACE_DAMAGED: [{ zh: '工作目录中的文件与记录不符', en: 'files of the working tree are not what its record says' }, { zh: '从版本库恢复工作目录。', en: 'Restore the working tree from version control.' }],
  WORKSPACE_IO: [{ zh: '工作目录读写失败', en: 'the working tree cannot be read or written' }, { zh: '检查目录的权限和磁盘空间。', en: 'Check its permissions and the free space.' }],
  KEY_FILE_INVALID: [{ zh: '不是可以签署名单的私钥文件', en: 'no private key that signs lists' }, { zh: '用 hefu list key new 生成，或给出 PKCS #8 或 PFX 文件中的 SM2、P-256、P-384、Ed25519 或 RSA 私钥。', en: 'Make one with hefu list key new, or give PKCS #8 or PFX with an SM2, P-256, P-384, Ed25519 or RSA key.' }],
  KEY_URI_INVALID: [{ zh: '不是指明密钥的 PKCS #11 URI', en: 'not a PKCS #11 URI that names a key' }, { zh: '例如 pkcs11:token=名称;object=标签?module-path=/路径/模块.so；PIN 不写在其中。', en: 'As in pkcs11:token=name;object=label?module-path=/path/module.so; a PIN has no place in it.' }],
  KEY_PASSPHRASE_NEEDED: [{ zh: '私钥已加密，需要口令', en: 'the key is encrypted and needs its passphrase' }, { zh: '在终端中运行，或用 --passphrase-env、--passphrase-fd 提供口令。', en: 'Run it on a terminal, or give --passphrase-env or --passphrase-fd.' }],
  KEY_PASSPHRASE_WRONG: [{ zh: '口令不对，或私钥文件已损坏', en: 'the passphrase is wrong, or the key file is damaged' }, { zh: '核对口令和文件后重试。', en: 'Check both and try again.' }],
  KEY_PASSPHRASE_WEAK: [{ zh: '口令太短', en: 'the passphrase is too short' }, { zh: '口令至少 12 个字符，例如几个不相关的词。', en: 'Use at least 12 characters, such as some unrelated words.' }],
  // verify
  POLICY_INVALID: [{ zh: '不是有效的策略文件', en: 'not a valid policy' }],
  CONTEXT_INVALID: [{ zh: '验证条件无效', en: 'the circumstances given are not valid' }],
  PDF_MALFORMED: [{ zh: '不是 PDF，或结构已损坏', en: 'it is not a PDF, or a damaged one' }],
  PDF_UNSUPPORTED: [{ zh: 'PDF 采用了不受支持的结构（如加密）', en: 'a PDF with something that is not supported, such as encryption' }],
  PDF_LIMIT: [{ zh: 'PDF 过大或过于复杂', en: 'the PDF is too large or too complex' }],
  // evidence bundles
  EVIDENCE_DOCUMENT_INVALID: [{ zh: '证据包中的文件不符合格式', en: 'a document of the evidence bundle is not of its form' }],
  EVIDENCE_OBJECT_MISSING: [{ zh: '证据包缺少文件', en: 'the evidence bundle lacks a file' }, { zh: '从另一份副本恢复。', en: 'Restore it from another copy.' }],
  EVIDENCE_OBJECT_ALTERED: [{ zh: '证据包中的文件被改动过', en: 'a file of the evidence bundle was altered' }, { zh: '不要使用这份证据包；从另一份副本恢复。', en: 'Do not use this bundle; restore it from another copy.' }],
  EVIDENCE_CONTENT_WANTED: [{ zh: '证据包只保存了原文的摘要', en: 'the bundle keeps only the digests of the signed file' }, { zh: '用 --content <file> 给出原文。', en: 'Give the signed file with --content <file>.' }],
  EVIDENCE_CONTENT_DIFFERS: [{ zh: '给出的原文不是当时签名的那一份', en: 'the file given is not the one that was signed' }],
  EVIDENCE_TRUST_REFUSED: [
    { zh: '证据包中的信任名单不是由您所信任的一方签署的', en: 'the trust list in the bundle is not signed by whom you trust' },
    { zh: '用 --signers 给出当时的签名角色文件，或用 --pin 给出另一途径得知的 SHA-256。', en: 'Give the role file of that time with --signers, or with --pin the SHA-256 told by another way.' },
  ],
  EVIDENCE_NOT_REPRODUCIBLE: [{ zh: '所存内容无法再次得出同一结论，未予保存', en: 'the verdict does not come out again from what would be kept, so nothing was kept' }],
  EVIDENCE_SEAL_REFUSED: [{ zh: '未能取得可用的时间戳', en: 'no usable time-stamp could be had' }, { zh: '检查 --tsa 的地址，或换一个时间戳服务。', en: 'Check the address given as --tsa, or ask another authority.' }],
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
export async function complaintOf(error: unknown, subject?: string): Promise<Complaint | undefined> {
  if (error instanceof CliError) return error.complaint;
  if (error instanceof EditError) return complaintOfEdit(error);
  const code = codeOf(error);
  if (code === undefined) return undefined;
  const { name, message, path, detected, problems, cause } = error as Error & { path?: unknown; detected?: unknown; problems?: unknown };
  const named = typeof path === 'string' ? path : subject;
  const kind = typeof detected === 'string' ? kindOf(detected) : undefined;
  const [sentence, remedy] = kind !== undefined && code !== 'PEM_ENCRYPTED'
    ? [{ zh: `这是${kind.name.zh}`, en: `this is ${kind.name.en}` }, kind.remedy]
    : name === 'SignError' ? await sentenceOf(error as SignError) : isThrown(code) ? SENTENCES[code] : [{ zh: '操作失败', en: 'it failed' }];
  const details = SAID.has(code) ? [] : [message, ...(Array.isArray(problems) ? problems.map(problemText) : []), ...causesOf(cause)];
  return {
    code,
    message: named === undefined ? sentence : { zh: `${named}：${sentence.zh}`, en: `${named}: ${sentence.en}` },
    ...(remedy === undefined ? {} : { remedy }),
    ...(typeof detected === 'string' ? { detected } : {}),
    ...(details.length === 0 ? {} : { details }),
  };
}

/** The words of the signing room, without their full stop. The room is loaded for it: most commands do without. */
async function sentenceOf({ code }: SignError): Promise<Sentence> {
  const { SIGN_ERRORS } = await import('@hefu/sign');
  const { message: { zh, en }, remedy } = SIGN_ERRORS[code];
  return [{ zh: zh.replace(/。$/, ''), en: en.replace(/\.$/, '') }, remedy];
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
    const complaint = await complaintOf(cause, subject);
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
