import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { main, type Terminal } from '../../packages/cli/dist/index.js';

// That they chain to the national root under 1234567812345678 and no other identifier is tested where paths are:
// packages/verify/test/path/real-ca.test.ts. Here people look at them.
const FOLDER = resolve(process.env['HEFU_VECTORS'] ?? resolve(import.meta.dirname, '../../../shared/vectors'), 'real-ca');
const present = existsSync(FOLDER);
if (!present) console.warn(`SKIPPED: real CA certificates are not at ${FOLDER}; set HEFU_VECTORS`);

/** Collects what a command writes. */
class CollectingTerminal implements Terminal {
  readonly lines: string[] = [];
  readonly notes: string[] = [];
  readonly colour = false;
  readonly width = 80;
  readonly env: NodeJS.ProcessEnv = {};
  readonly self = 'hefu';
  out(text: string): void {
    this.lines.push(text);
  }
  note(text: string): void {
    this.notes.push(text);
  }
  stopped(): Promise<void> {
    return Promise.resolve();
  }
}

async function hefu(...args: readonly string[]): Promise<{ code: number; out: string; notes: string }> {
  const terminal = new CollectingTerminal();
  const code = await main(args, terminal);
  return { code, out: terminal.lines.join('\n'), notes: terminal.notes.join('\n') };
}

// Read with `openssl x509 -text`.
const CERTIFICATES = [
  { file: 'nrcac-rootca.pem', subject: 'CN=ROOTCA,O=NRCAC,C=CN', issuer: 'CN=ROOTCA,O=NRCAC,C=CN', serial: '69e2fec0170ac67b', until: '2042-07-07', deviation: 'X509_BASIC_CONSTRAINTS_NOT_CRITICAL' },
  { file: 'nrcac-civil-servant-root.pem', subject: 'CN=Civil Servant ROOT,O=NRCAC,C=CN', issuer: 'CN=Civil Servant ROOT,O=NRCAC,C=CN', serial: '11d64c304b7f501e9a0650a508fac774', until: '2044-07-07', deviation: 'X509_KEY_USAGE_NOT_CRITICAL' },
  { file: 'bjca-sm2-ca.pem', subject: 'CN=Beijing SM2 CA,OU=BJCA,O=BJCA,C=CN', issuer: 'CN=ROOTCA,O=NRCAC,C=CN', serial: '75dfc8554a8c03ab35cf59e8b8613b9e', until: '2033-01-11', deviation: 'X509_CRL_LOCATION_DIRECTORY_NAME_ONLY' },
  { file: 'sheca-sm2-ca.pem', subject: 'CN=SHECA SM2,O=UniTrust,C=CN', issuer: 'CN=ROOTCA,O=NRCAC,C=CN', serial: '2da1a6bd0ce76c624e634b7d6a29d02a', until: '2033-09-08', deviation: 'X509_SM2_PARAMETERS_NULL' },
  { file: 'explicit-curve-parameters.pem', subject: '电子印章平台', issuer: '电子印章平台', serial: '3a61ad4b2a154b85', until: '2031-12-31', deviation: 'X509_EXPLICIT_CURVE_PARAMETERS' },
] as const;

describe.skipIf(!present)('hefu cert explains certificates of real CAs', () => {
  const at = ['--at', '2026-06-01T00:00:00Z', '--offline'];

  it.each(CERTIFICATES.map((row) => [row.file, row] as const))('%s, as JSON', async (file, row) => {
    const { code, out, notes } = await hefu('cert', resolve(FOLDER, file), ...at, '--json');
    expect([code, notes]).toEqual([0, '']);
    const text = JSON.stringify(JSON.parse(out));
    for (const fact of [row.subject, row.issuer, row.serial, row.until, row.deviation, 'SM2']) expect(text).toContain(fact);
  });

  it.each(CERTIFICATES.map((row) => [row.file, row] as const))('%s, for people in both languages', async (file, row) => {
    const texts: string[] = [];
    for (const lang of ['zh', 'en']) {
      const { code, out, notes } = await hefu('cert', resolve(FOLDER, file), ...at, '--lang', lang);
      expect([code, notes]).toEqual([0, '']);
      for (const fact of [row.serial, row.until]) expect(out.toLowerCase()).toContain(fact);
      // A column holds one half of a Chinese character.
      for (const line of out.split('\n')) expect([...line].reduce((width, character) => width + (/[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6]/.test(character) ? 2 : 1), 0)).toBeLessThanOrEqual(80);
      texts.push(out);
    }
    expect(texts[0]).toMatch(/\p{Script=Han}{4}/u);
    expect(texts[0]).not.toBe(texts[1]);
  });

  it('says so when a file holds no certificate', async () => {
    const { code, out, notes } = await hefu('cert', resolve(import.meta.dirname, 'real-ca.test.ts'), ...at, '--json');
    expect(code).toBe(3);
    expect(JSON.parse(out)).toMatchObject({ error: { code: expect.any(String) } });
    expect(notes).not.toBe('');
  });
});
