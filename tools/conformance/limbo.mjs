// x509-limbo (C2SP/x509-limbo, limbo-schema.json) over `validatePath`: one case in, SUCCESS or FAILURE out.
import { Buffer } from 'node:buffer';
import { isIP } from 'node:net';
import { getPublicSuffix } from 'tldts';

const EKU = {
  anyExtendedKeyUsage: '2.5.29.37.0', serverAuth: '1.3.6.1.5.5.7.3.1', clientAuth: '1.3.6.1.5.5.7.3.2', codeSigning: '1.3.6.1.5.5.7.3.3',
  emailProtection: '1.3.6.1.5.5.7.3.4', timeStamping: '1.3.6.1.5.5.7.3.8', OCSPSigning: '1.3.6.1.5.5.7.3.9',
};
const KINDS = { DNS: 'dns', IP: 'ip', RFC822: 'email' };

const der = (pem) => new Uint8Array(Buffer.from(pem.replace(/-----[^-]+-----|\s/g, ''), 'base64'));
// A host that is an address is one, whatever the case calls it (RFC 9525 §6.1).
const peer = ({ kind, value }) => ({ kind: kind === 'DNS' && isIP(value) !== 0 ? 'ip' : KINDS[kind], value });
const usages = (test) => (test.extended_key_usage.length === 0 && test.validation_kind === 'SERVER' ? ['serverAuth'] : test.extended_key_usage);

/**
 * @param verify the exports of `@hefu/verify`
 * @param now epoch milliseconds for cases without a validation_time
 */
export async function runLimbo(test, { verify: { STRICT, validatePath, WEB_PKI }, algorithms, now }) {
  const { valid, failure, spent } = await validatePath({
    leaf: der(test.peer_certificate),
    candidates: test.untrusted_intermediates.map(der),
    anchors: test.trusted_certs.map(der),
    at: test.validation_time === null ? now : Date.parse(test.validation_time),
    algorithms: test.signature_algorithms?.length > 0 ? only(algorithms, test.signature_algorithms) : algorithms,
    profile: test.id.startsWith('webpki::') ? WEB_PKI : STRICT,
    peerName: [test.expected_peer_name, ...(test.expected_peer_names ?? [])].filter((name) => name !== null).map(peer),
    extendedKeyUsages: usages(test).map((usage) => EKU[usage] ?? usage),
    keyUsages: test.key_usage.map((usage) => (usage === 'contentCommitment' ? 'nonRepudiation' : usage)),
    crls: test.crls.map(der),
    publicSuffix: (domain) => getPublicSuffix(domain, { allowPrivateDomains: true }),
    ...(test.max_chain_depth === null ? {} : { maxDepth: test.max_chain_depth }),
  });
  return { result: valid ? 'SUCCESS' : 'FAILURE', failure, spent };
}

/** `RSA_WITH_SHA256`, `ECDSA_WITH_SHA384`, `RSASSA_PSS`, `ED25519` as the names of our algorithms. */
function only(algorithms, names) {
  const wanted = names.map((name) => name.replace(/^RSA_WITH_SHA/, 'RSASSA-PKCS1-v1_5-SHA-').replace(/^ECDSA_WITH_SHA/, 'ECDSA-SHA-').replace('RSASSA_PSS', 'RSASSA-PSS').replace('ED25519', 'Ed25519'));
  return { ...algorithms, signatures: algorithms.signatures.filter(({ name }) => wanted.includes(name)) };
}
