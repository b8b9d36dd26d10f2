import { createServer } from 'node:http';
import { cp, readFile, writeFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { party } from '../exchange/tl-fixture.js';
import { run } from '../support.js';
import { beginScheme, office, readJsonFile, type Json, type Office } from './people.js';

let o: Office;
let fingerprint: string;
const DAY1 = '2026-06-01T00:00:00Z';
const DAY2 = '2026-06-02T00:00:00Z';
const at = (day: string): readonly string[] => ['--at', day];
const code = async (args: readonly string[]): Promise<readonly [number, string]> => {
  const { code: exit, json } = await o.list(args);
  return [exit, (json.error?.code ?? json.outcome) as string];
};

beforeAll(async () => {
  o = await office();
  for (const name of ['one', 'two']) await writeFile(o.file(`${name}.pem`), (await party(`CN=CA ${name}, O=${name}, C=CN`, { ca: true })).pem);
  await beginScheme(o, DAY1);
  fingerprint = (await o.list(['key', 'list'])).json.fingerprint.sha256 as string;
});
afterAll(() => o?.close());

describe('a published folder that was damaged', () => {
  const published = (...path: readonly string[]): string => o.file('trust', 'published', ...path);
  const payloadOf = async (path: string): Promise<Json> => JSON.parse(Buffer.from((await readJsonFile(path)).payload as string, 'base64url').toString());
  const again = async (path: string, change: (payload: string) => string): Promise<string> => {
    const envelope = await readJsonFile(path);
    return JSON.stringify({ ...envelope, payload: Buffer.from(change(Buffer.from(envelope.payload as string, 'base64url').toString())).toString('base64url') });
  };

  it.each([
    ['HTML with status 200', ['42', '1.json'], async () => '<!doctype html><title>Log in</title>'],
    ['cut off', ['42', '1.json'], async (path: string) => (await readFile(path, 'utf8')).slice(0, -100)],
    ['a payload nobody signed', ['42', '1.json'], (path: string) => again(path, (text) => text.replace('42*', '43*'))],
    ['of 50 MB', ['42', '1.json'], async () => 'x'.repeat(50_000_000)],
    ['a root with a key listed twice', ['1.root.json'], (path: string) => again(path, (text) => JSON.stringify({ ...JSON.parse(text), keys: [...JSON.parse(text).keys, JSON.parse(text).keys[0]] }))],
    ['duplicate members', ['1.root.json'], (path: string) => again(path, (text) => text.replace('{', '{"type":"root",'))],
    ['freshness of another time', ['freshness.json'], (path: string) => again(path, (text) => text.replace('"version":1', '"version":2'))],
  ] as const)('%s: refused with a code of its own, and the good one stays', async (_what, path, damage) => {
    const copy = o.file('copy');
    await cp(published(), copy, { recursive: true, force: true });
    await writeFile(o.file('copy', ...path), await damage(published(...path)));
    const refused = await o.list(['verify', copy, '--fingerprint', fingerprint, ...at(DAY1)]);
    expect(refused.code).not.toBe(0);
    expect(refused.json.error).toMatchObject({ code: expect.stringMatching(/^TL_/) as string, message: { zh: expect.any(String) as string, en: expect.any(String) as string }, remedy: { zh: expect.any(String) as string } });
    expect((await o.list(['verify', published(), '--fingerprint', fingerprint, ...at(DAY1)])).code).toBe(0);
  });

  it('over HTTP: the same verdict, a login page is no list, and a server that is down does not hide a root', async () => {
    let answer: 'files' | 'html' | 'down' = 'files';
    const server = createServer((request, response) => {
      if (answer === 'down' && request.url === '/2.root.json') response.writeHead(503).end();
      else if (answer === 'html' && request.url === '/42/1.json') response.end('<html>Log in</html>');
      else readFile(published(...request.url!.slice(1).split('/'))).then((file) => response.end(file), () => response.writeHead(404).end());
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    try {
      const verify = () => code(['verify', `http://127.0.0.1:${(server.address() as { port: number }).port}`, '--fingerprint', fingerprint, ...at(DAY1)]);
      expect(await verify()).toEqual([0, 'verified']);
      answer = 'html';
      expect(await verify()).toEqual([1, expect.stringMatching(/^TL_/)]);
      answer = 'down';
      expect(await verify()).toEqual([3, 'HTTP_STATUS']);
    } finally {
      server.close();
      server.closeAllConnections();
    }
    expect(await code(['verify', 'http://127.0.0.1:9/', '--fingerprint', fingerprint, ...at(DAY1)])).toEqual([3, expect.any(String)]);
  });

  it('a list of the future is not taken', async () => {
    expect((await payloadOf(published('42', '1.json'))).sequence).toBe(1);
    expect((await o.list(['verify', published(), '--fingerprint', fingerprint, '--at', '2026-01-01T00:00:00Z'])).json).toMatchObject({ error: { code: expect.stringMatching(/TL_ISSUED_IN_FUTURE|CLOCK_BEHIND/) as string } });
  });
});

describe('edits and proposals that cannot be', () => {
  it.each([
    [['resume', 'urn:one'], 1, 'EDIT_TRANSITION'],
    [['suspend', 'urn:none'], 1, 'EDIT_NOT_FOUND'],
    [['suspend', 'urn:one', '--since', '2026-01-01T00:00:00Z'], 1, 'EDIT_BACKDATED'],
    [['suspend', 'urn:one', '--since', 'yesterday'], 3, 'USAGE'],
    [['suspend', 'urn:one', '--list', '9999'], 1, 'LIST_UNKNOWN'],
    [['scope', 'urn:one', '--region', 'Wuhan'], 3, 'USAGE'],
    [['propose', '--author', 'a', '-m', 'b'], 1, 'NO_DRAFT'],
    [['approve', 'list-42-9'], 1, 'PROPOSAL_NOT_FOUND'],
    [['approve', '../../etc/passwd'], 1, 'PROPOSAL_NOT_FOUND'],
    [['diff', '--from', '7', '--to', '1'], 1, 'VERSION_UNKNOWN'],
    [['key', 'revoke', 'AAAAAAAA'], 1, 'KEY_UNKNOWN'],
    [['publish', '--key', 'pkcs11:token=x;object=y'], 3, 'PKCS11_UNAVAILABLE'],
    [['publish', '--key', 'pkcs11:token=x;object=y?module-path=/nowhere.so'], 3, 'PKCS11_UNAVAILABLE'],
    [['publish', '--key', 'pkcs11:token=x;object=y?pin-value=1234'], 3, 'KEY_URI_INVALID'],
    [['publish'], 3, 'USAGE'],
    [['peer', 'remove', 'urn:x'], 1, 'EDIT_NOT_FOUND'],
    [['impact', 'urn:one', '--archive', '/nowhere.json'], 3, 'FILE_NOT_FOUND'],
  ] as const)('%j', async (args, exit, expected) => {
    expect(await code([...args, ...at(DAY2)])).toEqual([exit, expected]);
  });

  it('says so in both languages, in one sentence with a remedy', async () => {
    for (const [lang, words] of [['zh', ['不能改为', '怎么办']], ['en', ['does not follow', 'what to do']]] as const) {
      const { out, err } = await run(['list', 'resume', 'urn:one', '-C', o.tree, '--lang', lang]);
      expect(out).toBe('');
      for (const word of words) expect(err).toContain(word);
    }
  });

  it('a tree elsewhere, or none', async () => {
    expect(await run(['list', 'lint', '-C', o.file('none'), '--json'])).toMatchObject({ code: 3, out: expect.stringContaining('WORKSPACE_NOT_FOUND') as string });
  });

  it('a delegation is narrowed and never widened; a key the province signs with is seen by lint', async () => {
    expect((await o.list(['delegate', 'add', '4201', '--name', '市名单', '--key', o.file('bo.pub.json'), '--region', '4201*', '--threshold', '1', ...at(DAY2)])).json).toMatchObject({ outcome: 'edited' });
    expect(await code(['delegate', 'narrow', '4201', '--region', '42*', ...at(DAY2)])).toEqual([1, 'EDIT_WIDENS']);
    expect(await code(['delegate', 'narrow', '4201', '--region', '420102', ...at(DAY2)])).toEqual([0, 'edited']);
    expect(await code(['delegate', 'add', '43', '--name', '邻省', '--key', o.file('spare.pub.json'), '--region', '43*', ...at(DAY2)])).toEqual([1, 'EDIT_INVALID']);
    const lint = await o.list(['lint', ...at(DAY2)]);
    expect([lint.code, lint.json.findings.map(({ rule }: Json) => rule)]).toEqual([1, expect.arrayContaining(['L080']) as unknown]);
    expect(await code(['propose', '--author', 'a', '-m', 'b', ...at(DAY2)])).toEqual([1, 'LINT_ERRORS']);
    expect(await code(['propose', '--discard', '--yes'])).toEqual([0, 'discarded']);
  });

  it('history that was rewritten by hand, and a draft begun on another list, do not get out', async () => {
    const draft = o.file('trust', 'draft', 'list', '42.json');
    await o.list(['suspend', 'urn:one', ...at(DAY2)]);
    const document = await readJsonFile(draft);
    await writeFile(draft, JSON.stringify({ ...document, services: document.services.map((each: Json) => ({ ...each, status: [{ status: 'granted', since: '2026-05-20T00:00:00Z', recorded: 1 }] })) }));
    expect((await o.list(['propose', '--author', 'a', '-m', 'b', ...at(DAY2)])).json.error).toMatchObject({ code: 'LINT_ERRORS', details: expect.arrayContaining([expect.stringContaining('L004')]) as unknown });
    expect(await code(['propose', '--author', 'a', '-m', 'b', '--accept', 'L004', ...at(DAY2)])).toEqual([0, 'proposed']);
    for (const name of ['ann', 'bo']) await o.list(['approve', 'list-42-2', ...o.key(name), '--yes', ...at(DAY2)]);
    expect(await code(['publish', ...o.key('online'), '--yes', ...at(DAY2)])).toEqual([1, 'NOT_A_SUCCESSOR']);
    await o.list(['propose', '--retract', 'list-42-2', '--yes']);
    await writeFile(draft, JSON.stringify({ ...document, sequence: 9 }));
    expect(await code(['resume', 'urn:one', ...at(DAY2)])).toEqual([1, 'DRAFT_OUTDATED']);
    await writeFile(draft, '{"type":"list","type":"list"}');
    expect(await code(['resume', 'urn:one', ...at(DAY2)])).toEqual([3, 'TL_DUPLICATE_MEMBER']);
    await o.list(['propose', '--discard', '--yes']);
  });

  it('an event that reaches back asks for one more approver', async () => {
    await o.list(['suspend', 'urn:one', '--since', '2026-05-01T00:00:00Z', '--reason', 'r', '--ref', 'n', ...at(DAY2)]);
    const proposed = await o.list(['propose', '--author', 'a', '-m', 'b', ...at(DAY2)]);
    expect(proposed.json).toMatchObject({ requirements: [{ code: 'BACKDATED_EVENT' }], approvals: [{ missing: { people: 3 } }] });
    for (const name of ['ann', 'bo']) await o.list(['approve', 'list-42-2', ...o.key(name), '--yes', ...at(DAY2)]);
    expect(await code(['publish', ...o.key('online'), '--yes', ...at(DAY2)])).toEqual([1, 'APPROVALS_MISSING']);
  });

  it('a proposal that says one thing and holds another is not signed by mistake', async () => {
    const path = o.file('trust', 'proposals', 'list-42-2.json');
    const honest = await readFile(path, 'utf8');
    const { payload } = JSON.parse(honest) as { payload: string };
    const text = Buffer.from(payload, 'base64url').toString();
    // Somebody swaps the octets behind the words while the approver reads: the prompt is where he reads.
    const swapped = JSON.stringify({ ...JSON.parse(honest), payload: Buffer.from(text.replace('"42*"', '"*"')).toString('base64url'), signatures: [] });
    const approved = await run(['list', 'approve', 'list-42-2', ...o.key('cai'), '-C', o.tree, '--json', ...at(DAY2)], { ask: async () => writeFile(path, swapped).then(() => 'yes') });
    expect([approved.code, JSON.parse(approved.out)]).toMatchObject([3, { error: { code: 'WORKSPACE_CHANGED' } }]);
    expect(await readFile(path, 'utf8')).toBe(swapped);
    await writeFile(path, honest);
  });

  it('an approver without the tree signs the file, against the very list it follows', async () => {
    const path = o.file('sent.json');
    await cp(o.file('trust', 'proposals', 'list-42-2.json'), path);
    const base = ['--base', o.file('trust', 'published', '42', '1.json')];
    expect(await code(['sign', path, ...o.key('cai'), '--yes'])).toEqual([3, 'USAGE']);
    expect(await code(['sign', path, ...o.key('cai'), '--base', o.file('trust', 'published', '1.root.json'), '--yes'])).toEqual([1, 'BASE_MOVED']);
    expect(await code(['sign', path, ...o.key('cai'), ...base, '--yes', ...at(DAY2)])).toEqual([0, 'signed']);
    expect(await code(['sign', path, '--payload', o.file('octets')])).toEqual([0, 'written']);
    expect(Buffer.from((await readJsonFile(path)).payload as string, 'base64url').equals(await readFile(o.file('octets')))).toBe(true);
    await cp(path, o.file('trust', 'proposals', 'list-42-2.json'));
    expect((await o.list(['publish', ...o.key('online'), '--yes', ...at(DAY2)])).json).toMatchObject({ outcome: 'published' });
  });
});
