import { describe, expect, it } from 'vitest';
import { sha256, sm3 } from '@hefu/crypto';
import { addSignatureTimestamp, contentTimestamp, SIGN_ERRORS, type TerminalEvent } from '@hefu/sign';
import { parseTimeStampToken } from '@hefu/pki';
import { cscAdapter, cscTimestamper, CSC_QUIRKS } from '../../src/index.js';
import { wireAlgorithm } from '../../src/csc/algorithms.js';
import { adapterContext } from '../context.js';
import { bench, leaks, play, sessionOf } from './bench.js';

describe.each([['v1'], ['v2']] as const)('credentials of a service %s', (version) => {
  it('are listed over all pages, up to the limit, those of a user alone where wanted', async () => {
    const on = bench({ version, kinds: ['SM2', 'P-256', 'RSA-2048'], sandbox: { pageSize: 4 } });
    const context = adapterContext({ clock: on.clock });
    const adapter = cscAdapter(on.options);
    const all = await adapter.listCredentials({ limit: 100 }, context);
    expect(all).toHaveLength(21);
    expect(new Set(all.map(({ ref }) => ref)).size).toBe(21);
    expect((await adapter.listCredentials({ limit: 6 }, context)).map(({ ref }) => ref)).toEqual(all.slice(0, 6).map(({ ref }) => ref));
    expect((await adapter.listCredentials({ limit: 100, userId: 'hengtao' }, context)).every(({ ref }) => ref.startsWith('key-hengtao'))).toBe(true);
    expect(on.service.exchanges.filter(({ path }) => path.endsWith('credentials/info')).length > 0).toBe(version === 'v1');
  });

  it('say how they sign and what they need', async () => {
    const on = bench({ version, kinds: ['SM2', 'P-256', 'RSA-2048'] });
    const adapter = cscAdapter({ ...on.options, version: 'auto' });
    const context = adapterContext({ clock: on.clock });
    const by = new Map((await adapter.listCredentials({ limit: 100 }, context)).map((credential) => [credential.ref, credential]));
    expect(by.get('key-qinghe')).toMatchObject({ keyStatus: 'enabled', hashBound: true, maxPerAuthorisation: 500, algorithms: [{ name: 'SM2-SM3', oid: '1.2.156.10197.1.501' }] });
    expect(by.get('key-hengtao')).toMatchObject({ algorithms: [{ name: 'ECDSA-SHA-256' }] });
    expect(by.get('key-yanqiao')!.algorithms.map(({ name }) => name)).toEqual(['RSASSA-PKCS1-v1_5-SHA-256', 'RSASSA-PSS']);
    expect(by.get('key-qinghe-single')).toMatchObject({ maxPerAuthorisation: 1 });
    expect(by.get('key-qinghe-totp')).toMatchObject({ hashBound: false, auth: version === 'v1' ? { op: 'and' } : { op: 'or' } });
    const capabilities = await adapter.discover(context);
    expect(capabilities).toMatchObject({ idempotency: { kind: 'none' }, reconcile: 'none', batch: { extend: true, maxPerAuthorisation: 500 } });
    expect([...capabilities.authorisation].sort()).toEqual(['oauth-code', 'otp-offline', 'otp-online', 'pin', 'push']);
  });
});

describe('algorithms on the wire', () => {
  const sm2 = { name: 'SM2-SM3', digest: 'SM3', oid: '1.2.156.10197.1.501' } as const;
  const pss = { name: 'RSASSA-PSS', digest: 'SHA-256', oid: '1.2.840.113549.1.1.10', pss: { hash: 'SHA-256', mgfHash: 'SHA-256', saltLength: 32 } } as const;
  const rsa = { name: 'RSASSA-PKCS1-v1_5-SHA-256', digest: 'SHA-256', oid: '1.2.840.113549.1.1.11' } as const;
  it('are called as the service calls them', () => {
    expect(wireAlgorithm(sm2, [sm2.oid])).toEqual({ signAlgo: sm2.oid, hashAlgorithm: '1.2.156.10197.1.401' });
    expect(wireAlgorithm(rsa, ['1.2.840.113549.1.1.1'])).toEqual({ signAlgo: '1.2.840.113549.1.1.1', hashAlgorithm: '2.16.840.1.101.3.4.2.1' });
    expect(wireAlgorithm(rsa, ['1.2.840.113549.1.1.1', rsa.oid]).signAlgo).toBe(rsa.oid);
    // Made with OpenSSL 3: asn1parse of the parameters of an `rsa_padding_mode:pss -sigopt rsa_pss_saltlen:32` signature with SHA-256.
    expect(wireAlgorithm(pss, [pss.oid]).signAlgoParams).toBe('MDSgDzANBglghkgBZQMEAgEFAKEcMBoGCSqGSIb3DQEBCDANBglghkgBZQMEAgEFAKIDAgEg');
  });
});

describe('signatures/timestamp', () => {
  it.each([['v1', undefined], ['v2', undefined], ['v1', 'sign8']] as const)('of a service %s, manners %s, is a Timestamper', async (version, preset) => {
    const on = bench({ version, sandbox: preset === undefined ? {} : { preset }, options: preset === undefined ? {} : { quirks: CSC_QUIRKS[preset] } });
    const content = new TextEncoder().encode('投标文件');
    for (const digest of [sha256, sm3]) {
      const token = await contentTimestamp(content, cscTimestamper(on.options, adapterContext({ clock: on.clock })), digest);
      expect(parseTimeStampToken(token).tstInfo.genTime).toBe(on.clock.now());
    }
  });

  it.each([[undefined, undefined], ['timestamp-early', 'CLOCK_SKEW']] as const)('with fault %s over a signature ends with %s (35: a token from before the signing time)', async (fault, code) => {
    const on = bench({ version: 'v2', kinds: ['P-256'] });
    const { end } = await play(on, await sessionOf(on, 'key-hengtao'));
    const { message } = (end as Extract<TerminalEvent, { type: 'done' }>).signatures[0]!;
    if (fault !== undefined) on.service.faults.set(fault);
    const stamped = addSignatureTimestamp(message, 0, cscTimestamper(on.options, adapterContext({ clock: on.clock })), sha256);
    if (code === undefined) await expect(stamped).resolves.toMatchObject({ signer: 0 });
    else {
      await expect(stamped).rejects.toMatchObject({ code, outcome: 'signed', detail: 'timestamp-before-signing-time' });
      expect(SIGN_ERRORS[code].message).toMatchObject({ zh: expect.stringMatching(/\p{Script=Han}.*。$/u), en: expect.stringMatching(/\.$/) });
    }
    expect(leaks(on, [])).toEqual([]);
  });

  it('with the nonce of somebody else is refused', async () => {
    const on = bench({ version: 'v1' });
    const answers: Response[] = [];
    const fetch = async (url: string, init: RequestInit): Promise<Response> => {
      const response = await on.service.fetch(url, init);
      if (url.endsWith('signatures/timestamp')) answers.push(response.clone());
      return answers.length > 1 && url.endsWith('signatures/timestamp') ? answers[0]!.clone() : response;
    };
    const stamper = cscTimestamper({ ...on.options, fetch }, adapterContext({ clock: on.clock }));
    const imprint = { hashAlgorithm: sha256.oids[0]!, hashedMessage: sha256.digest(new Uint8Array(1)) };
    await stamper(imprint);
    await expect(stamper(imprint)).rejects.toMatchObject({ code: 'TIMESTAMP_MISMATCH', detail: 'nonce' });
  });
});
