// node:crypto: the signature checks by themselves, which are the floor for everything else, and the walk over
// X509Certificate objects that people write by hand.
import { createHash, createPublicKey, createVerify, verify, X509Certificate } from 'node:crypto';
import { sm2Z } from '../../packages/crypto/dist/index.js';
import { messageDigestOf, parseCertificate, parseSignedData } from '../../packages/pki/dist/index.js';

/** One signature check, the key imported and the octets at hand. SM2: SM3 over Z and the message; `crypto.verify` has no place for Z. */
function signatureCheck({ key }, message, signature) {
  const publicKey = createPublicKey({ key: Buffer.from(key.spkiDer), format: 'der', type: 'spki' });
  if (key.kind === 'SM2') {
    const z = sm2Z(key.publicKey.point);
    return () => createVerify('sm3').update(z).update(message).verify(publicKey, signature);
  }
  return () => verify('sha256', message, publicKey, signature);
}

function certificateCheck(child, issuer) {
  const { tbs, signature } = parseCertificate(child.der);
  return signatureCheck(issuer, tbs, signature);
}

/** The check of the leaf alone. */
export function leafCheck({ ca, leaf }) {
  return certificateCheck(leaf, ca);
}

/** The signature checks of a chain, each certificate by the one above it. */
export function chainChecks({ root, cas, leaf }) {
  const chain = [leaf, ...cas, root];
  const checks = chain.slice(0, -1).map((child, i) => certificateCheck(child, chain[i + 1]));
  return () => checks.every((check) => check());
}

/** Those, the check of the message's signature, and the digest of the content. */
export function messageChecks(chain, message, content) {
  const [signer] = parseSignedData(message).signerInfos;
  const checkMessage = signatureCheck(chain.leaf, signer.signedAttrs.signedBytes, signer.signature);
  const checkChain = chainChecks(chain);
  const expected = Buffer.from(messageDigestOf(signer.signedAttrs).value);
  const digest = chain.kind === 'SM2' ? 'sm3' : 'sha256';
  return () => createHash(digest).update(content).digest().equals(expected) && checkMessage() && checkChain();
}

export function chainWithNode({ root, cas, leaf }, at) {
  const anchor = new X509Certificate(root.der);
  return () => walk(leaf, cas, anchor, at);
}

export function chainWithNodeFromNothing({ root, cas, leaf }, at) {
  return () => walk(leaf, cas, new X509Certificate(root.der), at);
}

/** Every candidate of the right name is tried, the anchor first; those that are tried and do not lead on are passed over. */
function walk(leaf, candidates, anchor, at) {
  const issuers = [anchor, ...candidates.map(({ der }) => new X509Certificate(der))];
  let certificate = new X509Certificate(leaf.der);
  for (let depth = 0; depth < 10; depth++) {
    if (Date.parse(certificate.validFrom) > at || Date.parse(certificate.validTo) < at) return false;
    if (certificate === anchor) return true;
    const child = certificate;
    certificate = issuers.find((issuer) => issuer.ca && child.checkIssued(issuer) && child.verify(issuer.publicKey));
    if (certificate === undefined) return false;
  }
  return false;
}
