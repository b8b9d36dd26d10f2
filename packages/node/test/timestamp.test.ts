import { existsSync } from 'node:fs';
import { randomBytes } from 'node:crypto';
import { sha256 } from '@hefu/crypto';
import { hexOf, parseTimeStampToken } from '@hefu/pki';
import { requestTimestamp, type UpdaterLimits } from '@hefu/updater';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ServedWorld } from '../../sandbox/src/index.js';
import { nodeFetcher } from '../src/http-fetcher.js';

// The sandbox stands beside this package, not beneath it, so it is reached by path.
const SANDBOX = new URL('../../sandbox/dist/index.js', import.meta.url);
const built = existsSync(SANDBOX);
if (!built) console.warn('SKIPPED: time-stamps over the sandbox: packages/sandbox is not built (tsc -b)');

const AT = Date.UTC(2026, 5, 1, 8);
const imprint = { hashAlgorithm: sha256.oids[0]!, hashedMessage: sha256.digest(new TextEncoder().encode('bid')) };

describe.skipIf(!built)('requestTimestamp over loopback', () => {
  let served: ServedWorld;
  const fetcher = nodeFetcher();
  beforeAll(async () => {
    const { startSandbox } = (await import(SANDBOX.href)) as typeof import('../../sandbox/src/index.js');
    served = await startSandbox({ seed: 'node-tsa', at: AT });
  });
  afterAll(() => served?.close());

  const ask = (paths: readonly string[], more: { policy?: string; signal?: AbortSignal; limits?: Partial<UpdaterLimits> } = {}) => {
    const { limits = {}, ...request } = more;
    const ports = { fetcher, randomBytes: (length: number) => new Uint8Array(randomBytes(length)), limits };
    return requestTimestamp(ports, { imprint, urls: paths.map((path) => served.baseUrl + path), ...request });
  };

  it('gets a token from every authority of the sandbox, odd ones too', async () => {
    for (const { path, policy } of served.world.timestampAuthorities) {
      const { token, failed } = await ask([path], { policy });
      const { tstInfo } = parseTimeStampToken(token);
      expect([path, hexOf(tstInfo.messageImprint.hashedMessage), tstInfo.genTime, failed]).toEqual([path, hexOf(imprint.hashedMessage), AT, []]);
    }
  });

  it.each([
    ['/tsa/sm2/rejection', 'TIMESTAMP_REJECTED'], ['/tsa/sm2/wrong-imprint', 'TIMESTAMP_MISMATCH'], ['/tsa/sm2/wrong-nonce', 'TIMESTAMP_MISMATCH'],
    ['/tsa/sm2/other-policy', 'TIMESTAMP_MISMATCH'], ['/tsa/sm2/garbage', 'NOT_PARSED'], ['/fault/error/tsa/sm2', 'HTTP_STATUS'], ['/fault/html/tsa/sm2', 'NOT_PARSED'],
    ['/fault/huge/tsa/sm2', 'TOO_LARGE'], ['/fault/truncated/tsa/sm2', 'TRUNCATED'], ['/fault/slow/tsa/sm2', 'TIMEOUT'], ['/fault/hang/tsa/sm2', 'TIMEOUT'],
  ])('%s is %s, and the next one is asked', async (path, code) => {
    const limits = { requestTimeoutMs: 2_000 };
    const { policy } = served.world.timestampAuthorities.find(({ id }) => id === 'sm2')!;
    expect(await ask([path, '/tsa/p256'], { policy, limits })).toMatchObject({ url: `${served.baseUrl}/tsa/p256`, failed: [{ error: { code } }] });
  });

  it('stops a request under way when the caller does', async () => {
    const controller = new AbortController();
    const pending = ask(['/fault/hang/tsa/sm2', '/tsa/p256'], { signal: controller.signal });
    controller.abort();
    await expect(pending).rejects.toMatchObject({ code: 'ABORTED' });
  });
});
