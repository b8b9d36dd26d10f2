import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseSignedData } from '@hefu/pki';

/** What the openssl command says of a detached CMS message; it knows no GM/T 0010 messages, and may not be installed. Chains are not its question here. */
export async function opensslVerify(message: Uint8Array, content: Uint8Array): Promise<'verified' | 'refused' | 'unsupported'> {
  if (parseSignedData(message).family !== 'cms') return 'unsupported';
  const folder = mkdtempSync(join(tmpdir(), 'hefu-conformance-'));
  try {
    const [signed, document] = [join(folder, 'message.p7s'), join(folder, 'content.bin')];
    writeFileSync(signed, message);
    writeFileSync(document, content);
    const { status, error } = spawnSync('openssl', ['cms', '-verify', '-binary', '-inform', 'DER', '-in', signed, '-content', document, '-noverify', '-out', join(folder, 'out.bin')], { timeout: 30_000 });
    if (error !== undefined) return 'unsupported';
    return status === 0 ? 'verified' : 'refused';
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
