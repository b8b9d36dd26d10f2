import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { equalBytes } from '../../src/asn1/bytes.js';
import { buildTimeStampRequest, parseTimeStampRequest } from '../../src/tsp/request.js';
import { parseTimeStampResponse } from '../../src/tsp/response.js';
import { parseTimeStampToken } from '../../src/tsp/token.js';

const absent = spawnSync('openssl', ['version']).status !== 0;
if (absent) console.warn('SKIPPED: no openssl command; time-stamps of OpenSSL are not read, nor our requests by it');

const CONFIG = `
[ req ]
distinguished_name = dn
prompt = no
x509_extensions = ext
[ dn ]
CN = Example TSA
[ ext ]
extendedKeyUsage = critical, timeStamping
[ tsa ]
default_tsa = this
[ this ]
serial = serial
signer_cert = tsa.pem
signer_key = key.pem
signer_digest = sha256
default_policy = 1.2.3.4.1
other_policies = 1.2.3.4.5
digests = sha256
accuracy = secs:1, millisecs:500, microsecs:100
ordering = yes
tsa_name = yes
ess_cert_id_chain = no
clock_precision_digits = 3
`;

describe.skipIf(absent)('time-stamps of `openssl ts`', () => {
  let folder = '';
  const openssl = (...args: string[]): void => {
    const run = spawnSync('openssl', args, { cwd: folder, encoding: 'utf8' });
    if (run.status !== 0) throw new Error(run.stderr);
  };
  const hashedMessage = new Uint8Array(createHash('sha256').update('a bid').digest());
  const ask = (request: Uint8Array): Uint8Array => {
    writeFileSync(join(folder, 'a.tsq'), request);
    openssl('ts', '-reply', '-config', 'a.cnf', '-queryfile', 'a.tsq', '-out', 'a.tsr');
    return new Uint8Array(readFileSync(join(folder, 'a.tsr')));
  };
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'hefu-ts-'));
    writeFileSync(join(folder, 'a.cnf'), CONFIG);
    writeFileSync(join(folder, 'serial'), '8001\n');
    openssl('req', '-x509', '-config', 'a.cnf', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-keyout', 'key.pem', '-out', 'tsa.pem', '-days', '10');
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it('our request is answered; the answer is read', () => {
    const nonce = Uint8Array.of(0xfe, 1, 2, 3, 4, 5, 6, 7);
    const response = parseTimeStampResponse(ask(buildTimeStampRequest({ hashAlgorithm: '2.16.840.1.101.3.4.2.1', hashedMessage, nonce, reqPolicy: '1.2.3.4.5' })));
    expect(response.status).toBe('granted');
    const { signed, tstInfo, deviations } = parseTimeStampToken(response.token!);
    expect(tstInfo).toMatchObject({ policy: '1.2.3.4.5', accuracy: 1500.1, ordering: true, nonce: Uint8Array.of(0, ...nonce), tsa: { kind: 'directoryName' } });
    expect(equalBytes(tstInfo.messageImprint.hashedMessage, hashedMessage)).toBe(true);
    expect(Math.abs(tstInfo.genTime - Date.now())).toBeLessThan(600_000);
    expect([signed.version, signed.certificates.length, deviations, signed.deviations]).toEqual([3, 1, [], []]);
  });
  it('a request it refuses is a rejection with its reason', () => {
    const response = parseTimeStampResponse(ask(buildTimeStampRequest({ hashAlgorithm: '1.3.14.3.2.26', hashedMessage: hashedMessage.subarray(0, 20) })));
    expect([response.status, response.failures, response.token]).toEqual(['rejection', ['badAlg'], undefined]);
  });
  it('its requests are read', () => {
    writeFileSync(join(folder, 'bid'), 'a bid');
    openssl('ts', '-query', '-data', 'bid', '-sha256', '-cert', '-out', 'b.tsq');
    const request = parseTimeStampRequest(new Uint8Array(readFileSync(join(folder, 'b.tsq'))));
    expect([request.certReq, request.messageImprint.hashedMessage]).toEqual([true, hashedMessage]);
    expect(request.nonce!.length).toBeGreaterThan(4);
  });
});
