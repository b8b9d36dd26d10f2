import { copyFile, cp, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { formatName, parseCertificate, parseCertificateList } from '@hefu/pki';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { run, writtenWorld, type WrittenWorld } from './support.js';

// Runs every command of the guide on evidence bundles, in order. Files are found in one folder.
const GUIDES = ['evidence-bundles.md', 'evidence-bundles.zh-CN.md'];
const commandsOf = async (name: string): Promise<readonly string[]> => {
  const text = await readFile(join(import.meta.dirname, '../../../docs', name), 'utf8');
  return [...text.matchAll(/```sh\n([\s\S]*?)```/g)].flatMap(([, block]) => block!.trim().split('\n'));
};
let world: WrittenWorld;
const at = (name: string): string => join(world.parent, name);

beforeAll(async () => {
  world = await writtenWorld('evidence-guide', Date.now());
  const { world: made } = world.served;
  const copies: Readonly<Record<string, string>> = { 'bid.txt': 'bid.txt', 'bid.p7s': 'bid.p7s' };
  await Promise.all(Object.entries(copies).map(([name, from]) => copyFile(world.file('scenario', 'good-qinghe', from), at(name))));
  await copyFile(world.file('list', 'current.json'), at('list.json'));
  await copyFile(world.file('list', 'role.json'), at('role.json'));
  await copyFile(world.file('scheme', 'fingerprint.txt'), at('fingerprint.txt'));
  await cp(world.file('scheme'), at('trust'), { recursive: true });
  const platform = made.companies.find(({ sign }) => sign.key.kind === 'P-256')!;
  await copyFile(world.file('company', platform.id, 'sign.key.pem'), at('platform.key'));
  await copyFile(world.file('company', platform.id, 'sign.cer'), at('platform.pem'));
  const unit = made.timestampAuthorities.find(({ id }) => id === 'p256')!;
  const issuer = formatName(parseCertificate(unit.certificate).issuer);
  const crl = [...made.crls.values()].find((bytes) => formatName(parseCertificateList(bytes).issuer) === issuer)!;
  await writeFile(at('tsa.crl'), crl);
  await writeFile(at('bids.json'), JSON.stringify(['B-001', 'B-002'].map((id) => ({ id, file: 'bid.txt', signature: 'bid.p7s' }))));
  await writeFile(at('roles.json'), JSON.stringify([{ role: '企业公章', subjectType: 'organization' }]));
});
afterAll(() => world?.close());

it('the guides give the same commands', async () => {
  const [english, chinese] = await Promise.all(GUIDES.map(commandsOf));
  expect(chinese).toEqual(english);
});

it('every command of the guide does its part', async () => {
  const inFolder = (word: string): string => (/^(?:[\w-]+\.)+(?:zip|txt|p7s|json|crl|key|pem|html|pdf|jws)$|^trust$/.test(word) ? at(word) : word.replace('$TSA', `${world.served.baseUrl}/tsa/p256`));
  const commands = await commandsOf(GUIDES[0]!);
  for (const line of commands) {
    const [hefu, ...args] = line.split(' ');
    expect(hefu).toBe('hefu');
    const result = await run(args.map(inFolder));
    expect([result.code, result.err], `${line}\n${result.out}`).toEqual([0, expect.stringMatching(/^(?:hefu: (?:note|注意).*not protected.*\s*)?$|passphrase/s)]);
  }
  expect(commands.length).toBeGreaterThan(18);
  expect((await readFile(at('report.pdf'))).subarray(0, 5).toString()).toBe('%PDF-');
}, 300_000);
