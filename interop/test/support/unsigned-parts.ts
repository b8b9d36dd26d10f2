import { createHash } from 'node:crypto';
import type { Report } from '../../../packages/verify/dist/index.js';
import type { BerNode } from './ber-tree.js';

/** Octets of a message whose change no signature can notice, and what they are. */
export interface UnsignedPart {
  readonly what: 'SignedData.version' | 'SignedData.digestAlgorithms' | 'certificate that the path does not use' | 'SignerInfo.version' | 'SignerInfo.sid' | 'SignerInfo.digestAlgorithm.parameters' | 'SignerInfo algorithm identifier';
  readonly from: number;
  readonly to: number;
}

/**
 * What RFC 5652 §5 leaves outside every signature, worked out from the message's own structure and the report on the
 * unchanged message:
 *
 * - the contents of SignedData.version, SignedData.digestAlgorithms and SignerInfo.version: hints to a reader;
 * - certificates that are neither the signer's nor an issuer between it and the anchor. The anchor comes from the trust
 *   list, so that its copy in the message is one of them;
 * - the contents of SignerInfo.sid, provided that it names the same certificate as before, which the caller must see to;
 * - the parameters of SignerInfo.digestAlgorithm (RFC 5754 §2: absent or NULL, and nothing depends on which);
 * - the object identifiers of the SignerInfo's algorithms, provided that the changed one is another spelling of the same
 *   algorithm (the table of aliases in the verify room) and is reported as such, which the caller must see to.
 *
 * Everything else is the content, the attributes, the signature, a certificate of the
 * path, or an identifier or length octet that holds these together.
 */
export function unsignedParts(message: Uint8Array, root: BerNode, report: Report): readonly UnsignedPart[] {
  const signedData = root.children[1]!.children[0]!;
  const [version, digestAlgorithms] = signedData.children as [BerNode, BerNode];
  const parts = [contents('SignedData.version', version), contents('SignedData.digestAlgorithms', digestAlgorithms)];
  const used = new Set(report.signers.flatMap(({ path }) => path.slice(0, -1).map(({ sha256 }) => sha256)));
  for (const certificates of signedData.children.slice(2).filter(({ tag }) => tag === 0xa0)) {
    for (const { start, end } of certificates.children) {
      const sha256 = createHash('sha256').update(message.subarray(start, end)).digest('hex');
      if (!used.has(sha256)) parts.push({ what: 'certificate that the path does not use', from: start, to: end });
    }
  }
  for (const signerInfo of signedData.children.at(-1)!.children) {
    const [signerVersion, sid, digestAlgorithm] = signerInfo.children as [BerNode, BerNode, BerNode];
    parts.push(contents('SignerInfo.version', signerVersion), contents('SignerInfo.sid', sid));
    const algorithms = signerInfo.children.slice(2).filter(({ tag }) => tag === 0x30);
    parts.push(...algorithms.map((algorithm) => contents('SignerInfo algorithm identifier', algorithm.children[0]!)));
    const parameters = digestAlgorithm.children[1];
    if (parameters !== undefined) parts.push({ what: 'SignerInfo.digestAlgorithm.parameters', from: parameters.start, to: parameters.end });
  }
  return parts;
}

function contents(what: UnsignedPart['what'], node: BerNode): UnsignedPart {
  return { what, from: node.contentStart, to: node.contentEnd };
}
