import type { SignedData } from '@hefu/pki';
import { describe, expect, it } from 'vitest';
// Certificates and lists made for the judge's own tests.
import { keyUsage, newCa, newKey, newLeaf } from '../../verify/test/path/issue.js';
import { crlBy, crlIssuer, points } from '../../verify/test/revocation/world.js';
import { anchor, listOf, serviceOf } from '../../verify/test/trust/listed.js';
import { crlAcceptance } from '../src/accept-crl.js';
import { nodeAlgorithms } from '../../node/src/algorithms.js';

const ca = newCa('C=CN,O=CA');
const publisher = newCa('C=CN,O=Publisher', undefined, { kind: 'bare', extensions: [keyUsage('cRLSign')] });
const leaf = newLeaf(ca);
const naming = newLeaf(ca, { extensions: [points([crlIssuer(publisher.name)])] });
const list = (kind: 'crl-issuer' | 'tsa') =>
  listOf(serviceOf('urn:ca', { anchors: [anchor(ca.certificate)] }), serviceOf('urn:p', { kind, anchors: [anchor(publisher.certificate)] }));

describe('a CRL is worth keeping', () => {
  const accepts = crlAcceptance(nodeAlgorithms());
  const kept = (certificate: typeof leaf, crl: ReturnType<typeof crlBy>, kind: 'crl-issuer' | 'tsa' = 'crl-issuer'): Promise<boolean> =>
    accepts({ certificates: [certificate.bytes] } as unknown as SignedData, list(kind))(crl);

  it('of the CA above, signed by it', async () => {
    expect(await kept(leaf, crlBy(ca))).toBe(true);
    expect(await kept(leaf, crlBy({ name: ca.name, key: newKey('p256') }))).toBe(false);
    expect(await kept(leaf, crlBy(newCa('C=CN,O=Other')))).toBe(false);
  });
  it('of a publisher that the certificate names', async () => {
    expect(await kept(naming, crlBy(publisher))).toBe(true);
    expect(await kept(leaf, crlBy(publisher))).toBe(false);
  });
  it('under the CA’s name by a service of kind crl-issuer, and of no other kind', async () => {
    const underCa = crlBy({ name: ca.name, key: publisher.key });
    expect(await kept(leaf, underCa)).toBe(true);
    expect(await kept(leaf, underCa, 'tsa')).toBe(false);
  });
});
