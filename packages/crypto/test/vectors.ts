import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { join } from 'node:path';

const folder = process.env['HEFU_VECTORS'] ?? fileURLToPath(new URL('../../../../shared/vectors', import.meta.url));

/** Whether a folder of external vectors is here; says so aloud when it is not. */
export function haveVectors(name: string): boolean {
  const here = existsSync(join(folder, name));
  if (!here) console.warn(`SKIPPED: no ${name} vectors in ${folder}; set HEFU_VECTORS to run these tests`);
  return here;
}

export function vectorPath(...names: string[]): string {
  return join(folder, ...names);
}

export interface WycheproofTest {
  readonly tcId: number;
  readonly comment: string;
  readonly flags: readonly string[];
  readonly result: 'valid' | 'invalid' | 'acceptable';
  readonly [field: string]: unknown;
}

export interface WycheproofGroup {
  readonly tests: readonly WycheproofTest[];
  readonly [field: string]: unknown;
}

export interface WycheproofFile {
  readonly numberOfTests: number;
  readonly testGroups: readonly WycheproofGroup[];
}

export function wycheproof(file: string): WycheproofFile {
  return JSON.parse(readFileSync(vectorPath('wycheproof', file), 'utf8')) as WycheproofFile;
}
