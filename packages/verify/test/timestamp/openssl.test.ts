import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { extendSignedData, id_aa_timeStampToken, parseCertificate, parseCertificateList, parseSignedData, parseTimeStampResponse } from '@hefu/pki';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { checkTimestamp, createJudgeCaches, DEFAULT_POLICY, judge, NO_EVIDENCE } from '../../src/index.js';
import { nodeAlgorithms } from '../../../node/dist/algorithms.js';
import { caFrom, CONTENT, crl, list, party, said, signature } from '../time/timeline.js';

// Time-stamps of `openssl ts` (3.x), with keys and certificates of `openssl req` and `openssl x509`: the clock is the machine's.
const OPENSSL = (() => {
  try {
    return execFileSync('openssl', ['version'], { encoding: 'utf8' });
  } catch {
    return undefined;
  }
})();
if (OPENSSL === undefined) console.warn('SKIPPED: no openssl on this machine, so none of its time-stamps are checked');

describe.skipIf(OPENSSL === undefined)(`time-stamps of ${OPENSSL?.trim() ?? 'openssl'}`, () => {
  const algorithms = nodeAlgorithms();
  let folder: string;
  const run = (...args: readonly string[]): void => void execFileSync('openssl', args, { cwd: folder, stdio: 'pipe' });
  const read = (name: string): Uint8Array => new Uint8Array(readFileSync(join(folder, name)));

  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'hefu-openssl-ts-'));
    writeFileSync(join(folder, 'ca.cnf'), `
[req]
distinguished_name = dn
[dn]
[root]
basicConstraints = critical,CA:TRUE
keyUsage = critical,keyCertSign,cRLSign
subjectKeyIdentifier = hash
[tsu]
basicConstraints = CA:FALSE
keyUsage = critical,digitalSignature
extendedKeyUsage = critical,timeStamping
subjectKeyIdentifier = hash
authorityKeyIdentifier = keyid
[ca]
default_ca = this
[this]
database = index.txt
default_md = sha256
default_crl_days = 30
crlnumber = crlnumber
[tsa]
default_tsa = one
[one]
serial = tsserial
signer_digest = sha256
default_policy = 1.2.3.4.1
digests = sha256, sha384, sha512
accuracy = secs:1, millisecs:500
ess_cert_id_alg = sha256
`);
    for (const name of ['index.txt']) writeFileSync(join(folder, name), '');
    writeFileSync(join(folder, 'crlnumber'), '01\n');
    run('req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-keyout', 'root.key', '-out', 'root.pem', '-days', '30', '-subj', '/C=CN/O=OpenSSL TSA root', '-config', 'ca.cnf', '-extensions', 'root');
    for (const [name, algorithm] of [['rsa', ['rsa:2048']], ['p256', ['ec', '-pkeyopt', 'ec_paramgen_curve:P-256']]] as const) {
      run('req', '-new', '-newkey', ...algorithm, '-nodes', '-keyout', `${name}.key`, '-out', `${name}.csr`, '-subj', `/C=CN/O=OpenSSL TSU ${name}`, '-config', 'ca.cnf');
      run('x509', '-req', '-in', `${name}.csr`, '-CA', 'root.pem', '-CAkey', 'root.key', '-CAcreateserial', '-days', '20', '-extfile', 'ca.cnf', '-extensions', 'tsu', '-out', `${name}.pem`);
    }
    run('ca', '-gencrl', '-keyfile', 'root.key', '-cert', 'root.pem', '-config', 'ca.cnf', '-out', 'crl.pem');
    run('crl', '-in', 'crl.pem', '-outform', 'DER', '-out', 'crl.der');
    run('x509', '-in', 'root.pem', '-outform', 'DER', '-out', 'root.der');
  });
  afterAll(() => {
    if (existsSync(folder)) rmSync(folder, { recursive: true });
  });

  function stamp(octets: Uint8Array, tsu: string, digest: string): Uint8Array {
    writeFileSync(join(folder, 'data'), octets);
    run('ts', '-query', '-data', 'data', `-${digest}`, '-cert', '-out', 'request.tsq');
    run('ts', '-reply', '-queryfile', 'request.tsq', '-signer', `${tsu}.pem`, '-inkey', `${tsu}.key`, '-chain', 'root.pem', '-config', 'ca.cnf', '-section', 'one', '-out', 'response.tsr');
    return parseTimeStampResponse(read('response.tsr')).token!;
  }

  it.each([['rsa', 'sha256'], ['rsa', 'sha512'], ['p256', 'sha256'], ['p256', 'sha384']])('%s, %s: holds, and not when altered', async (tsu, digest) => {
    const token = stamp(CONTENT, tsu, digest);
    const check = async (changed: Partial<Parameters<typeof checkTimestamp>[0]> = {}): Promise<string> => (await checkTimestamp({ token, octets: CONTENT, subject: 't', algorithms, ...changed })).failure?.code ?? 'OK';
    expect(await check()).toBe('OK');
    expect(await check({ octets: CONTENT.subarray(1) })).toBe('TIMESTAMP_IMPRINT_MISMATCH');
    const last = token.slice();
    last[last.length - 1]! ^= 1;
    expect(await check({ token: last })).toBe('TIMESTAMP_SIGNATURE_INVALID');
    // genTime a second later: the TSTInfo is what is signed.
    const { tstInfo } = (await checkTimestamp({ token, octets: CONTENT, subject: 't', algorithms })).token!;
    const moved = token.slice();
    const digits = new TextEncoder().encode(new Date(tstInfo.genTime).toISOString().replace(/[-:T]|\.\d+/g, ''));
    const at = moved.findIndex((_, index) => digits.every((octet, offset) => moved[index + offset] === octet));
    moved[at + 13] = moved[at + 13] === 0x39 ? 0x30 : moved[at + 13]! + 1;
    expect(await check({ token: moved })).toBe('TIMESTAMP_SIGNATURE_INVALID');
  });

  it('places a signature, once the list has its authority', async () => {
    const now = Date.now();
    const ca = caFrom('C=CN,O=CA', -1000, 100_000);
    const signer = party(ca, -100, 100_000);
    const signed = parseSignedData(signature(signer));
    const message = parseSignedData(extendSignedData(signed, { unsignedAttrs: [{ type: id_aa_timeStampToken, values: [stamp(signed.signerInfos[0]!.signature, 'rsa', 'sha256')] }] }));
    const today = (now - Date.UTC(2025, 0, 1)) / 86_400_000;
    const root = parseCertificate(read('root.der'));
    const outcome = async (tsa: readonly (typeof root)[]): Promise<string[]> => {
      const report = await judge({
        signed: message, content: CONTENT, trustList: list({ ca: [ca], tsa }), policy: DEFAULT_POLICY, algorithms, at: now + 60_000, caches: createJudgeCaches(), context: { scene: 'archive', region: '420100' },
        evidence: { ...NO_EVIDENCE, crls: [{ crl: crl(ca, today - 1, today + 1) }, { crl: parseCertificateList(read('crl.der')) }] },
      });
      return [said(report), report.times.sources.bestSignature, said(report.signers[0]!.timestamps![0]!)];
    };
    expect(await outcome([root])).toEqual(['passed', 'time-stamp', 'passed']);
    expect(await outcome([])).toEqual(['passed', 'validation time', 'indeterminate NO_CERTIFICATE_CHAIN_FOUND TSA_NOT_LISTED']);
  });
});
