import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { appendFile, mkdtemp, open, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { concatBytes, equalBytes, parseCertificate } from '@hefu/pki';
import { assembleSignature, prepareSignature } from '@hefu/sign';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createVerifier, hashFile, nodeAlgorithms, type Progress } from '../src/index.js';

const algorithms = nodeAlgorithms();
const digest = (name: string) => algorithms.digests.find((each) => each.name === name)!;
let directory: string;
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'hefu-hash-'));
});
afterAll(() => rm(directory, { recursive: true, force: true }));

/** A file of this length that takes no space on disk but at its end. */
async function sparse(name: string, length: number): Promise<string> {
  const path = join(directory, name);
  await writeFile(path, '');
  await truncate(path, length);
  const handle = await open(path, 'r+');
  await handle.write(Uint8Array.of(1, 2, 3), 0, 3, length - 3);
  await handle.close();
  return path;
}

const plain = (algorithm: 'SHA-256' | 'SM3', prefix = new Uint8Array(0)) => ({ algorithm, prefix });

describe('hashFile', () => {
  it.each([0, 1, 65_536, 1024 * 1024, 1024 * 1024 + 1, 3_000_000])('%i octets, several digests in one pass, with progress', async (length) => {
    const octets = Uint8Array.from({ length }, (_, i) => (i * 31 + (i >> 8)) & 0xff);
    const path = join(directory, `f${length}`);
    await writeFile(path, octets);
    const z = new Uint8Array(32).fill(9);
    const told: Progress[] = [];
    const hashed = await hashFile(path, { algorithms, wanted: (size) => (expect(size).toBe(length), [plain('SHA-256'), plain('SM3', z)]), onProgress: (progress) => told.push(progress) });
    expect(equalBytes(hashed.head, octets.subarray(0, 65_536))).toBe(true);
    expect(hashed).toMatchObject({
      length,
      digests: [{ ...plain('SHA-256'), value: digest('SHA-256').digest(octets) }, { ...plain('SM3', z), value: digest('SM3').digest(concatBytes(z, octets)) }],
    });
    expect(told.map(({ done }) => done)).toEqual(told.map(({ done }) => done).sort((a, b) => a - b));
    expect(told.at(-1)).toEqual(length === 0 ? undefined : { done: length, total: length });
  });

  it('is cancelled between pieces', async () => {
    const path = await sparse('cancel', 64 * 1024 * 1024);
    const controller = new AbortController();
    let pieces = 0;
    const onProgress = (): void => {
      pieces += 1;
      if (pieces === 3) controller.abort();
    };
    await expect(hashFile(path, { algorithms, wanted: () => [plain('SHA-256')], signal: controller.signal, onProgress })).rejects.toMatchObject({ name: 'UpdaterError', code: 'ABORTED' });
    expect(pieces).toBe(3);
  });

  it.each([
    ['longer', (path: string) => appendFile(path, 'x')],
    ['shorter', (path: string) => truncate(path, 2_000_000)],
    ['in place', async (path: string) => {
      const handle = await open(path, 'r+');
      await handle.write(Uint8Array.of(9), 0, 1, 10);
      await handle.close();
    }],
  ])('notices a file made other while it is read: %s', async (name, change) => {
    const path = await sparse(`changing-${name.replace(' ', '-')}`, 4 * 1024 * 1024);
    let changing: Promise<void> | undefined;
    const run = hashFile(path, { algorithms, wanted: () => [plain('SHA-256')], onProgress: () => (changing ??= change(path) as Promise<void>) });
    await expect(run).rejects.toMatchObject({ name: 'NodeError', code: 'FILE_CHANGED', path });
    await changing;
  });

  it('says what it cannot read', async () => {
    const options = { algorithms, wanted: () => [] };
    await expect(hashFile(join(directory, 'none'), options)).rejects.toMatchObject({ code: 'FILE_NOT_FOUND' });
    await expect(hashFile(directory, options)).rejects.toMatchObject({ code: 'FILE_UNREADABLE' });
  });
});

// The sandbox stands beside this package, not beneath it, so it is reached by path; the child runs what is built.
const SANDBOX = new URL('../../sandbox/dist/index.js', import.meta.url);
const NODE = new URL('../dist/index.js', import.meta.url);
const built = existsSync(SANDBOX) && existsSync(NODE);
if (!built) console.warn('SKIPPED: large detached files over the sandbox: the packages are not built (tsc -b)');

describe.skipIf(!built)('a detached bid larger than memory should hold', () => {
  const AT = Date.UTC(2026, 5, 1, 8);
  const world = async () => ((await import(SANDBOX.href)) as typeof import('../../sandbox/src/index.js')).createWorld({ seed: 'large', at: AT });

  /** sha256sum of GNU coreutils 9.1 says so of what `truncate -s 2199999997` and `printf '\1\2\3'` make. */
  const SHA_256_OF_BID = Buffer.from('e3aa2d66e13d6615eaf53ccdc7e8acfe689ca5152b708a1aa565b7502b60e323', 'hex');

  it('2.2 GB are verified within 200 MB of resident memory', async () => {
    const length = 2_200_000_000;
    await sparse('bid', length);
    const { companies, lists, listRole } = await world();
    const { key, certificate } = companies.find(({ sign, state }) => sign.key.kind === 'P-256' && state === 'good')!.sign;
    const prepared = prepareSignature({ certificate: parseCertificate(certificate), contentDigest: SHA_256_OF_BID, algorithms });
    const signature = await assembleSignature(prepared, key.sign(prepared.toBeSigned.message!));
    await writeFile(join(directory, 'signature'), signature);
    await writeFile(join(directory, 'list'), lists.current);
    const script = `
      const { createVerifier } = await import(${JSON.stringify(NODE.href)});
      const verifier = await createVerifier({ trustList: { path: 'list' }, role: ${JSON.stringify(listRole)}, online: false, clock: { now: () => ${AT} } });
      let told = 0;
      const report = await verifier.verify({ signature: { path: 'signature' }, content: { path: 'bid' }, region: '420100', onProgress: ({ done }) => { told = done; } });
      const row = report.signers[0].checks.find(({ id }) => id === 'signature.messageDigest');
      console.log(JSON.stringify({ outcome: row?.outcome, length: report.content.length, told, rss: process.resourceUsage().maxRSS * 1024 }));
    `;
    const child = spawnSync(process.execPath, ['--max-old-space-size=96', '--input-type=module', '-e', script], { cwd: directory, encoding: 'utf8' });
    expect(child.stderr).toBe('');
    const told = JSON.parse(child.stdout) as { rss: number };
    expect(told).toMatchObject({ outcome: 'passed', length, told: length });
    expect(told.rss).toBeLessThan(200 * 1024 * 1024);
  });

  it('SM2 without attributes: SM3(Z || content) from a file, and no other', async () => {
    const length = 9_000_000;
    const path = await sparse('bid-sm2', length);
    const other = await sparse('bid-sm2-other', length + 1);
    const { companies, lists, listRole } = await world();
    const { key, certificate } = companies.find(({ sign, state }) => sign.key.kind === 'SM2' && state === 'good')!.sign;
    const parsed = parseCertificate(certificate);
    const z = algorithms.signatures.find(({ name }) => name === 'SM2-SM3')!.messagePrefix!(parsed.spki.key);
    const { digests } = await hashFile(path, { algorithms, wanted: () => [plain('SM3', new Uint8Array(z))] });
    const prepared = prepareSignature({ certificate: parsed, contentDigest: digests[0]!.value, algorithms });
    const signature = await assembleSignature(prepared, key.signDigest(prepared.toBeSigned.digest!));
    const verifier = await createVerifier({ trustList: { bytes: lists.current }, role: listRole, online: false, clock: { now: () => AT } });
    const checked = async (file: string) => (await verifier.verify({ signature, content: { path: file }, region: '420100' })).signers[0]!;
    expect(await checked(path)).toMatchObject({ messageVariant: 'za-content' });
    expect(await checked(other)).toMatchObject({ code: 'SIGNATURE_INVALID' });
  });
});
