import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Whether the openssl command is here; tests that need it skip and say so. */
export const hasOpenssl: boolean = (() => {
  const present = spawnSync('openssl', ['version']).status === 0;
  if (!present) console.warn('SKIPPED: the openssl command is absent, so its verdicts on sandbox certificates, CRLs and messages were not asked');
  return present;
})();

/** Runs openssl with files given by name; `{name}` in an argument becomes the file's path. */
export function openssl(args: readonly string[], files: Readonly<Record<string, Uint8Array | string>>): { readonly status: number; readonly output: string } {
  const folder = mkdtempSync(join(tmpdir(), 'hefu-sandbox-'));
  try {
    for (const [name, bytes] of Object.entries(files)) writeFileSync(join(folder, name), bytes);
    const run = spawnSync('openssl', args.map((arg) => arg.replace(/\{([^}]+)\}/, (_, name: string) => join(folder, name))), { encoding: 'utf8' });
    return { status: run.status ?? -1, output: `${run.stdout}${run.stderr}` };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
