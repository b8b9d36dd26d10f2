import { constants, createPrivateKey, sign as nodeSign } from 'node:crypto';
import { parseSignedData } from '@hefu/pki';
import { beforeAll, describe, expect, it } from 'vitest';
import { hasOpenssl, openssl } from '../../sandbox/test/openssl.js';
import { createSigningSession, createSoftAdapter, prepareSignature, signContent, type AlgorithmChoice, type Judgement, type SigningEvent, type SoftKey } from '../src/index.js';
import { credential } from './certificates.js';
import { algorithms, ALGORITHM, bench, companies, inputFor, judgement, play, softKey } from './session/bench.js';

const holder = credential('RSA');
const content = new TextEncoder().encode('投标文件 bid');
const PSS = { hash: 'SHA-256', mgfHash: 'SHA-256', saltLength: 32 } as const;
const padded = (saltLength: number) => ({ key: holder.privateKey!, padding: constants.RSA_PKCS1_PSS_PADDING, saltLength });
const hashName = (name: string): string => name.replace('-', '').toLowerCase();

describe('RSASSA-PSS in CMS (RFC 4056)', () => {
  it.each(['SHA-256', 'SHA-384', 'SHA-512'] as const)('with %s, as OpenSSL verifies it', async (hash) => {
    const pss = { hash, mgfHash: hash, saltLength: { 'SHA-256': 32, 'SHA-384': 48, 'SHA-512': 64 }[hash] };
    const p7s = await signContent({ certificate: holder.certificate, content, algorithms, pss }, {
      sign: ({ message, pss: asked }) => {
        expect(asked).toEqual(pss);
        return new Uint8Array(nodeSign(hashName(hash), message!, padded(pss.saltLength)));
      },
    });
    const signed = parseSignedData(p7s);
    expect(signed.deviations).toEqual([]);
    const [signer] = signed.signerInfos;
    expect(signer!.signatureAlgorithm.oid).toBe('1.2.840.113549.1.1.10');
    expect(signer!.digestAlgorithm.oid).toBe(algorithms.digests.find(({ name }) => name === hash)!.oids[0]);
    if (!hasOpenssl) return;
    const files = { 'm.p7s': p7s, 'c.bin': content, 'x.bin': Uint8Array.of(...content, 0) };
    const verify = (file: string) => openssl(['cms', '-verify', '-binary', '-inform', 'DER', '-in', '{m.p7s}', '-content', `{${file}}`, '-noverify', '-out', '/dev/null'], files);
    expect(verify('c.bin')).toMatchObject({ status: 0 });
    expect(verify('x.bin').status).not.toBe(0);
  });
  it('releases neither PKCS #1 v1.5 nor another salt', async () => {
    const sign = (value: Buffer) => signContent({ certificate: holder.certificate, content, algorithms, pss: PSS }, { sign: () => new Uint8Array(value) });
    const message = prepareSignature({ certificate: holder.certificate, content, algorithms, pss: PSS }).toBeSigned.message!;
    await expect(sign(nodeSign('sha256', message, holder.privateKey!))).rejects.toMatchObject({ code: 'SIGNATURE_NOT_VERIFIED' });
    await expect(sign(nodeSign('sha256', message, padded(20)))).rejects.toMatchObject({ code: 'SIGNATURE_NOT_VERIFIED' });
    await expect(sign(nodeSign('sha256', message, padded(32)))).resolves.toBeInstanceOf(Uint8Array);
  });
  it('is not written with parameters nobody expects, nor with other keys', () => {
    const prepare = (pss: object, certificate = holder.certificate) => () => prepareSignature({ certificate, content, algorithms, pss: pss as typeof PSS });
    expect(prepare({ ...PSS, saltLength: 20 })).toThrowError(expect.objectContaining({ code: 'KEY_UNSUPPORTED' }));
    expect(prepare({ ...PSS, mgfHash: 'SHA-1' })).toThrowError(expect.objectContaining({ code: 'KEY_UNSUPPORTED' }));
    expect(prepare({ hash: 'SHA-1', mgfHash: 'SHA-1', saltLength: 20 })).toThrowError(expect.objectContaining({ code: 'KEY_UNSUPPORTED' }));
    expect(prepare(PSS, credential('P-256').certificate)).toThrowError(expect.objectContaining({ code: 'KEY_UNSUPPORTED' }));
    expect(prepare(PSS)).not.toThrow();
  });
});

describe('a credential that offers RSASSA-PSS', () => {
  let judged: Judgement;
  beforeAll(async () => { judged = await judgement(); });
  const company = () => companies('RSA-2048')[0]!;
  const choice: AlgorithmChoice = { name: 'RSASSA-PSS', digest: 'SHA-256', oid: '1.2.840.113549.1.1.10', pss: PSS };
  const key = (offers: readonly AlgorithmChoice[], saltLength: number | undefined): SoftKey => {
    const secret = createPrivateKey({ key: Buffer.from(company().sign.key.pkcs8Der), format: 'der', type: 'pkcs8' });
    const soft = softKey(company());
    return { credential: { ...soft.credential, algorithms: offers }, sign: ({ value }) => new Uint8Array(nodeSign('sha256', value, saltLength === undefined ? secret : { key: secret, padding: constants.RSA_PKCS1_PSS_PADDING, saltLength })) };
  };
  const run = async (offers: readonly AlgorithmChoice[], saltLength?: number, change = {}): Promise<SigningEvent> =>
    (await play(await createSigningSession(await inputFor(createSoftAdapter({ keys: [key(offers, saltLength)], accepts: ['tbs'] }), 1, judged, bench().ports, change)))).at(-1)!;

  it('alone signs with it, and the judge passes it', async () => {
    expect(await run([choice], 32)).toMatchObject({ type: 'done', signatures: [{ report: { conclusion: 'passed' } }] });
  });
  it('and is answered with PKCS #1 v1.5, is a downgrade', async () => {
    expect(await run([choice])).toMatchObject({ type: 'failed', error: { code: 'ALGORITHM_DOWNGRADED', outcome: 'signed' }, signatures: [] });
  });
  it('beside PKCS #1 v1.5 signs with that, unless PSS is asked for', async () => {
    expect(await run([choice, ALGORITHM['RSA-2048']])).toMatchObject({ type: 'done' });
    expect(await run([choice, ALGORITHM['RSA-2048']], 32, { form: { pss: PSS } })).toMatchObject({ type: 'done' });
  });
  it('with another digest than asked for is unsupported', async () => {
    await expect(run([{ ...choice, digest: 'SHA-512', pss: { hash: 'SHA-512', mgfHash: 'SHA-512', saltLength: 64 } }], 32, { form: { pss: PSS } })).rejects.toMatchObject({ code: 'ALGORITHM_UNSUPPORTED' });
  });
});
