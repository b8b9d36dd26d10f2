import { Buffer } from 'node:buffer';
import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parseCertificate, parseCertificateList, PkiError, type Certificate } from '@hefu/pki';
import { DEFAULT_BUDGET } from '../../src/path/budget.js';
import { checkRevocation, revocationSubjects } from '../../src/revocation/check.js';
import { ALGORITHMS, anchorOf, build } from './issue.js';

/** x509-limbo's core namespaces over the path builder. Rows of `DIFFERENT` are where the regional profile differs on purpose. */

interface LimboCase {
  readonly id: string;
  readonly trusted_certs: readonly string[];
  readonly untrusted_intermediates: readonly string[];
  readonly peer_certificate: string;
  readonly validation_time: string | null;
  readonly expected_result: 'SUCCESS' | 'FAILURE';
  readonly max_chain_depth: number | null;
  readonly crls: readonly string[];
}

const FILE = resolve(process.env['HEFU_VECTORS'] ?? resolve(import.meta.dirname, '../../../../../shared/vectors'), 'x509-limbo/limbo-core.json');
const present = existsSync(FILE);
if (!present) console.warn(`SKIPPED: x509-limbo is not at ${FILE}; set HEFU_VECTORS`);

const der = (pem: string): Uint8Array => new Uint8Array(Buffer.from(pem.replace(/-----[^-]+-----|\s/g, ''), 'base64'));

function readable(pems: readonly string[]): Certificate[] {
  return pems.flatMap((pem) => {
    try {
      const certificate = parseCertificate(der(pem));
      void certificate.spki.key;
      return [certificate];
    } catch (error) {
      if (error instanceof PkiError) return [];
      throw error;
    }
  });
}

async function run(test: LimboCase): Promise<string> {
  const at = test.validation_time === null ? Date.now() : Date.parse(test.validation_time);
  const [leaf] = readable([test.peer_certificate]);
  if (leaf === undefined) return 'unreadable';
  // max_chain_depth counts as pathLenConstraint does: intermediates that are not self-issued.
  const bound = test.max_chain_depth === null ? {} : { pathLength: test.max_chain_depth };
  const anchors = readable(test.trusted_certs).map((certificate, index) => ({ ...anchorOf(certificate, `anchor:${index}`), ...bound }));
  const { accepted, failure, spent } = await build(leaf, readable(test.untrusted_intermediates), anchors, { at, enforceAnchorValidity: true });
  expect(spent.signatureChecks).toBeLessThanOrEqual(DEFAULT_BUDGET.maxSignatureChecks);
  if (accepted === undefined) return failure!.code;
  if (test.crls.length === 0) return 'OK';
  const crls = test.crls.map((pem) => ({ crl: parseCertificateList(der(pem)) }));
  const options = { path: accepted, crls, at, algorithms: ALGORITHMS, freshness: { grace: 0, clockSkew: 0 } };
  for (const index of revocationSubjects(accepted)) {
    const { status, code } = await checkRevocation({ ...options, index });
    if (status !== 'good') return code!;
  }
  return 'OK';
}

const CORE = /^(?:rfc5280|pathlen|crl|cve|pathological)::/;

/** Accepted here although the suite says otherwise; everything else agrees. Nothing may join without a reason. */
const DIFFERENT: Readonly<Record<string, string>> = {
  'crl::crlnumber-missing': 'CRLs without a number exist in the field; the number decides nothing here',
  'rfc5280::aki::critical-aki': 'profile row authorityKeyIdentifier',
  'rfc5280::aki::leaf-missing-aki': 'profile row authorityKeyIdentifier',
  'rfc5280::aki::intermediate-missing-aki': 'profile row authorityKeyIdentifier',
  'rfc5280::aki::cross-signed-root-missing-aki': 'profile row authorityKeyIdentifier',
  'rfc5280::ski::critical-ski': 'profile row subjectKeyIdentifier',
  'rfc5280::ski::root-missing-ski': 'profile row subjectKeyIdentifier',
  'rfc5280::ski::intermediate-missing-ski': 'profile row subjectKeyIdentifier',
  'rfc5280::root-non-critical-basic-constraints': 'profile row basicConstraints',
  'rfc5280::nc::permitted-dns-match-noncritical': 'profile row nameConstraints: enforced though not critical',
  'rfc5280::serial::too-long': 'an issuer duty (§4.1.2.2 asks users to handle it); a deviation for policy',
  'rfc5280::serial::zero': 'an issuer duty (§4.1.2.2 asks users to handle it); seen in the field',
  'rfc5280::serial::negative': 'an issuer duty (§4.1.2.2 asks users to handle it); a deviation for policy',
  'rfc5280::san::noncritical-with-empty-subject': 'subjectAltName names hosts, which no document signature asks after',
  'rfc5280::san::underscore-dns': 'host names are not asked after',
  'rfc5280::san::ip-in-dns': 'host names are not asked after',
  'rfc5280::ca-as-leaf-wrong-san': 'host names are not asked after',
  'rfc5280::eku::ee-wrong-eku': 'the purpose of the leaf is judged after its path',
  'rfc5280::leaf-ku-keycertsign': 'the key usage of the leaf is judged after its path',
};

describe.skipIf(!present)('x509-limbo, core', () => {
  it('agrees but for the listed differences', async () => {
    const { testcases } = JSON.parse(readFileSync(FILE, 'utf8')) as { testcases: readonly LimboCase[] };
    const core = testcases.filter(({ id }) => CORE.test(id));
    expect(core).toHaveLength(137);
    const falseAccepts: string[] = [];
    const falseRejects: string[] = [];
    for (const test of core) {
      const result = await run(test);
      if (result === 'OK' && test.expected_result === 'FAILURE') falseAccepts.push(test.id);
      if (result !== 'OK' && test.expected_result === 'SUCCESS') falseRejects.push(`${test.id}: ${result}`);
    }
    expect(falseRejects).toEqual([]);
    expect(falseAccepts.sort()).toEqual(Object.keys(DIFFERENT).sort());
  });
});
