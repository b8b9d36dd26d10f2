import { expect } from 'vitest';
import { equalBytes, namesEqual, readSignedData, type SignerIdentifier } from '../../../packages/pki/dist/index.js';
import type { Report } from '../../../packages/verify/dist/index.js';
import { berTree } from './ber-tree.js';
import { unsignedParts } from './unsigned-parts.js';

/** Everything is tried, where minutes do not matter. */
const LONG = process.env['HEFU_LONG_TESTS'] === '1';
/** Of certificates and content a sample takes one octet in so many, of signerInfos one in three. No multiples of eight, so that the bit's place goes round. */
export const STRIDE = 13;
const STRIDE_OF_SIGNERS = 3;
/** Where the message begins, with the list of digests, no sample leaves anything out. */
const BEGINNING = 64;

/**
 * Flips bits of a message that passes: in every octet one, the bit's place going round from octet to octet. `sample`: in some
 * octets of the long parts only. With HEFU_LONG_TESTS=1 none is left out, and for `one` every bit of the signerInfos is flipped.
 * Nothing may pass but what `unsignedParts` explains, and what passes must say the same about the same signer.
 * @returns how many were flipped, and how many passed in each part
 */
export async function flipOctets(message: Uint8Array, judge: (message: Uint8Array) => Promise<Report>, asked: 'sample' | 'one'): Promise<{ flipped: number; passed: Readonly<Record<string, number>> }> {
  const sample = asked === 'sample' && !LONG;
  const everyBit = asked === 'one' && LONG;
  const good = await judge(message);
  expect([good.conclusion, good.code]).toEqual(['passed', 'OK']);
  const root = berTree(message);
  const signerInfos = root.children[1]!.children[0]!.children.at(-1)!;
  const parts = unsignedParts(message, root, good);
  const passed: Record<string, number> = {};
  let flipped = 0;
  for (let index = 0; index < message.length; index++) {
    const signerInfo = index >= signerInfos.contentStart && index < signerInfos.contentEnd;
    if (sample && index >= BEGINNING && index % (signerInfo ? STRIDE_OF_SIGNERS : STRIDE) !== 0) continue;
    for (const bit of signerInfo && everyBit ? [0, 1, 2, 3, 4, 5, 6, 7] : [index % 8]) {
      const changed = message.slice();
      changed[index]! ^= 1 << bit;
      flipped++;
      const report = await judge(changed);
      if (report.conclusion !== 'passed') continue;
      const part = parts.find(({ from, to }) => index >= from && index < to);
      expect(part, `bit ${bit} of octet ${index} passes, and nothing says it may`).toBeDefined();
      expect(claims(report)).toEqual(claims(good));
      if (part!.what === 'SignerInfo.sid') expect(sameSigners(changed, message), `octet ${index}`).toBe(true);
      if (part!.what === 'SignerInfo algorithm identifier') expect([report.warnings.includes('MESSAGE_NON_STANDARD'), algorithmsOf(report)]).toEqual([true, algorithmsOf(good)]);
      passed[part!.what] = (passed[part!.what] ?? 0) + 1;
    }
  }
  return { flipped, passed };
}

/** Bits of a detached content, one at a time, in every octet one and with HEFU_LONG_TESTS=1 every one: none may pass. @returns how many */
export async function flipContent(content: Uint8Array, judge: (content: Uint8Array) => Promise<Report>): Promise<number> {
  expect((await judge(content)).code).toBe('OK');
  const step = LONG ? 1 : 9;
  let flipped = 0;
  for (let bit = 0; bit < 8 * content.length; bit += step, flipped++) {
    const changed = content.slice();
    changed[bit >> 3]! ^= 1 << (bit & 7);
    expect((await judge(changed)).conclusion, `bit ${bit}`).toBe('failed');
  }
  return flipped;
}

function algorithmsOf({ signers }: Report): object {
  return signers.map(({ digestAlgorithm, signatureAlgorithm }) => ({ digestAlgorithm, signatureAlgorithm }));
}

/** What a verdict says that somebody would act on. */
function claims({ signers, identity, content }: Report): object {
  return { identity, digests: content.digests, signers: signers.map(({ path, messageVariant, claimedSigningTime, trustDecision }) => ({ path, messageVariant, claimedSigningTime, trustDecision })) };
}

/** Names compare without regard to case (RFC 5280 §7.1), so that an issuer in sid may be written in two ways. */
function sameSigners(a: Uint8Array, b: Uint8Array): boolean {
  const [one, other] = [a, b].map((message) => readSignedData(message).signerInfos.map(({ sid }) => sid)) as [SignerIdentifier[], SignerIdentifier[]];
  return one.every((sid, index) => {
    const before = other[index]!;
    if (sid.kind === 'subjectKeyIdentifier' || before.kind === 'subjectKeyIdentifier') return false;
    return equalBytes(sid.serialNumber, before.serialNumber) && namesEqual(sid.issuer, before.issuer);
  });
}
