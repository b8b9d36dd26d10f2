import { readFile, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import type { Alert, ProbeAssessment, ProbeFacts } from '@hefu/updater';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { run, writtenWorld, type WrittenWorld } from './support.js';

type Row = ProbeFacts & ProbeAssessment;
let world: WrittenWorld;
let list: readonly string[];
const crl = '/crl/chujiang.crl';

beforeAll(async () => {
  world = await writtenWorld('probe', Date.now());
  list = ['--list', world.file('list', 'current.json'), '--signers', world.file('list', 'role.json')];
});
afterEach(() => world.served.setFault(crl, undefined));
afterAll(() => world.close());

const rows = (out: string): readonly Row[] => (JSON.parse(out) as { readonly endpoints: readonly Row[] }).endpoints;
const alerts = (out: string): readonly Alert[] => out.trim().split('\n').filter((line) => line !== '').map((line) => JSON.parse(line) as Alert);

test('every address of the list: who signed, until when; a fault is found', async () => {
  const healthy = await run(['probe', ...list, '--json']);
  expect([healthy.err, rows(healthy.out).filter(({ outcome }) => outcome === 'failed')]).toEqual(['', []]);
  const row = rows(healthy.out).find(({ url }) => url.endsWith(crl))!;
  expect(row).toMatchObject({ kind: 'crl', outcome: 'passed', crl: { authority: 'issuer' }, status: 200 });
  expect(row.margin).toBeGreaterThan(0);
  world.served.setFault(crl, 'error');
  const broken = await run(['probe', ...list, '--json']);
  expect(broken.code).toBe(1);
  expect(rows(broken.out).find(({ url }) => url.endsWith(crl))).toMatchObject({ outcome: 'failed', findings: [{ code: 'ENDPOINT_FAILED' }] });
  const text = await run(['probe', ...list, '--lang', 'zh']);
  expect(text.out).toContain('[ENDPOINT_FAILED]');
});

test('addresses by hand: another CA\'s certificate, none at all, an address of a stranger', async () => {
  const { baseUrl, world: made } = world.served;
  const pem = async (id: string): Promise<string> => {
    const path = join(world.parent, `${id}.cer`);
    await writeFile(path, made.authorities.find((authority) => authority.id === id)!.issuers[0]!.certificate);
    return path;
  };
  const other = made.authorities.find(({ id }) => id !== 'chujiang')!.id;
  const probe = async (...args: readonly string[]) => {
    const { code, out } = await run(['probe', ...args, '--json']);
    return [code, rows(out)[0]!.findings.map((finding) => finding.code)];
  };
  expect(await probe('--crl', baseUrl + crl, '--issuer', await pem('chujiang'))).toEqual([0, []]);
  expect(await probe('--crl', baseUrl + crl, '--issuer', await pem(other))).toEqual([1, ['WRONG_ISSUER']]);
  expect(await probe('--crl', baseUrl + crl)).toEqual([2, ['AUTHORITY_UNKNOWN']]);
  expect(await probe('--crl', 'ldap://ca.example/')).toEqual([1, ['ENDPOINT_REFUSED']]);
  expect(await probe('--tsa', `${baseUrl}/list/role.json`)).toEqual([1, ['ENDPOINT_FAILED']]);
  expect((await run(['probe'])).code).toBe(3);
});

test('watch tells a fault once over several runs, and that it is over; the webhook gets the same, signed', async () => {
  const posted: { readonly body: string; readonly signature: string }[] = [];
  const server = createServer((request, response) => {
    let body = '';
    request.setEncoding('utf8').on('data', (chunk: string) => void (body += chunk)).on('end', () => {
      posted.push({ body, signature: String(request.headers['hefu-signature']) });
      response.writeHead(204).end();
    });
  });
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
  try {
    const args = ['watch', ...list, '--state', join(world.parent, 'watch'), '--once', '--failures', '2', '--log', join(world.parent, 'alerts.log'), '--webhook', `http://127.0.0.1:${(server.address() as AddressInfo).port}/`, '--json'];
    const once = async () => {
      const outcome = await run(args, { env: { HEFU_WEBHOOK_SECRET: 'test secret' } });
      expect([outcome.code, outcome.err]).toEqual([0, '']);
      return alerts(outcome.out).filter(({ code }) => code === 'ENDPOINT_DOWN').map(({ state, subject }) => `${state} ${subject.includes(crl)}`);
    };
    expect(await once()).toEqual([]);
    world.served.setFault(crl, 'error');
    expect([await once(), (await once()).length > 0, await once()]).toEqual([[], true, []]);
    world.served.setFault(crl, undefined);
    expect(new Set(await once())).toEqual(new Set(['resolved true']));
    const logged = alerts(await readFile(join(world.parent, 'alerts.log'), 'utf8'));
    expect(posted.map(({ body }) => JSON.parse(body) as Alert)).toEqual(logged);
    expect(posted.every(({ signature }) => /^t=\d+,v1=[0-9a-f]{64}$/.test(signature))).toBe(true);
  } finally {
    server.close();
  }
});

test('watch refuses what it cannot do', async () => {
  const args = ['watch', ...list, '--state', join(world.parent, 'watch2'), '--once'];
  expect((await run([...args, '--interval', '0'])).code).toBe(3);
  expect((await run([...args, '--webhook', 'http://example.com/'])).code).toBe(3);
  expect((await run([...args, '--signers', world.file('list', 'current.json')])).code).toBe(3);
});
