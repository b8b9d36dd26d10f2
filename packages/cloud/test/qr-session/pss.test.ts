import { parseSignedData } from '@hefu/pki';
import type { Judgement } from '@hefu/sign';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { opensslVerify } from '../../../cli/dist/openssl-verify.js';
import { hasOpenssl, openssl } from '../../../sandbox/test/openssl.js';
import { createBench, judgement, sign, type Bench } from './bench.js';
import { expectDone } from './failures/expect.js';

let bench: Bench;
let judged: Judgement;
beforeAll(async () => {
  judged = await judgement();
  bench = await createBench('device-link');
});
afterAll(() => bench.close());

describe('RSASSA-PSS through a device link', () => {
  it.each([['SHA-256', 32, undefined], ['SHA-384', 48, 'SHA-384'], ['SHA-512', 64, 'SHA-512']] as const)('with %s and %i octets of salt: asked for, verified, and written into a message that OpenSSL verifies', async (hash, saltLength, wanted) => {
    const ran = await sign(bench, judged, undefined, { requestId: `pss-${hash}`, kind: 'RSA-2048', ...(wanted === undefined ? {} : { form: { pss: { hash: wanted, mgfHash: wanted, saltLength } } }) });
    expectDone(ran, bench);
    const asked = bench.provider.transcript.exchanges.filter(({ path }) => path.includes('/signature/device-link/')).at(-1)!;
    expect(JSON.parse(asked.requestBody)).toMatchObject({ signatureProtocolParameters: { signatureAlgorithm: 'rsassa-pss', signatureAlgorithmParameters: { hashAlgorithm: hash } } });
    if (ran.end.type !== 'done') return;
    const { message } = ran.end.signatures[0]!;
    const { oid, parameters } = parseSignedData(message).signerInfos[0]!.signatureAlgorithm;
    expect(oid).toBe('1.2.840.113549.1.1.10');
    if (!hasOpenssl) return;
    const content = new TextEncoder().encode('bid 0');
    expect(await opensslVerify(message, content)).toBe('verified');
    expect(await opensslVerify(message, Uint8Array.of(...content, 0))).toBe('refused');
    // OpenSSL 3: what it reads of the parameters (RFC 4056 §2, RFC 4055 §3.1).
    const read = openssl(['asn1parse', '-inform', 'DER', '-in', '{p.der}'], { 'p.der': parameters! }).output;
    expect([...read.matchAll(/OBJECT\s+:(\S+)/g)].map(([, name]) => name)).toEqual([hash.replace('-', '').toLowerCase(), 'mgf1', hash.replace('-', '').toLowerCase()]);
    expect(Number.parseInt(/INTEGER\s+:([0-9A-F]+)/.exec(read)![1]!, 16)).toBe(saltLength);
  });
});
