import { fork, type ChildProcess } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ServedWorld } from '../../sandbox/src/index.js';
import { createVerifier } from '../src/create-verifier.js';
import { nodeFetcher } from '../src/http-fetcher.js';
import { bundled } from './bundled.js';

const SANDBOX = new URL('../../sandbox/dist/index.js', import.meta.url);
const built = existsSync(SANDBOX);
if (!built) console.warn('SKIPPED: verifiers at one cache: packages/sandbox is not built (tsc -b)');
const T = Date.UTC(2026, 5, 1, 8);

describe.skipIf(!built)('verifiers and updates at once', () => {
  let served: ServedWorld;
  let folder: string;
  let lists: readonly { readonly envelope: Uint8Array; readonly at: number }[];
  let at: number;

  beforeAll(async () => {
    const { startSandbox } = (await import(SANDBOX.href)) as typeof import('../../sandbox/src/index.js');
    served = await startSandbox({ seed: 'node-concurrent', at: T });
    folder = await mkdtemp(join(tmpdir(), 'hefu-concurrent-'));
    // A story in which one list follows another.
    const story = served.world.scenarios.find((each) => each.expected.stage === 'judge' && each.lists.length === 2)!;
    lists = story.lists;
    at = story.at;
  });
  afterAll(async () => {
    await served?.close();
    await rm(folder, { recursive: true, force: true });
  });

  const putList = async (index: number): Promise<string> => {
    const path = join(folder, 'list.json');
    await writeFile(`${path}.new`, lists[index]!.envelope);
    await rename(`${path}.new`, path);
    return path;
  };

  it('two processes update one cache directory: neither goes back, and what is left loads', async () => {
    const path = await putList(0);
    const [role, cacheDir] = [join(folder, 'role.json'), join(folder, 'cache')];
    await writeFile(role, JSON.stringify(served.world.listRole));
    const user = await bundled('cache-user.mjs', folder);
    const heard = new Map<ChildProcess, number[]>();
    const gone: Promise<number | null>[] = [];
    for (let index = 0; index < 2; index++) {
      const child = fork(user, [path, role, cacheDir, String(at)], { stdio: ['ignore', 'ignore', 'inherit', 'ipc'] });
      const sequences: number[] = [];
      heard.set(child, sequences);
      child.on('message', (sequence) => sequences.push(Number(sequence)));
      gone.push(new Promise((resolve) => child.once('exit', resolve)));
    }
    const everyone = (done: (sequences: readonly number[]) => boolean): Promise<void> => expect.poll(() => [...heard.values()].every(done)).toBe(true);
    await everyone((sequences) => sequences.length > 6);
    await putList(1);
    const [first] = [...heard.values()][0]!;
    await everyone((sequences) => sequences.filter((sequence) => sequence > first!).length > 6);
    // None of them ended by itself, as it would have if a list had gone back.
    expect([...heard.keys()].map(({ exitCode }) => exitCode)).toEqual([null, null]);
    for (const child of heard.keys()) child.kill('SIGKILL');
    await Promise.all(gone);
    // The older list again, over the cache they left: the newer one stays.
    const after = await createVerifier({ trustList: { path: await putList(0) }, role: served.world.listRole, clock: { now: () => at }, cacheDir, online: false });
    expect(after.trustList.sequence).toBeGreaterThan(first!);
    after.close();
  });

  it('an update in the middle of a verification leaves that one the list it began with', async () => {
    const path = await putList(0);
    const real = nodeFetcher();
    let release = (): void => undefined;
    const asked = { yes: false };
    const held = new Promise<void>((resolve) => (release = resolve));
    const verifier = await createVerifier({
      trustList: { path }, role: served.world.listRole, clock: { now: () => at },
      fetcher: { fetch: async (request) => ((asked.yes = true), await held, real.fetch(request)) },
    });
    const good = served.world.scenarios.find(({ id }) => id === 'good-qinghe')!;
    const { region, transaction } = good.context;
    const request = { signature: good.signature, content: good.content, region, transaction };
    const under = verifier.trustList.sequence;
    const verifying = verifier.verify(request);
    await expect.poll(() => asked.yes).toBe(true);
    await putList(1);
    await verifier.refresh();
    expect(verifier.trustList.sequence).toBeGreaterThan(under);
    release();
    expect((await verifying).trustList?.sequence).toBe(under);
    expect((await verifier.verify(request)).trustList?.sequence).toBe(verifier.trustList.sequence);
    verifier.close();
  });
});
