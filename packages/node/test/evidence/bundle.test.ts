import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { crc32, deflateRawSync } from 'node:zlib';
import { unzipSync } from 'fflate';
import { createJudgeCaches, describeFile, revalidate } from '@hefu/verify';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { judgedWorld, algorithms, type Judged } from '../../../verify/test/evidence-bundle/world.js';
import { openEvidenceBundle } from '../../src/evidence/read-bundle.js';
import { writeEvidenceBundle, type BundleRecord } from '../../src/evidence/write-bundle.js';
import { centralHeader, COMMENT_LENGTH, COMMENT_PREFIX, DEFLATED, descriptor, endRecord, localHeader, type Entry } from '../../src/evidence/layout.js';

const built = existsSync(new URL('../../../sandbox/dist/index.js', import.meta.url));
if (!built) console.warn('SKIPPED: evidence bundles over the sandbox: packages/sandbox is not built (tsc -b)');

describe.skipIf(!built)('evidence bundles', () => {
  let judged: Judged;
  let folder: string;
  let path: string;
  let records: BundleRecord[];
  let octets: Buffer;
  beforeAll(async () => {
    judged = await judgedWorld('bundle');
    folder = await mkdtemp(join(tmpdir(), 'hefu-bundle-'));
    path = join(folder, 'project.zip');
    const stories = judged.world.scenarios.filter(({ expected, lists }) => expected.stage === 'judge' && lists.length === 1).slice(0, 4);
    records = await Promise.all(stories.map(async ({ id }) => (await judged.record(id)).record));
    await writeEvidenceBundle(path, records, { project: 'P-2026-001', algorithms });
    octets = await readFile(path);
  });
  afterAll(async () => {
    if (folder !== undefined) await rm(folder, { recursive: true, force: true });
  });
  const open = () => openEvidenceBundle(path, { algorithms });
  /** What is wrong with these octets: the code that opening or checking says. */
  async function wrongWith(changed: Uint8Array): Promise<string> {
    const other = join(folder, 'changed.zip');
    await writeFile(other, changed);
    try {
      const bundle = await openEvidenceBundle(other, { algorithms });
      const problems = await bundle.check();
      await bundle.close();
      return problems.map(({ code, file }) => `${code} ${file}`).join('; ');
    } catch (error) {
      return `${(error as { code: string }).code} ${(error as Error).message}`;
    }
  }
  const withChecksum = (changed: Buffer): Buffer => {
    changed.write(createHash('sha256').update(changed.subarray(0, -64)).digest('hex'), changed.length - 64, 'latin1');
    return changed;
  };

  it('holds each object once, is whole, and gives every verdict again from the file alone', async () => {
    const bundle = await open();
    expect(await bundle.check()).toEqual([]);
    expect(bundle.index.project).toBe('P-2026-001');
    const shared = records.reduce((sum, { manifest }) => sum + manifest.files.length, 0);
    expect(bundle.index.objects.length).toBeLessThan(shared - 3 * 2);
    const caches = createJudgeCaches();
    for (const { id } of bundle.index.manifests) {
      const again = await revalidate({ mode: 'as-known', manifest: await bundle.manifest(id), objects: bundle.object, pin: { role: judged.world.listRole }, algorithms, caches });
      expect(again.same, id).toBe(true);
    }
    expect(await bundle.object('00'.repeat(32))).toBeUndefined();
    await expect(bundle.manifest('nobody')).rejects.toMatchObject({ code: 'EVIDENCE_OBJECT_MISSING' });
    await bundle.close();
  });

  it('is the same octets for the same records, and a zip that others read', async () => {
    const other = join(folder, 'again.zip');
    await writeEvidenceBundle(other, records, { project: 'P-2026-001', algorithms });
    expect(createHash('sha256').update(await readFile(other)).digest('hex')).toBe(createHash('sha256').update(octets).digest('hex'));
    const entries = unzipSync(octets); // fflate reads by the directory alone
    const bundle = await open();
    expect(Object.keys(entries)).toHaveLength(2 + records.length + bundle.index.objects.length);
    await bundle.close();
    for (const [name, bytes] of Object.entries(entries)) if (name.startsWith('objects/')) expect(describeFile(bytes, algorithms).sha256).toBe(name.slice('objects/'.length));
  });

  it('an octet altered anywhere is found', async () => {
    // Every octet around the headers of two entries and the end, and a thousandth of the rest.
    const places = new Set<number>();
    for (let at = 0; at < 120; at += 1) places.add(at);
    for (let at = octets.length - 200; at < octets.length; at += 1) places.add(at);
    for (let n = 0; n < 80; n += 1) places.add(Math.floor((octets.length * (n + 0.5)) / 80));
    for (const at of places) {
      const changed = Buffer.from(octets);
      changed[at]! ^= 0x01;
      expect(await wrongWith(changed), `octet ${at}`).not.toBe('');
    }
  });

  it('and outside file data also when the checksum is made to fit', async () => {
    for (let at = 0; at < 44; at += 1) {
      if (at >= 38) continue; // data of `mimetype`
      const changed = Buffer.from(octets);
      changed[at]! ^= 0x10;
      expect(await wrongWith(withChecksum(changed)), `octet ${at}`).toMatch(/^BUNDLE_INVALID/);
    }
    const central = octets.readUInt32LE(octets.length - COMMENT_LENGTH - 22 + 16);
    for (let at = central; at < central + 110; at += 1) {
      const changed = Buffer.from(octets);
      changed[at]! ^= 0x10;
      expect(await wrongWith(withChecksum(changed)), `octet ${at}`).toMatch(/^BUNDLE_INVALID/);
    }
    expect(await wrongWith(withChecksum(Buffer.from(octets)))).toBe('');
  });

  it('refuses what other zips may be', async () => {
    expect(await wrongWith(Buffer.concat([octets, Buffer.from('x')]))).toMatch(/^BUNDLE_INVALID/);
    expect(await wrongWith(Buffer.concat([Buffer.from('x'), octets]))).toMatch(/^BUNDLE_INVALID/);
    expect(await wrongWith(octets.subarray(0, -1))).toMatch(/^BUNDLE_INVALID/);
    expect(await wrongWith(Buffer.alloc(10))).toMatch(/^BUNDLE_INVALID/);
    expect(await wrongWith(octets.subarray(0, octets.length / 2))).toMatch(/^BUNDLE_INVALID/);
  });

  describe('put together by hand', () => {
    type File = readonly [name: string, bytes: Uint8Array, options?: { readonly length?: number; readonly trailing?: Uint8Array }];
    /** A zip of the right form with whatever files. */
    function zip(files: readonly File[]): Buffer {
      const parts: Buffer[] = [];
      const entries: Entry[] = [];
      let offset = 0;
      for (const [name, bytes, { length = bytes.length, trailing = new Uint8Array(0) } = {}] of files) {
        const raw = Buffer.concat([deflateRawSync(bytes), trailing]);
        const entry: Entry = { name, method: DEFLATED, crc32: crc32(bytes), compressedLength: raw.length, length, offset };
        const whole = Buffer.concat([localHeader(entry), raw, descriptor(entry)]);
        parts.push(whole);
        offset += whole.length;
        entries.push(entry);
      }
      const directory = Buffer.concat(entries.map(centralHeader));
      return withChecksum(Buffer.concat([...parts, directory, endRecord(entries.length, directory.length, offset), Buffer.from(`${COMMENT_PREFIX}${'0'.repeat(64)}`)]));
    }
    let files: File[];
    beforeAll(() => {
      files = Object.entries(unzipSync(octets));
    });
    it('the same files are a bundle', async () => {
      expect(await wrongWith(zip(files))).toBe('');
    });
    it('names that lead elsewhere, or that no file has', async () => {
      for (const name of ['../../etc/passwd', '/etc/passwd', 'objects/../index.json', 'C:\\x', 'objects/AA', 'INDEX.JSON', 'seals.json/']) {
        expect(await wrongWith(zip([...files, [name, new Uint8Array(1)]])), name).toMatch(/^BUNDLE_INVALID/);
      }
    });
    it('a file twice, one too many, one too few', async () => {
      expect(await wrongWith(zip([...files, files[3]!]))).toMatch(/^BUNDLE_INVALID.*twice/);
      const extra = `objects/${'ab'.repeat(32)}`;
      expect(await wrongWith(zip([...files, [extra, new Uint8Array(1)]]))).toBe(`FILE_EXTRA ${extra}`);
      const [gone] = files.filter(([name]) => name.startsWith('objects/'));
      expect(await wrongWith(zip(files.filter((file) => file !== gone)))).toBe(`FILE_MISSING ${gone![0]}`);
      const [manifest] = files.filter(([name]) => name.startsWith('manifests/'));
      expect(await wrongWith(zip(files.filter((file) => file !== manifest)))).toContain(`FILE_MISSING ${manifest![0]}`);
      expect(await wrongWith(zip(files.filter(([name]) => name !== 'index.json')))).toMatch(/^BUNDLE_INVALID.*index.json/);
    });
    it('a file changed, its sums made to fit', async () => {
      for (const [name, bytes] of files.filter(([each]) => each.includes('/')).slice(0, 6)) {
        const changed = Uint8Array.from(bytes, (octet, index) => (index === bytes.length >> 1 ? octet ^ 1 : octet));
        expect(await wrongWith(zip(files.map((file) => (file[0] === name ? [name, changed] : file))))).toContain(`FILE_ALTERED ${name}`);
      }
    });
    it('files that inflate to more than they say, or hide something behind', async () => {
      const name = files.find(([each]) => each.startsWith('objects/'))![0];
      const bomb = new Uint8Array(64 * 1024 * 1024);
      expect(await wrongWith(zip(files.map((file) => (file[0] === name ? [name, bomb, { length: 100 }] : file))))).toContain(`FILE_ALTERED ${name}`);
      expect(await wrongWith(zip(files.map((file) => (file[0] === name ? [...file.slice(0, 2), { trailing: Buffer.from('hidden') }] as unknown as File : file))))).toContain(`FILE_ALTERED ${name}`);
      expect(await wrongWith(zip(files.map((file) => (file[0] === 'index.json' ? ['index.json', bomb, { length: 0xfff_ffff }] : file))))).toMatch(/^BUNDLE_INVALID/);
    });
  });

  it('a large file is stored as it is and streamed in and out', async () => {
    const large = join(folder, 'large.bin');
    const bytes = Buffer.alloc(20 * 1024 * 1024, 'bid');
    await writeFile(large, bytes);
    const file = describeFile(bytes, algorithms);
    const [first] = records as [BundleRecord];
    const manifest = { ...first.manifest, files: [...first.manifest.files, file] };
    const record: BundleRecord = { ...first, manifest, objects: { get: (sha256) => (sha256 === file.sha256 ? { path: large } : first.objects.get(sha256)) } };
    const other = join(folder, 'large.zip');
    await writeEvidenceBundle(other, [record], { algorithms });
    expect((await stat(other)).size).toBeGreaterThan(bytes.length);
    const bundle = await openEvidenceBundle(other, { algorithms });
    expect(await bundle.check()).toEqual([{ file: `objects/${file.sha256}`, code: 'FILE_EXTRA', detail: expect.any(String) }]);
    expect(describeFile((await bundle.object(file.sha256))!, algorithms)).toEqual(file);
    await bundle.close();
  });
  it('leaves nothing behind when a record fails', async () => {
    const other = join(folder, 'broken.zip');
    async function* broken() {
      yield records[0]!;
      throw new Error('no');
    }
    await expect(writeEvidenceBundle(other, broken(), { algorithms })).rejects.toThrow('no');
    expect(existsSync(other)).toBe(false);
    await expect(writeEvidenceBundle(other, [records[0]!, records[0]!], { algorithms })).rejects.toMatchObject({ code: 'EVIDENCE_DOCUMENT_INVALID' });
    await expect(openEvidenceBundle(other, { algorithms })).rejects.toMatchObject({ code: 'FILE_NOT_FOUND' });
  });
});
