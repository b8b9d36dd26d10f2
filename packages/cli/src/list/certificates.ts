import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { readBoundedFile } from '@hefu/node';
import { readCertificates, type Certificate } from '@hefu/pki';
import { about } from '../complaint.js';
import { CliError } from '../error.js';

const MAX_BYTES = 4 * 1024 * 1024;

/** Every certificate in these files: DER, PEM, base64, P7B. */
export async function readCertificateFiles(files: readonly string[]): Promise<readonly Certificate[]> {
  const found: Certificate[] = [];
  for (const file of files) found.push(...(await about(file, async () => readCertificates(await readBoundedFile(file, MAX_BYTES)))));
  return found;
}

/** The first certificate of every file in a folder, named by its file. */
export async function readSampleFolder(folder: string): Promise<readonly { readonly id: string; readonly certificates: readonly Certificate[] }[]> {
  let names: readonly string[];
  try {
    names = (await readdir(folder)).filter((name) => !name.startsWith('.')).sort();
  } catch (cause) {
    throw new CliError({ code: 'FILE_NOT_FOUND', message: { zh: `${folder}：没有这个文件夹`, en: `${folder}: no such folder` } }, { cause });
  }
  return Promise.all(names.map(async (id) => ({ id, certificates: await readCertificateFiles([join(folder, id)]) })));
}
