import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { nodeAlgorithms } from '../../packages/node/dist/index.js';
import { DerReader, parseCertificate, readSignedData } from '../../packages/pki/dist/index.js';
import { signContent, sm2SoftKey, type WrittenVariant } from '../../packages/sign/dist/index.js';
import { locateBouncyCastle, runJava } from '../bouncy-castle/locate.js';
import { flipOctets, STRIDE } from './support/flip-bits.js';
import { judgeUnder, type Judge } from './support/verdict.js';

const bouncyCastle = locateBouncyCastle(['bcprov', 'bcutil', 'bcpkix']);
if (bouncyCastle === undefined) {
  console.warn('SKIPPED: no Java 11+ with bcprov, bcutil and bcpkix found (HEFU_BC_JARS, /usr/share/java, interop/.cache); SM2 messages of Bouncy Castle are not judged, nor ours verified by it');
}

const AT = Date.UTC(2026, 5, 1);
const NO_CRL = { mode: 'none-with-reason', reason: 'Bouncy Castle\'s CA lives for one test' } as const;

const SHAPES = ['cms', 'gm'].flatMap((family) => ['attached', 'detached'].flatMap((where) => ['attrs', 'noattrs'].flatMap((attributes) => ['der', 'ber'].map((rules) => ({ family, where, attributes, rules })))));

describe.skipIf(bouncyCastle === undefined)('SM2 signed messages with Bouncy Castle', () => {
  let folder: string;
  let judge: Judge;
  let stranger: Judge;
  let content: Uint8Array;
  const at = (name: string): string => join(folder, name);
  const read = (name: string): Uint8Array => new Uint8Array(readFileSync(at(name)));
  const put = (name: string, bytes: Uint8Array): string => {
    writeFileSync(at(name), bytes);
    return at(name);
  };
  /** Several requests to one JVM. */
  const java = (...requests: string[][]): unknown[] => runJava(bouncyCastle!, 'Cms.java', requests.map((request) => request.join('\t'))).map((line) => JSON.parse(line) as unknown);

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'hefu-bc-judge-'));
    java(['make', folder], ['make', at('other')]);
    content = read('content.bin');
    const listed = (anchor: string) => [{ id: 'bouncy-castle', anchor: read(anchor), revocation: NO_CRL, identity: 'name' as const }];
    judge = await judgeUnder(listed('root.der'), AT);
    // The same names, other keys.
    stranger = await judgeUnder(listed('other/root.der'), AT);
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it.each(SHAPES.map((shape) => [`${shape.family}-${shape.where}-${shape.attributes}.${shape.rules}`, shape] as const))('%s passes under its own root only, and fails with a flipped bit', async (name, { where, attributes }) => {
    const message = read(`${name}.p7s`);
    const given = where === 'attached' ? undefined : content;
    const good = await judge.verdict(message, given);
    expect([good.conclusion, good.code], JSON.stringify(good.reasons)).toEqual(['passed', 'OK']);
    expect(good.signers[0]).toMatchObject({ messageVariant: attributes === 'attrs' ? 'attrs-za' : 'za-content', signatureAlgorithm: 'SM2-SM3', digestAlgorithm: 'SM3' });
    expect(good.identity).toMatchObject({ name: 'Interop' });

    expect((await stranger.verdict(message, given)).conclusion).toBe('indeterminate');

    const { signerInfos, encapContentInfo } = readSignedData(message);
    const { signature, signedAttrs } = signerInfos[0]!;
    const flipped = async (part: Uint8Array, offset: number): Promise<string> => {
      const bad = message.slice();
      bad[part.byteOffset - message.byteOffset + offset]! ^= 0x10;
      const { conclusion, code } = await judge.verdict(bad, given);
      return `${conclusion} ${code}`;
    };
    expect(await flipped(signature, 20)).toBe('failed SIGNATURE_INVALID');
    if (signedAttrs !== undefined) expect(await flipped(signedAttrs.bytes, signedAttrs.bytes.length - 1)).toBe('failed SIGNATURE_INVALID');
    const tampered = attributes === 'attrs' ? 'CONTENT_TAMPERED' : 'SIGNATURE_INVALID';
    if (given !== undefined) {
      const other = given.slice();
      other[2500]! ^= 1;
      expect((await judge.verdict(message, other)).code).toBe(tampered);
    } else {
      const start = Buffer.from(message).indexOf(Buffer.from(encapContentInfo.content!.subarray(0, 900)));
      const bad = message.slice();
      bad[start + 100]! ^= 1;
      expect((await judge.verdict(bad)).code).toBe(tampered);
    }
  });

  it('a streamed message passes, and not when it is cut or changed', async () => {
    const message = read('cms-stream.ber.p7s');
    expect((await judge.verdict(message)).code).toBe('OK');
    expect((await judge.verdict(message.subarray(0, -2))).code).toBe('MESSAGE_MALFORMED');
    const start = Buffer.from(message).indexOf(Buffer.from(content.subarray(1000, 1900)));
    const bad = message.slice();
    bad[start]! ^= 1;
    expect((await judge.verdict(bad)).code).toBe('CONTENT_TAMPERED');
  });

  it('no flipped bit of a GM message passes but where nothing is signed', async () => {
    const { passed } = await flipOctets(read('gm-detached-attrs.der.p7s'), (message) => judge.verdict(message, content), 'sample');
    expect(passed['certificate that the path does not use']).toBeGreaterThan(300 / STRIDE);
  }, 300_000);

  it('Bouncy Castle verifies what @hefu/sign makes, and nothing else', async () => {
    const algorithms = nodeAlgorithms();
    const certificate = parseCertificate(read('leaf.der'));
    const signer = sm2SoftKey(privateScalar(read('leaf.key')));
    const other = content.slice();
    other[0]! ^= 1;
    put('changed.bin', other);
    const requests: string[][] = [];
    const expected: string[] = [];
    const ask = (code: string, name: string, message: Uint8Array, external?: string): void => {
      requests.push(['verify', put(name, message), ...(external === undefined ? [] : [at(external)])]);
      expected.push(code);
    };
    for (const variant of ['za-content', 'attrs-za'] as const satisfies readonly WrittenVariant[]) {
      for (const attached of [false, true]) {
        const message = await signContent({ certificate, chain: [read('root.der')], content, attached, variant, ...(variant === 'attrs-za' ? { signingTime: AT } : {}), algorithms }, signer);
        const external = attached ? undefined : 'content.bin';
        const name = `${variant}-${attached ? 'attached' : 'detached'}`;
        expect((await judge.verdict(message, attached ? undefined : content)).code).toBe('OK');
        ask('OK', `${name}.p7s`, message, external);
        if (!attached) ask(variant === 'attrs-za' ? 'DIGEST_MISMATCH' : 'SIGNATURE_INVALID', `${name}-other.p7s`, message, 'changed.bin');
        const { signature } = readSignedData(message).signerInfos[0]!;
        const bad = message.slice();
        bad[signature.byteOffset - message.byteOffset + 20]! ^= 0x10;
        ask('SIGNATURE_INVALID', `${name}-flipped.p7s`, bad, external);
      }
    }
    expect(java(...requests)).toEqual(expected.map((code) => ({ verified: code === 'OK', code })));
  });
});

/** The private scalar of a PKCS #8 EC key (RFC 5915 §3), 32 octets. */
function privateScalar(pkcs8: Uint8Array): Uint8Array {
  const info = new DerReader(pkcs8).next().enter();
  info.next().next().next(); // version, algorithm, privateKey
  const key = new DerReader(info.content()).next().enter();
  return key.next().next().content(); // version, privateKey
}
