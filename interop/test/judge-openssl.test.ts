import { webcrypto } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { nodeAlgorithms } from '../../packages/node/dist/index.js';
import { parseCertificate, parseCertificateList, readSignedData } from '../../packages/pki/dist/index.js';
import { signContent, webCryptoSoftKey } from '../../packages/sign/dist/index.js';
import { flipContent, flipOctets, STRIDE } from './support/flip-bits.js';
import { INTEROP_AT, INTEROP_HOLDER, makeOpensslCa, Openssl, opensslVersion, type OpensslCa, type OpensslKey } from './support/openssl-ca.js';
import { judgeUnder, type Judge } from './support/verdict.js';

const version = opensslVersion();
if (version === undefined) console.warn('SKIPPED: no openssl command; neither its messages are judged nor ours verified by it');

const CONTENT = new TextEncoder().encode('投标函\n投标总价：960,000.00 元\n');
/** Of the same length: an attached content is changed where it lies. */
const OTHER = new TextEncoder().encode('投标函\n投标总价：960,000.01 元\n');

interface Row {
  readonly name: string;
  readonly ca: 'rsa' | 'p256';
  readonly args: readonly string[];
  readonly attached?: boolean;
  /** Without attributes nothing but the signature can tell. */
  readonly changed: 'CONTENT_TAMPERED' | 'SIGNATURE_INVALID';
  /** Flip bits of the message, as `flipOctets` has it. */
  readonly flip?: 'sample' | 'one';
}

const ROWS: readonly Row[] = (['rsa', 'p256'] as const).flatMap((ca): Row[] => [
  { name: 'detached', ca, args: [], changed: 'CONTENT_TAMPERED', flip: ca === 'p256' ? 'one' : 'sample' },
  { name: 'detached, no attributes', ca, args: ['-noattr'], changed: 'SIGNATURE_INVALID', ...(ca === 'p256' ? { flip: 'sample' as const } : {}) },
  { name: 'attached', ca, args: ['-nodetach'], attached: true, changed: 'CONTENT_TAMPERED' },
  { name: 'attached, no attributes', ca, args: ['-nodetach', '-noattr'], attached: true, changed: 'SIGNATURE_INVALID' },
  { name: 'streamed in BER', ca, args: ['-stream', '-nodetach'], attached: true, changed: 'CONTENT_TAMPERED' },
  { name: 'streamed in BER, no attributes', ca, args: ['-stream', '-nodetach', '-noattr'], attached: true, changed: 'SIGNATURE_INVALID', ...(ca === 'p256' ? { flip: 'sample' as const } : {}) },
  { name: 'signer named by key identifier', ca, args: ['-keyid'], changed: 'CONTENT_TAMPERED' },
  { name: 'CAdES-BES', ca, args: ['-cades'], changed: 'CONTENT_TAMPERED' },
  { name: 'SHA-384', ca, args: ['-md', 'sha384'], changed: 'CONTENT_TAMPERED' },
  { name: 'SHA-512, no attributes', ca, args: ['-md', 'sha512', '-noattr'], changed: 'SIGNATURE_INVALID' },
  ...(ca === 'rsa' ? [{ name: 'RSASSA-PSS', ca, args: ['-keyopt', 'rsa_padding_mode:pss'], changed: 'CONTENT_TAMPERED' } as const] : []),
]);
const named = (rows: readonly Row[]): [string, Row][] => rows.map((row) => [`${row.ca}: ${row.name}`, row]);

describe.skipIf(version === undefined)(`with ${version?.split(' (')[0] ?? 'OpenSSL'}`, () => {
  let openssl: Openssl;
  let judge: Judge;
  const cas: Partial<Record<OpensslKey, OpensslCa>> = {};

  beforeAll(async () => {
    openssl = new Openssl();
    openssl.write('content', CONTENT);
    openssl.write('other', OTHER);
    const made = (['rsa', 'p256'] as const).map((key) => {
      const ca = (cas[key] = makeOpensslCa(openssl, key));
      const crls = (['root', 'middle'] as const).map((level) => ({ url: `http://127.0.0.1/${ca.crl(level)}`, crl: parseCertificateList(openssl.read(ca.crl(level))) }));
      return { crls, listed: { id: key, anchor: openssl.read(ca.file('root', 'der')), revocation: { mode: 'crl-only', crl: crls.map(({ url }) => ({ url })) } as const } };
    });
    judge = await judgeUnder(made.map(({ listed }) => listed), INTEROP_AT, made.flatMap(({ crls }) => crls));
  });
  afterAll(() => openssl?.close());

  const signer = (ca: OpensslCa, level: 'leaf' | 'other' = 'leaf'): string[] => ['-signer', ca.file(level, 'pem'), '-inkey', ca.file(level, 'key')];

  function cmsSign(...args: readonly string[]): Uint8Array {
    openssl.run('cms', '-sign', '-binary', '-in', 'content', ...args, '-outform', 'DER', '-out', 'out.p7s');
    return openssl.read('out.p7s');
  }

  const signRow = ({ ca, args }: Row): Uint8Array => cmsSign(...signer(cas[ca]!), '-certfile', `${ca}-chain.pem`, ...args);

  describe('messages made by openssl cms -sign', () => {
    it.each(named(ROWS))('%s: passes, and fails with other content', async (_, row) => {
      const message = signRow(row);
      const good = await judge.verdict(message, row.attached ? undefined : CONTENT);
      expect([good.conclusion, good.code], JSON.stringify(good.reasons)).toEqual(['passed', 'OK']);
      expect(good.identity).toMatchObject(INTEROP_HOLDER);
      expect(good.signers[0]!.messageVariant).toBe('cms');
      expect(good.signers[0]!.path).toHaveLength(3);
      expect(good.signers[0]!.revocation.map(({ status }) => status)).toEqual(['good', 'good']);

      const at = Buffer.from(message).indexOf(CONTENT);
      expect(at >= 0).toBe(row.attached === true);
      const changed = message.slice();
      if (row.attached) changed.set(OTHER, at);
      const bad = await judge.verdict(changed, row.attached ? undefined : OTHER);
      expect([bad.conclusion, bad.code]).toEqual(['failed', row.changed]);
    });

    it('needs the CRLs and the intermediate, wherever they come from', async () => {
      const ca = cas.rsa!;
      expect((await judge.verdict(signRow(ROWS[0]!), CONTENT, { crls: [] })).code).toBe('CRL_NOT_AVAILABLE');
      const bare = cmsSign(...signer(ca));
      expect((await judge.verdict(bare, CONTENT)).code).toBe('PATH_NOT_FOUND');
      expect((await judge.verdict(bare, CONTENT, { certificates: [parseCertificate(openssl.read(ca.file('middle', 'der')))] })).code).toBe('OK');
      expect((await judge.verdict(cmsSign(...signer(ca), '-nocerts'), CONTENT)).code).toBe('SIGNER_CERTIFICATE_MISSING');
    });

    it('passes with two signers, and not when either is wrong', async () => {
      const message = cmsSign(...signer(cas.p256!), ...signer(cas.p256!, 'other'), '-certfile', 'p256-chain.pem');
      const good = await judge.verdict(message, CONTENT);
      expect([good.code, good.signers.length]).toEqual(['OK', 2]);
      for (const { signature } of readSignedData(message).signerInfos) {
        const bad = message.slice();
        bad[signature.byteOffset - message.byteOffset + 12]! ^= 1;
        expect((await judge.verdict(bad, CONTENT)).conclusion).toBe('failed');
      }
    });

    it.each(named(ROWS.filter(({ flip }) => flip !== undefined)))('%s: no flipped bit passes but where nothing is signed', async (_, row) => {
      const message = signRow(row);
      const { flipped, passed } = await flipOctets(message, (changed) => judge.verdict(changed, row.attached ? undefined : CONTENT), row.flip!);
      expect(flipped).toBeGreaterThanOrEqual(row.flip === 'one' ? message.length : message.length / STRIDE);
      // The rule is in use: the root's copy in the message and the digests' list may change, as nothing reads them.
      expect(passed['certificate that the path does not use']).toBeGreaterThan(row.flip === 'one' ? 300 : 300 / STRIDE);
      expect(passed['SignedData.digestAlgorithms']).toBeGreaterThan(0);
      if (!row.attached) expect(await flipContent(CONTENT, (content) => judge.verdict(message, content))).toBeGreaterThan(8 * CONTENT.length / 10);
    }, 300_000);
  });

  describe('messages made by @hefu/sign', () => {
    const algorithms = nodeAlgorithms();
    const IMPORT = { rsa: { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256' }, p256: { name: 'ECDSA', namedCurve: 'P-256' }, ed25519: { name: 'Ed25519' } } as const;

    async function ours(key: OpensslKey, attached: boolean): Promise<Uint8Array> {
      const ca = cas[key]!;
      openssl.run('pkcs8', '-topk8', '-nocrypt', '-in', ca.file('leaf', 'key'), '-outform', 'DER', '-out', 'leaf.p8');
      const privateKey = await webcrypto.subtle.importKey('pkcs8', openssl.read('leaf.p8'), IMPORT[key], false, ['sign']);
      return signContent({
        certificate: parseCertificate(openssl.read(ca.file('leaf', 'der'))),
        chain: [openssl.read(ca.file('middle', 'der'))],
        content: CONTENT, attached, signingTime: INTEROP_AT, algorithms,
      }, webCryptoSoftKey(webcrypto.subtle as SubtleCrypto, privateKey as CryptoKey));
    }

    /** `-purpose any`: the certificates are for documents, not for mail. */
    function cmsVerify(key: OpensslKey, message: Uint8Array, content: string | undefined): boolean {
      openssl.write('in.p7s', message);
      return openssl.try(
        'cms', '-verify', '-binary', '-inform', 'DER', '-in', 'in.p7s', ...(content === undefined ? [] : ['-content', content]),
        '-CAfile', cas[key]!.file('root', 'pem'), '-purpose', 'any', '-attime', String(INTEROP_AT / 1000), '-out', 'verified',
      ).status === 0;
    }

    async function verifies(key: OpensslKey): Promise<void> {
      for (const attached of [false, true]) {
        const message = await ours(key, attached);
        expect(cmsVerify(key, message, attached ? undefined : 'content')).toBe(true);
        expect(openssl.read('verified')).toEqual(CONTENT);
        if (!attached) expect(cmsVerify(key, message, 'other')).toBe(false);
        const { signature, signedAttrs } = readSignedData(message).signerInfos[0]!;
        for (const part of [signature, signedAttrs!.bytes]) {
          const bad = message.slice();
          bad[part.byteOffset - message.byteOffset + part.length - 1]! ^= 1;
          expect(cmsVerify(key, bad, attached ? undefined : 'content')).toBe(false);
        }
      }
    }

    it.each(['rsa', 'p256'] as const)('%s: openssl cms -verify accepts them, and not with a bit flipped', verifies);

    it('ed25519: openssl cms -verify accepts them, and not with a bit flipped', async ({ skip }) => {
      const ca = (cas.ed25519 = makeOpensslCa(openssl, 'ed25519'));
      if (openssl.try('cms', '-sign', '-binary', '-in', 'content', ...signer(ca), '-outform', 'DER', '-out', 'probe.p7s').status !== 0) {
        console.warn(`SKIPPED: ${version} makes no CMS with Ed25519 itself, so it is no judge of ours`);
        skip();
      }
      await verifies('ed25519');
    });
  });
});
