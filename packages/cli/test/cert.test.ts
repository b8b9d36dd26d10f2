import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { textWidth, type CertificateExplanation } from '@hefu/verify';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { AT, run, writtenWorld, type WrittenWorld } from './support.js';

const REAL = join(process.env['HEFU_VECTORS'] ?? fileURLToPath(new URL('../../../../shared/vectors/', import.meta.url)), 'real-ca');
const real = existsSync(REAL) ? readdirSync(REAL).filter((name) => name.endsWith('.pem')) : [];
if (real.length === 0) console.warn('SKIPPED: hefu cert on certificates of real CAs: no vectors (HEFU_VECTORS)');

let world: WrittenWorld;
beforeAll(async () => {
  world = await writtenWorld('cli-cert');
});
afterAll(() => world?.close());

const listed = (): readonly string[] => ['--list', world.file('list', 'current.json'), '--signers', world.file('list', 'role.json'), '--at', AT];
const explained = async (args: readonly string[]): Promise<CertificateExplanation> => {
  const { code, out } = await run(['cert', ...args, '--json']);
  expect(code).toBe(0);
  return JSON.parse(out) as CertificateExplanation;
};
const errorOf = (out: string): { code: string; detected?: string; message: { zh: string; en: string } } => (JSON.parse(out) as { error: never }).error;

describe('a certificate', () => {
  it.each(['zh', 'en'])('of the world is explained in 80 columns in %s, whichever it is', async (lang) => {
    const files = [...readdirSync(world.file('ca')).map((name) => ['ca', name]), ...readdirSync(world.file('company')).flatMap((id) => [['company', id, 'sign.cer'], ['company', id, 'encrypt.pem']])];
    expect(files.length).toBeGreaterThan(60);
    for (const path of files) {
      const { code, out, err } = await run(['cert', world.file(...path), '--at', AT, '--lang', lang]);
      expect({ path, code, err }).toEqual({ path, code: 0, err: '' });
      for (const line of out.split('\n')) expect(textWidth(line)).toBeLessThanOrEqual(80);
    }
  });

  it.skipIf(real.length === 0).each(real)('of a real CA, %s, is explained', async (name) => {
    const explanation = await explained([join(REAL, name)]);
    expect(explanation.isCa).toBe(true);
    expect(explanation.services).toEqual([]);
    const { code, out } = await run(['cert', join(REAL, name), '--lang', 'zh']);
    expect(code).toBe(0);
    expect(out).toContain('证书');
    for (const line of out.split('\n')) expect(textWidth(line)).toBeLessThanOrEqual(80);
  });

  it('names the holder with the evidence, and the listed service it chains to', async () => {
    const { signer, expected } = world.story('good-qinghe');
    const sign = await explained([world.file('company', signer, 'sign.pem'), ...listed()]);
    const uscc = expected.stage === 'judge' ? expected.identity?.uscc : undefined;
    expect(sign.identity.uscc).toBe(uscc);
    expect(sign.identity.evidence).toContainEqual(expect.objectContaining({ field: 'uscc', value: uscc, source: 'ext 1.2.156.10260.4.1.4' }));
    expect(sign.services.map(({ id }) => id)).toEqual(['urn:hefu:sandbox:svc:chujiang']);
    expect(sign.kind).toBe('sign');
    expect(sign.path.length).toBeGreaterThan(1);
    expect((await explained([world.file('company', signer, 'encrypt.pem'), ...listed()])).kind).toBe('encrypt');
  });

  it('of a CA that is not listed chains to none, and is told why', async () => {
    const leaf = world.file('company', world.story('unlisted-ca').signer, 'sign.pem');
    const alone = await explained([leaf, ...listed()]);
    expect(alone.services).toEqual([]);
    expect(alone.reason?.remedy.zh).toMatch(/[一-鿿]/);
    const chain = join(world.parent, 'unlisted.pem');
    await writeFile(chain, readFileSync(leaf, 'utf8') + readFileSync(world.file('ca', 'yehe-2021.pem'), 'utf8'));
    const withIssuer = await explained([chain, ...listed()]);
    expect(withIssuer.services).toEqual([]);
    expect(withIssuer.reason?.code).toBe('ISSUER_NOT_LISTED');
  });

  it('shows where it leaves the standard, with the reason', async () => {
    const company = world.served.world.companies.find(({ authority }) => authority.id === 'mingze')!.id;
    const { deviations } = await explained([world.file('company', company, 'sign.pem')]);
    expect(deviations.length).toBeGreaterThan(0);
    const { out } = await run(['cert', world.file('company', company, 'sign.pem'), '--lang', 'en']);
    expect(out).toMatch(/Where it leaves the standard[\s\S]*· \S/);
    expect((await explained([world.file('ca', 'national-root.pem')])).deviations.map(({ id }) => id)).not.toEqual(deviations.map(({ id }) => id));
  });

  it('is judged at the time given', async () => {
    const file = world.file('company', 'qinghe', 'sign.pem');
    expect((await explained([file, '--at', AT])).validAt.within).toBe(true);
    expect((await explained([file, '--at', '2036-01-01T00:00:00Z'])).validAt.within).toBe(false);
  });

  it('may come with its issuers in one file', async () => {
    const file = join(world.parent, 'chain.pem');
    await writeFile(file, readFileSync(world.file('company', 'qinghe', 'sign.pem'), 'utf8') + readFileSync(world.file('ca', 'chujiang-2021.pem'), 'utf8'));
    const { code, out, err } = await run(['cert', file, '--json']);
    expect(code).toBe(0);
    expect((JSON.parse(out) as CertificateExplanation).isCa).toBe(false);
    expect(err).toContain('1 further certificate');
  });
});

describe('what is no certificate is called by its name', () => {
  it.each([
    ['crl/chujiang.crl', 'WRONG_STRUCTURE', 'crl', '吊销列表', 'CRL'],
    ['scenario/accepted-420100/bid.p7s', 'WRONG_STRUCTURE', 'signed-data', '签名报文', 'signed message'],
    ['company/qinghe/sign.key.pem', 'PEM_WRONG_LABEL', 'PRIVATE KEY', '私钥', 'private key'],
    ['list/current.json', 'PEM_INVALID', 'json', 'JSON', 'JSON'],
    ['scenario/accepted-420100/bid.txt', 'PEM_INVALID', 'text', '普通文本', 'plain text'],
  ])('%s', async (path, code, detected, zh, en) => {
    const { code: exit, out } = await run(['cert', world.file(path), '--json']);
    expect(exit).toBe(3);
    const error = errorOf(out);
    expect(error).toMatchObject({ code, detected });
    expect(error.message.zh).toContain(zh);
    expect(error.message.en).toContain(en);
    for (const lang of ['zh', 'en']) {
      const text = await run(['cert', world.file(path), '--lang', lang]);
      expect(text).toMatchObject({ code: 3, out: '' });
      expect(text.err).toContain(`[${code}]`);
    }
  });

  it('a missing file, a folder and no argument', async () => {
    expect(errorOf((await run(['cert', world.file('none.pem'), '--json'])).out).code).toBe('FILE_NOT_FOUND');
    expect(errorOf((await run(['cert', world.file('ca'), '--json'])).out).code).toBe('FILE_UNREADABLE');
    expect(errorOf((await run(['cert', '--json'])).out).code).toBe('USAGE');
    expect(errorOf((await run(['cert', world.file('ca/national-root.pem'), '--list', world.file('list/current.json'), '--json'])).out).code).toBe('USAGE');
  });
});
