import { read } from 'node:fs';
import { promisify } from 'node:util';
import { readBoundedFile, readListKey, tokenListKey, ListKeyError } from '@hefu/node';
import type { ListSigner } from '@hefu/trust-list';
import type { CommandContext } from '../command-context.js';
import { about } from '../complaint.js';
import { usageError } from '../error.js';
import { say } from '../language.js';

export interface SigningOptions {
  readonly key?: string;
  readonly passphraseEnv?: string;
  readonly passphraseFd?: string;
}

const MAX_KEY_BYTES = 64 * 1024;
const MAX_PASSPHRASE = 4096;
const readDescriptor = promisify(read);

/**
 * The signer whose key is named by `--key`.
 * @throws CliError USAGE, PKCS11_UNAVAILABLE, KEY_…, FILE_…
 */
export async function signerFrom(options: SigningOptions, context: CommandContext): Promise<ListSigner> {
  const { terminal, lang } = context;
  const { key } = options;
  if (key === undefined) throw usageError('用哪把私钥签名？请给出 --key <file>', 'which key signs? give --key <file>');
  if (/^pkcs11:/i.test(key)) {
    // The URI is not quoted: somebody may have put a PIN into it.
    const { signer } = await about('PKCS #11', () => tokenListKey(key, () => passphraseFrom(options, context, say(lang, '设备口令（PIN）：', 'PIN of the device: '))));
    return { ...signer, sign: (input) => about('PKCS #11', () => signer.sign(input)) };
  }
  const file = await about(key, () => readBoundedFile(key, MAX_KEY_BYTES));
  const { signer, unprotected } = await about(key, () => readListKey(file, () => passphraseFrom(options, context, say(lang, `${key} 的口令：`, `Passphrase of ${key}: `))));
  if (unprotected) terminal.note(say(lang, `hefu: 注意：${key} 没有口令保护`, `hefu: note: ${key} is not protected by a passphrase`));
  return signer;
}

/** From the environment, a descriptor, or the person at the terminal. @throws ListKeyError KEY_PASSPHRASE_NEEDED */
export async function passphraseFrom({ passphraseEnv, passphraseFd }: SigningOptions, { terminal }: CommandContext, question: string): Promise<string> {
  if (passphraseEnv !== undefined) {
    const text = terminal.env[passphraseEnv];
    if (text === undefined || text === '') throw usageError(`环境变量 ${passphraseEnv} 没有内容`, `the environment variable ${passphraseEnv} holds nothing`);
    return text;
  }
  if (passphraseFd !== undefined) return lineFrom(passphraseFd);
  if (terminal.ask === undefined) throw new ListKeyError('KEY_PASSPHRASE_NEEDED', 'there is no terminal to ask on');
  return terminal.ask(question, { secret: true });
}

async function lineFrom(text: string): Promise<string> {
  if (!/^\d{1,4}$/.test(text)) throw usageError(`--passphrase-fd 应为文件描述符编号，而不是 ${JSON.stringify(text)}`, `--passphrase-fd takes the number of a descriptor, not ${JSON.stringify(text)}`);
  const bytes = Buffer.alloc(MAX_PASSPHRASE);
  let length = 0;
  try {
    while (length < bytes.length && !bytes.subarray(0, length).includes(0x0a)) {
      const { bytesRead } = await readDescriptor(Number(text), bytes, length, bytes.length - length, null);
      if (bytesRead === 0) break;
      length += bytesRead;
    }
  } catch {
    throw usageError(`无法从描述符 ${text} 读取口令`, `descriptor ${text} cannot be read`, { zh: '例如：… --passphrase-fd 3 3<口令文件', en: 'For example: … --passphrase-fd 3 3<file' });
  }
  return bytes.toString('utf8', 0, length).split(/\r?\n/, 1)[0]!;
}
