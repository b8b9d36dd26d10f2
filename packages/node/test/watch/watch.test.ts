import { createHmac } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { memoryStore, type Alert, type HealthFacts } from '@hefu/updater';
import { afterEach, expect, test } from 'vitest';
import { alertFile, fileStore, nodeFetcher, watch, webhook, type AlertSink, type WatchOptions } from '../../src/index.js';
import { faultServer, type FaultServer } from '../fault-server.js';

const T = Date.UTC(2026, 0, 1);
const DAY = 86_400_000;
const closing: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

async function server(): Promise<FaultServer> {
  const started = await faultServer();
  closing.push(() => started.close());
  return started;
}
async function folder(): Promise<string> {
  const made = await mkdtemp(join(tmpdir(), 'hefu-watch-'));
  closing.push(() => rm(made, { recursive: true, force: true }));
  return made;
}

/** A clock that only sleeping moves. */
function virtual(at = T): { at: number; now: () => number; sleep: WatchOptions['sleep'] } {
  const clock = { at, now: () => clock.at, sleep: async (ms: number) => void (clock.at += ms) };
  return clock;
}
const endpoint = (ok: boolean): HealthFacts => ({ expiring: [], endpoints: [{ kind: 'crl', url: 'http://ca.example/a.crl', ok }], equivocations: [], renewals: [] });
const keeping = (): AlertSink & { readonly got: Alert[] } => {
  const got: Alert[] = [];
  return { name: 'kept', got, deliver: async (alert) => void got.push(alert) };
};

test('a restart tells nothing twice; a reset state tells it again', async () => {
  const store = fileStore(await folder());
  const clock = virtual();
  const sink = keeping();
  const base = { observe: async () => endpoint(false), sinks: [sink], store, clock, sleep: clock.sleep, signal: new AbortController().signal, intervalMs: 60_000 };
  await watch({ ...base, rounds: 4 });
  await watch({ ...base, rounds: 4 });
  expect(sink.got.map(({ code, state }) => [code, state])).toEqual([['ENDPOINT_DOWN', 'raised']]);
  await watch({ ...base, observe: async () => endpoint(true), rounds: 1 });
  expect(sink.got.at(-1)).toMatchObject({ state: 'resolved' });
});

test('a webhook that fails is tried again with growing waits, in order, over a restart, and signs what it sends', async () => {
  const { origin, on } = await server();
  const got: { readonly body: string; readonly signature: string; readonly delivery: string }[] = [];
  let failing = true;
  on('/hook?token=path-secret', (request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      if (!failing) got.push({ body: Buffer.concat(chunks).toString(), signature: String(request.headers['hefu-signature']), delivery: String(request.headers['hefu-delivery']) });
      response.writeHead(failing ? 503 : 204).end();
    });
  });
  const clock = virtual();
  const store = memoryStore();
  const errors: string[] = [];
  let ok = false;
  const attempts: number[] = [];
  const hook = webhook({ url: `${origin}/hook?token=path-secret`, secret: 'a secret', fetcher: nodeFetcher(), clock });
  const base = {
    observe: async () => endpoint(ok), sinks: [{ name: hook.name, deliver: (alert: Alert, signal: AbortSignal) => (attempts.push(clock.at), hook.deliver(alert, signal)) }],
    store, clock, sleep: clock.sleep, signal: new AbortController().signal, intervalMs: 60_000, health: { failures: 1 },
    onError: (what: string, error: unknown) => void errors.push(`${what} ${String(error)}`),
  };
  await watch({ ...base, rounds: 2 });
  expect(attempts.slice(0, 5).map((at) => (at - T) / 1000)).toEqual([0, 1, 3, 7, 15]);
  expect(got).toEqual([]);
  expect(errors.join('\n')).toContain('503');
  expect(errors.join('\n')).not.toMatch(/secret|token/);
  failing = false;
  ok = true;
  await watch({ ...base, rounds: 1 });
  expect(got.map(({ body }) => (JSON.parse(body) as Alert).state)).toEqual(['raised', 'resolved']);
  const [, seconds, mac] = /^t=(\d+),v1=([0-9a-f]{64})$/.exec(got[0]!.signature)!;
  expect(createHmac('sha256', 'a secret').update(`${seconds}.${got[0]!.body}`).digest('hex')).toBe(mac);
  expect(new Set(got.map(({ delivery }) => delivery)).size).toBe(2);
});

test('a queue is bounded and drops the oldest', async () => {
  const clock = virtual();
  const store = memoryStore();
  const errors: unknown[] = [];
  let round = 0;
  await watch({
    observe: async () => endpoint(round++ % 2 === 0), sinks: [{ name: 'dead', deliver: () => Promise.reject(new Error('no')) }], store, clock, sleep: clock.sleep,
    signal: new AbortController().signal, rounds: 40, maxWaiting: 5, health: { failures: 1 }, onError: (_what, error) => void errors.push(error),
  });
  const kept = JSON.parse(new TextDecoder().decode(await store.get('watch-state'))) as { readonly waiting: { readonly dead: readonly Alert[] } };
  expect(kept.waiting.dead).toHaveLength(5);
  expect(errors.some((error) => String(error).includes('dropped'))).toBe(true);
});

test('alerts go to https or to this machine only', () => {
  const options = { fetcher: nodeFetcher(), clock: virtual() };
  for (const url of ['http://example.com/', 'http://10.0.0.1/', 'ftp://x/', 'nonsense', 'https://user:pass@example.com/']) expect(() => webhook({ ...options, url })).toThrow(TypeError);
  for (const url of ['https://example.com/', 'http://127.0.0.1:1/', 'http://[::1]/', 'http://localhost/']) expect(() => webhook({ ...options, url })).not.toThrow();
});

test('the file is rotated and its whole is bounded', async () => {
  const path = join(await folder(), 'alerts.log');
  const sink = alertFile(path, { maxBytes: 2000, keep: 2 });
  const alert: Alert = { id: 'x', code: 'ENDPOINT_DOWN', state: 'raised', severity: 'critical', subject: 'x'.repeat(300), message: { zh: '', en: '' }, at: T };
  for (let n = 0; n < 100; n++) await sink.deliver({ ...alert, at: T + n }, new AbortController().signal);
  expect((await readdir(join(path, '..'))).sort()).toEqual(['alerts.log', 'alerts.log.1', 'alerts.log.2']);
  for (const name of ['', '.1', '.2']) expect((await stat(path + name)).size).toBeLessThanOrEqual(2000);
  const lines = (await readFile(path, 'utf8')).trim().split('\n').map((line) => (JSON.parse(line) as Alert).at);
  expect(lines.at(-1)).toBe(T + 99);
});

test('aborting ends it at once, also in the middle of a round', async () => {
  const stop = new AbortController();
  const clock = virtual();
  const looking = watch({
    observe: (signal) => new Promise((_, reject) => signal.addEventListener('abort', () => reject(new Error('aborted')))), sinks: [], store: memoryStore(), clock, sleep: clock.sleep, signal: stop.signal,
  });
  stop.abort();
  await looking;
});

test('thousands of rounds over a real server leave the heap flat', async () => {
  setFlagsFromString('--expose-gc');
  const collectGarbage = runInNewContext('gc') as () => void;
  const { origin, on, asked } = await server();
  let up = true;
  on('/a.crl', (_request, response) => (up ? response.writeHead(200).end('x') : response.writeHead(500).end()));
  on('/hook', (request, response) => request.resume().on('end', () => response.writeHead(200).end()));
  const clock = virtual();
  const fetcher = nodeFetcher();
  const heap: number[] = [];
  let rounds = 0;
  await watch({
    observe: async (signal) => {
      up = rounds % 10 < 5;
      if (rounds++ % 400 === 0) {
        asked.length = 0;
        collectGarbage();
        heap.push(process.memoryUsage().heapUsed);
      }
      const { status } = await fetcher.fetch({ url: `${origin}/a.crl`, maxBytes: 100, timeoutMs: 5000, maxRedirects: 0, allowPrivateAddresses: true, signal });
      return { ...endpoint(status === 200), expiring: [{ what: 'crl', id: 'a', since: clock.at - DAY, until: clock.at + (rounds % 30) * DAY }] };
    },
    sinks: [webhook({ url: `${origin}/hook`, fetcher, clock })], store: memoryStore(), clock, sleep: clock.sleep, signal: new AbortController().signal, rounds: 2001,
  });
  expect(clock.at - T).toBeGreaterThanOrEqual(2000 * 15 * 60_000);
  // After the first 800 rounds: code compiled, pools filled.
  expect(heap.at(-1)! - heap[2]!).toBeLessThan(3 * 1024 * 1024);
});
