import { existsSync } from 'node:fs';
import { parseCertificate } from '@hefu/pki';
import { signList, type ListDocument, type ServiceDocument } from '@hefu/trust-list';
import type { Report } from '@hefu/verify';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { World } from '../../sandbox/src/index.js';
// Certificates made for the judge's own tests.
import { issueCrl, newCa, newKey, type TestCa } from '../../verify/test/path/issue.js';
import { createVerifier } from '../src/create-verifier.js';
import { faultServer, type FaultServer } from './fault-server.js';

// The sandbox stands beside this package, not beneath it, so it is reached by path.
const SANDBOX = new URL('../../sandbox/dist/index.js', import.meta.url);
const built = existsSync(SANDBOX);
if (!built) console.warn('SKIPPED: CRL publishers over the sandbox: packages/sandbox is not built (tsc -b)');

const T = Date.UTC(2026, 5, 1, 8);
const HOUR = 3_600_000;

describe.skipIf(!built)('a list that names a publisher for a CA’s CRLs, and mirrors', () => {
  let sandbox: typeof import('../../sandbox/src/index.js');
  let server: FaultServer;
  let world: World;
  let publisher: TestCa;
  const times = { thisUpdate: T - HOUR, nextUpdate: T + 24 * HOUR };

  beforeAll(async () => {
    sandbox = (await import(SANDBOX.href)) as typeof import('../../sandbox/src/index.js');
    server = await faultServer();
    world = sandbox.createWorld({ seed: 'publisher', at: T, crlBaseUrl: server.origin });
    for (const [path, bytes] of world.crls) serve(path, bytes);
    const name = parseCertificate(issuer().certificate).subject.bytes;
    publisher = newCa('', undefined, { subject: name });
    const forged = { name, key: newKey('p256') };
    serve('/mirror-1.crl', issueCrl({ issuer: forged, ...times }).bytes);
    serve('/mirror-2.crl', issueCrl({ issuer: publisher, ...times }).bytes);
    serve('/mirror-3.crl', issueCrl({ issuer: publisher, ...times }).bytes);
  });
  beforeEach(() => void (server.asked.length = 0));
  afterAll(() => server?.close());

  const company = () => world.companies.find(({ id }) => id === 'qinghe')!;
  const issuer = () => company().issuer;
  const serve = (path: string, bytes: Uint8Array): void => server.on(path, (_, response) => response.writeHead(200).end(bytes));

  /** The world's list, with the CRL of the company's CA at three mirrors, signed by the publisher. */
  async function judged(change: Partial<ServiceDocument> = {}, named = true): Promise<Report> {
    const { payload } = JSON.parse(new TextDecoder().decode(world.lists.current)) as { payload: string };
    const document = JSON.parse(Buffer.from(payload, 'base64url').toString()) as { services: ServiceDocument[] } & Omit<ListDocument, 'services'>;
    const { sequence, issued } = document;
    const at = document.services.findIndex(({ id }) => id === company().authority.serviceId);
    const service = document.services[at]!;
    const crl = service.revocation!.crl!.map((endpoint) =>
      endpoint.url !== server.origin + issuer().crlPath
        ? endpoint
        : { url: `${server.origin}/gone.crl`, mirrors: [1, 2, 3].map((n) => `${server.origin}/mirror-${n}.crl`), ...(named ? { issuerService: 'urn:test:publisher' } : {}) },
    );
    document.services[at] = { ...service, revocation: { ...service.revocation!, overrideCertificateUrls: true, crl } };
    document.services.push({
      id: 'urn:test:publisher', kind: 'crl-issuer', name: { zh: '吊销列表发布服务（沙盒）' }, anchors: [{ x5c: [Buffer.from(publisher.certificate.bytes).toString('base64')], mode: 'root' }],
      status: [{ status: 'granted', since: '2025-01-01T00:00Z', recorded: sequence }], scope: [{ regions: ['*'] }], ...change,
    });
    const bytes = await signList(new TextEncoder().encode(JSON.stringify(document)), [0, 2].map((index) => sandbox.listSigner(world.operators[index]!)));
    expect(Date.parse(issued)).toBeLessThan(T);
    const verifier = await createVerifier({ trustList: { bytes }, role: world.listRole, clock: { now: () => T } });
    try {
      const { signature, content, context: { region, transaction, scene } } = world.scenarios.find(({ id }) => id === 'good-qinghe')!;
      return await verifier.verify({ signature, content, region, transaction, scene, at: T });
    } finally {
      verifier.close();
    }
  }
  const asked = (): string[] => server.asked.filter((path) => /gone|mirror/.test(path));

  it('is believed; the mirrors are asked in their order, until one gives what the publisher signed', async () => {
    const report = await judged();
    expect(report).toMatchObject({ conclusion: 'passed' });
    expect(report.signers[0]!.revocation[0]!.source).toMatchObject({ url: `${server.origin}/mirror-2.crl`, signedBy: 'list' });
    expect(asked()).toEqual(['/gone.crl', '/mirror-1.crl', '/mirror-2.crl']);
    expect(report.gaps.map(({ code, what }) => `${code} ${what.split('/').at(-1)}`)).toEqual(['FETCH_FAILED gone.crl', 'NOT_PARSED mirror-1.crl']);
  });

  it('is not believed once suspended, nor where the CA’s entry does not name it', async () => {
    const suspended = await judged({ status: [{ status: 'suspended', since: '2026-06-01T07:30Z', recorded: 12 }, { status: 'granted', since: '2025-01-01T00:00Z', recorded: 1 }] as never });
    expect(suspended).toMatchObject({ conclusion: 'indeterminate', code: 'CRL_ISSUER_NOT_AUTHORISED' });
    expect(suspended.reasons[0]).toMatchObject({ actual: 'service urn:test:publisher CA_SUSPENDED' });
    expect(await judged({}, false)).toMatchObject({ conclusion: 'indeterminate', code: expect.stringMatching(/^CRL_(SIGNATURE_INVALID|ISSUER_NOT_AUTHORISED)$/) });
  });
});
