// OpenSSL's libcrypto in a process of its own, through a small C program built here; undefined, and said so, where it cannot be built.
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

let built;

/** Folder with the program in it, or the reason why there is none. */
function build() {
  const folder = mkdtempSync(join(tmpdir(), 'hefu-bench-libcrypto-'));
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
  try {
    execFileSync('cc', ['-O2', '-o', join(folder, 'libcrypto'), fileURLToPath(new URL('./libcrypto.c', import.meta.url)), '-lcrypto'], { stdio: ['ignore', 'ignore', 'pipe'] });
  } catch (error) {
    console.error(`SKIPPED: rows of OpenSSL's libcrypto: no C compiler, or no libssl-dev (${String(error.stderr ?? error.message).split('\n')[0]})`);
    return { folder: undefined };
  }
  return { folder };
}

export function hasLibcrypto() {
  built ??= build();
  return built.folder !== undefined;
}

let next = 0;

/** A chain of three, or a message over content with it. SM2 is not among what it can be asked this way. */
export function withLibcrypto({ root, cas, ca = cas[0], leaf }, at, message, content) {
  const { folder } = built;
  const put = (octets) => {
    const file = join(folder, String(next++));
    writeFileSync(file, octets);
    return file;
  };
  const files = [root.der, ca.der, leaf.der].map(put);
  const rest = message === undefined ? [] : [put(message), put(content)];
  const run = (calls) => spawnSync(join(folder, 'libcrypto'), [...files, String(at / 1000), String(calls), ...rest], { encoding: 'utf8' });
  return Object.assign(() => run(1).status === 0, {
    batch(calls) {
      const { status, stdout } = run(calls);
      if (status !== 0) throw new Error('libcrypto refused in the middle of a batch');
      return Number(stdout);
    },
  });
}
