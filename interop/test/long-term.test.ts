import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { sha1, sha256, sha512, sm3, type DigestAlgorithm } from '../../packages/crypto/dist/index.js';
import {
  archiveTimestampInput, buildOcspRequest, encodePem, equalBytes, hexOf, id_aa_ATSHashIndexV3, id_aa_ets_archiveTimestampV3, id_aa_timeStampToken, parseCertificate, parseSignedData,
  parseTimeStampToken,
} from '../../packages/pki/dist/index.js';
import {
  addArchiveTimestamp, addSignatureTimestamp, addSigner, addValidationData, contentTimestamp, countersign, prepareSignature, signContent, type ExtendedMessage, type PrepareInput,
} from '../../packages/sign/dist/index.js';
import { algorithms, AT, SigningWorld } from '../../packages/sign/test/world.js';
import { locateBouncyCastle, runJava } from '../bouncy-castle/locate.js';
import { Openssl, opensslVersion } from './support/openssl-ca.js';

const version = opensslVersion();
if (version === undefined) console.warn('SKIPPED: no openssl command; the levels made here were not verified by it');
const bouncyCastle = locateBouncyCastle(['bcprov', 'bcutil', 'bcpkix']);
if (bouncyCastle === undefined) console.warn('SKIPPED: no Java 11+ with bcprov, bcutil and bcpkix found; Bouncy Castle did not read time-stamped messages');

const CONTENT = new TextEncoder().encode('投标函\n投标总价：960,000.00 元\n');
const OTHER = new TextEncoder().encode('投标函\n投标总价：960,000.01 元\n');
const YEAR = 365 * 86_400_000;
const world = new SigningWorld('interop-long-term');

/** Every level of one signer, each made from the one before. */
async function levels(kind: 'RSA-2048' | 'P-256' | 'SM2', tsa: string, digest: DigestAlgorithm, how: Partial<PrepareInput> = {}): Promise<Readonly<Record<string, ExtendedMessage>>> {
  const party = world.party(kind);
  const detached = how.attached === true ? {} : { content: CONTENT };
  const basic = { message: await signContent({ certificate: party.certificate, chain: party.chain, content: CONTENT, algorithms, ...how }, party.signer), signer: 0 };
  const stamped = await addSignatureTimestamp(basic.message, basic.signer, world.timestamper(tsa), digest);
  const tsaData = world.validationDataOf(tsa);
  const longTerm = addValidationData(stamped.message, stamped.signer, {
    certificates: [...party.chain, ...tsaData.certificates], crls: [...party.crls, ...tsaData.crls], ocspResponses: [ocspOf(kind)],
  });
  const archived = await addArchiveTimestamp(longTerm.message, longTerm.signer, world.timestamper(tsa), { digest, ...detached });
  world.now = AT + YEAR;
  const renewed = await addArchiveTimestamp(archived.message, archived.signer, world.timestamper(tsa), { digest, ...detached });
  world.now = AT;
  return { 'B-B': basic, 'B-T': stamped, 'B-LT': longTerm, 'B-LTA': archived, 'B-LTA renewed': renewed };
}

function ocspOf(kind: 'RSA-2048' | 'P-256' | 'SM2'): Uint8Array {
  const { certificate, chain } = world.party(kind);
  const company = world.world.companies.find(({ sign }) => equalBytes(sign.certificate, certificate.bytes))!;
  const request = buildOcspRequest({
    issuerName: certificate.issuer.bytes, issuerKey: parseCertificate(chain[0]!).spki.publicKey, serialNumber: certificate.serialNumber,
    hash: { oid: '1.3.14.3.2.26', digest: (octets) => sha1.digest(octets) },
  });
  return world.ocsp(`/ocsp/${company.authority.id}`, request);
}

const valuesOf = ({ message, signer }: ExtendedMessage, type: string): Uint8Array[] => parseSignedData(message).signerInfos[signer]!.unsignedAttrs!.find(type).flatMap(({ values }) => values);
const pems = (certificates: readonly Uint8Array[]): string => certificates.map((der) => encodePem('CERTIFICATE', der)).join('');

describe.skipIf(version === undefined).each([
  ['RSA-2048', 'rsa', sha256, { level: 'B-B', signingTime: AT }],
  ['P-256', 'p256', sha512, { level: 'B-B', signingTime: AT, attached: true }],
] as const)(`${version?.split(' (')[0] ?? 'OpenSSL'}, %s`, (kind, tsa, digest, how) => {
  let openssl: Openssl;
  let made: Awaited<ReturnType<typeof levels>>;
  beforeAll(async () => {
    openssl = new Openssl();
    openssl.write('content', CONTENT);
    openssl.write('other', OTHER);
    openssl.write('anchors', pems([...world.party('RSA-2048').chain, ...world.party('P-256').chain, ...world.world.timestampRoots.map(({ certificate }) => certificate)]));
    made = await levels(kind, tsa, digest, how);
  });
  afterAll(() => openssl?.close());

  const cms = (message: Uint8Array, content = 'content', ...more: string[]) => {
    openssl.write('message', message);
    return openssl.try('cms', '-verify', '-inform', 'DER', '-in', 'message', ...('attached' in how ? [] : ['-content', content]), '-CAfile', 'anchors', '-purpose', 'any', '-attime', String(AT / 1000), '-binary', '-out', 'out', ...more);
  };
  /** A message with one octet of the signature value changed. */
  const broken = ({ message, signer }: ExtendedMessage): Uint8Array => {
    const { signature } = parseSignedData(message).signerInfos[signer]!;
    const changed = message.slice();
    changed[signature.byteOffset - parseSignedData(message).bytes.byteOffset + signature.length - 1]! ^= 1;
    return changed;
  };

  it.each(['B-B', 'B-T', 'B-LT', 'B-LTA', 'B-LTA renewed'])('verifies %s, also as CAdES, and not when changed', (level) => {
    const one = made[level]!;
    expect(cms(one.message)).toMatchObject({ status: 0 });
    expect(openssl.read('out')).toEqual(CONTENT);
    expect(cms(one.message, 'content', '-cades')).toMatchObject({ status: 0 });
    if (!('attached' in how)) expect(cms(one.message, 'other').status).not.toBe(0);
    expect(cms(broken(one)).status).not.toBe(0);
  });

  it('verifies the time-stamps over what they are of, and over nothing else', () => {
    const ts = (token: Uint8Array, data: Uint8Array) => {
      openssl.write('token', token);
      openssl.write('data', data);
      return openssl.try('ts', '-verify', '-token_in', '-in', 'token', '-data', 'data', '-CAfile', 'anchors', '-attime', String(AT / 1000 + 1));
    };
    const renewed = made['B-LTA renewed']!;
    const signed = parseSignedData(renewed.message);
    const info = signed.signerInfos[renewed.signer]!;
    const [stamp] = valuesOf(renewed, id_aa_timeStampToken);
    expect(ts(stamp!, info.signature)).toMatchObject({ status: 0 });
    expect(ts(stamp!, info.signature.subarray(1)).status).not.toBe(0);
    const archives = valuesOf(renewed, id_aa_ets_archiveTimestampV3);
    expect(archives).toHaveLength(2);
    for (const archive of archives) {
      const [index] = parseTimeStampToken(archive).signed.signerInfos[0]!.unsignedAttrs!.find(id_aa_ATSHashIndexV3)[0]!.values;
      const input = archiveTimestampInput(signed.encapContentInfo.contentType, digest.digest(CONTENT), info.fields, index!);
      expect(ts(archive, input)).toMatchObject({ status: 0 });
      expect(ts(archive, input.subarray(1)).status).not.toBe(0);
    }
  });

  it('verifies a content time-stamp among the signed attributes, a countersigned message, and parallel signers', async () => {
    const party = world.party(kind);
    const second = world.party(kind === 'P-256' ? 'RSA-2048' : 'P-256');
    const stamp = await contentTimestamp(CONTENT, world.timestamper(tsa), sha256);
    const message = await signContent({ certificate: party.certificate, chain: party.chain, content: CONTENT, algorithms, ...how, contentTimestamps: [stamp], commitment: '1.2.840.113549.1.9.16.6.1' }, party.signer);
    expect(cms(message)).toMatchObject({ status: 0 });
    const countersigned = await countersign(message, 0, { certificate: second.certificate, chain: second.chain, algorithms }, second.signer);
    expect(cms(countersigned.message)).toMatchObject({ status: 0 });
    const prepared = prepareSignature({ certificate: second.certificate, chain: second.chain, content: CONTENT, algorithms });
    const both = await addSigner(countersigned.message, prepared, await second.signer.sign(prepared.toBeSigned));
    expect(cms(both)).toMatchObject({ status: 0 });
    for (const signer of [0, 1]) expect(cms(broken({ message: both, signer })).status).not.toBe(0);
  });
});

interface Read {
  readonly signature: string;
  readonly timestamps: readonly { code: string; imprint: string; algorithm: string; genTime: number }[];
  readonly archive: readonly { code: string; imprint: string; genTime: number; index: { algorithm: string; certificates: number; crls: number; attributes: number } }[];
  readonly countersignatures: number;
  readonly ocsp: number;
}

describe.skipIf(bouncyCastle === undefined)('Bouncy Castle, SM2', () => {
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'hefu-long-term-'));
    writeFileSync(join(folder, 'content'), CONTENT);
    writeFileSync(join(folder, 'other'), OTHER);
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  const put = (name: string, bytes: Uint8Array): string => {
    writeFileSync(join(folder, name), bytes);
    return join(folder, name);
  };
  const read = (messages: readonly Uint8Array[]): Read[][] => runJava(bouncyCastle!, 'LongTerm.java', messages.map((message, i) => put(`read-${i}`, message))).map((line) => JSON.parse(line) as Read[]);
  const verify = (asked: readonly (readonly [Uint8Array, 'content' | 'other'])[]): string[] =>
    runJava(bouncyCastle!, 'Cms.java', asked.map(([message, content], i) => ['verify', put(`verify-${i}`, message), join(folder, content)].join('\t'))).map((line) => (JSON.parse(line) as { code: string }).code);

  it.each([['za-content', undefined], ['attrs-za', { level: 'B-B', signingTime: AT }]] as const)('%s: verifies every level, and reads its time-stamps and archive attributes back', async (variant, how) => {
    const made = await levels('SM2', 'sm2', sm3, { variant, ...how });
    const all = Object.values(made);
    expect(verify(all.map(({ message }) => [message, 'content']))).toEqual(all.map(() => 'OK'));
    expect(verify(all.map(({ message }) => [message, 'other']))).toEqual(all.map(() => (variant === 'attrs-za' ? 'DIGEST_MISMATCH' : 'SIGNATURE_INVALID')));

    const seen = read(all.map(({ message }) => message)).map((signers) => signers[0]!);
    expect(seen.map(({ timestamps, archive, ocsp }) => [timestamps.length, archive.length, ocsp])).toEqual([[0, 0, 0], [1, 0, 0], [1, 0, 1], [1, 1, 1], [1, 2, 1]]);
    const last = seen.at(-1)!;
    const signature = Buffer.from(last.signature, 'hex');
    expect(last.timestamps).toEqual([{ code: 'OK', imprint: hexOf(sm3.digest(signature)), algorithm: sm3.oids[0], genTime: AT }]);
    const counted = (message: Uint8Array, attributes: number): unknown => {
      const signed = parseSignedData(message);
      return { algorithm: sm3.oids[0], certificates: signed.certificates.length, crls: signed.crls.length, attributes };
    };
    const archive = [...last.archive].sort((a, b) => a.genTime - b.genTime);
    expect(archive.map(({ code, genTime, index }) => [code, genTime, index])).toEqual([['OK', AT, counted(made['B-LT']!.message, 2)], ['OK', AT + YEAR, counted(made['B-LTA']!.message, 3)]]);
  });

  it('refuses a token whose signature is changed', async () => {
    const { message, signer } = (await levels('SM2', 'sm2', sm3))['B-T']!;
    const token = parseTimeStampToken(valuesOf({ message, signer }, id_aa_timeStampToken)[0]!);
    const { signature } = token.signed.signerInfos[0]!;
    const changed = message.slice();
    changed[signature.byteOffset - parseSignedData(message).bytes.byteOffset + signature.length - 1]! ^= 1;
    expect(read([changed, message]).map(([one]) => one!.timestamps[0]!.code)).toEqual(['INVALID', 'OK']);
  });

  it('reads countersignatures and verifies parallel signers', async () => {
    const [first, second] = [world.party('SM2', 0), world.party('SM2', 1)];
    const message = await signContent({ certificate: first.certificate, chain: first.chain, content: CONTENT, algorithms }, first.signer);
    const countersigned = await countersign(message, 0, { certificate: second.certificate, algorithms, variant: 'attrs-za', signingTime: AT }, second.signer);
    const prepared = prepareSignature({ certificate: second.certificate, content: CONTENT, algorithms, variant: 'attrs-za', signingTime: AT });
    const both = await addSigner(countersigned.message, prepared, await second.signer.sign(prepared.toBeSigned));
    expect(verify([[both, 'content'], [both, 'other']])).toEqual(['OK', expect.stringMatching(/DIGEST_MISMATCH|SIGNATURE_INVALID/)]);
    expect(read([both])[0]!.map(({ countersignatures }) => countersignatures).sort()).toEqual([0, 1]);
  });
});
