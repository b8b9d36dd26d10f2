import { sha256 } from '@hefu/crypto';
import { equalBytes, extendSignedData, hexOf, id_aa_ets_archiveTimestampV2, id_aa_ets_archiveTimestampV3, parseSignedData } from '@hefu/pki';
import { describe, expect, it } from 'vitest';
import { archived, caFrom, CONTENT, crl, day, judged, list, party, said, signature, stamped, token, tsuOf, withEvidence } from './timeline.js';

const ca = caFrom('C=CN,O=CA');
const tsaCa = caFrom('C=CN,O=TSA CA');
const tsu = tsuOf(tsaCa);
const signer = party(ca, -100, 300);
const trustList = list({ ca: [ca], tsa: [tsaCa] });

const now = [crl(ca, 9, 12), crl(tsaCa, 9, 12)];

describe('a time-stamp over the signature', () => {
  it('places it', async () => {
    const report = await judged(stamped(signature(signer), 2, tsu), { trustList, at: 10, crls: now });
    expect(report.signers[0]!.timestamps![0]!.reasons).toEqual([]);
    expect(said(report)).toBe('passed');
    expect(report.times).toMatchObject({ bestSignature: '2025-01-03T00:00:00.000Z', sources: { bestSignature: 'time-stamp' } });
    expect(report.signers[0]).toMatchObject({ level: { found: 'B-T', proven: 'B-T' } });
    expect(JSON.parse(JSON.stringify(report))).toEqual(report);
  });

  it('over another signature does not', async () => {
    const other = stamped(signature(party(ca, -100, 300)), 2, tsu);
    const [attribute] = parseSignedData(other).signerInfos[0]!.unsignedAttrs!.attributes;
    const moved = extendSignedData(parseSignedData(signature(signer)), { unsignedAttrs: [{ type: attribute!.type, values: attribute!.values }] });
    const report = await judged(moved, { trustList, at: 10, crls: now });
    expect(report.signers[0]!.timestamps![0]).toMatchObject({ conclusion: 'failed', code: 'TIMESTAMP_IMPRINT_MISMATCH', subIndication: 'HASH_FAILURE' });
    expect(report.times.sources.bestSignature).toBe('validation time');
    expect(report.warnings).toContain('TIMESTAMP_NOT_COUNTED');
  });
});

describe('B-LT, B-LTA', () => {
  it('hold after everything about the signer has run out', async () => {
    const bt = stamped(signature(signer), 2, tsu);
    const blt = withEvidence(bt, [crl(ca, 3, 5), crl(tsaCa, 3, 5)]);
    expect((await judged(blt, { trustList, at: 4 })).signers[0]).toMatchObject({ code: 'OK', level: { found: 'B-LT', proven: 'B-LT' } });
    const blta = archived(blt, 4, tsu);
    const early = await judged(blta, { trustList, at: 4.5 });
    expect(early.signers[0]).toMatchObject({ code: 'OK', level: { found: 'B-LTA', proven: 'B-LTA' } });
    // Years later: signer expired, its CRLs stale; only the last time-stamp's authority still speaks.
    const later = await judged(blta, { trustList, at: 2000, crls: [crl(tsaCa, 1999, 2001)] });
    expect(later.signers[0]!.timestamps!.map(said)).toEqual(['passed', 'passed']);
    expect(said(later)).toBe('passed');
    expect(later.signers[0]!.checks).toContainEqual(expect.objectContaining({ id: 'past.validation', outcome: 'passed' }));
    // There is no past in the scene of bids.
    expect(said(await judged(blta, { trustList, at: 2000, crls: [crl(tsaCa, 1999, 2001)], scene: 'bid-signing' }))).toBe('indeterminate TRY_LATER CRL_STALE');
    // A CRL from before the time-stamp does not speak of it.
    const older = archived(withEvidence(bt, [crl(ca, 1, 5)]), 4, tsu);
    expect(said(await judged(older, { trustList, at: 2000, crls: [crl(tsaCa, 1999, 2001)] }))).toBe('indeterminate TRY_LATER CRL_STALE');
    expect(said(await judged(older, { trustList, at: 2000, crls: [crl(tsaCa, 1999, 2001)], policy: { staleRevocation: 'validity' } }))).toBe('passed');
  });
});

describe('under an intermediate CA', () => {
  const root = caFrom('C=CN,O=Root');
  const middle = caFrom('C=CN,O=Middle', -800, 1000, root);
  const under = party(middle, -100, 300);
  const rooted = list({ ca: [root], tsa: [tsaCa] });
  const bt = stamped(signature(under), 2, tsu);
  const tsaNow = crl(tsaCa, 1999, 2001);

  it('a CRL counts once its own time is proven to be before that of the CRL above it', async () => {
    const first = archived(withEvidence(bt, [crl(middle, 3, 5)], [middle.certificate.bytes]), 4, tsu);
    const asked = { trustList: rooted, at: 2000, crls: [tsaNow, crl(root, 6, 900)] };
    expect(said(await judged(first, asked))).toBe('passed');
    // Nothing shows that the CRL of the intermediate is older than day 6, from where the root's is silent.
    const unproven = await judged(withEvidence(bt, [crl(middle, 3, 5)], [middle.certificate.bytes]), asked);
    expect(said(unproven)).toBe('indeterminate TRY_LATER CRL_STALE');
    expect(unproven.reasons.map(({ code }) => code)).toContain('PROOF_OF_EXISTENCE_MISSING');
    // A proof by whoever kept the message is as good.
    const kept = withEvidence(bt, [crl(middle, 3, 5)], [middle.certificate.bytes]);
    const proofs = (at: number) => ({ more: { proofs: [{ sha256: hexOf(sha256.digest(kept)), at: day(at) }] } });
    expect(said(await judged(kept, { ...asked, ...proofs(4) }))).toBe('passed');
    expect(said(await judged(kept, { ...asked, ...proofs(7) }))).toBe('indeterminate TRY_LATER CRL_STALE');
    expect(said(await judged(kept, { ...asked, ...proofs(4), policy: { timeSources: ['receipt', 'time-stamp'] } }))).toBe('indeterminate TRY_LATER CRL_STALE');
  });

  it('what the index does not name was added later, and is not proven', async () => {
    const early = archived(bt, 4, tsu);
    const added = withEvidence(early, [crl(middle, 3, 5)], [middle.certificate.bytes]);
    const asked = { trustList: rooted, at: 2000, crls: [tsaNow, crl(root, 6, 900)] };
    const report = await judged(added, asked);
    expect(report.signers[0]!.timestamps!.map(said)).toEqual(['passed', 'passed']);
    expect(said(report)).toBe('indeterminate TRY_LATER CRL_STALE');
    expect(report.signers[0]!.level).toEqual({ found: 'B-LTA', proven: 'B-T' });
    expect(said(await judged(archived(added, 5, tsu), asked))).toBe('passed');
  });
});

describe('an index', () => {
  const full = withEvidence(stamped(signature(signer), 2, tsu), [crl(ca, 3, 5)]);
  const asked = { trustList, at: 4.5, crls: [crl(ca, 4.4, 5), crl(tsaCa, 4.4, 5)] };
  const archive = async (message: Uint8Array): Promise<string> => said((await judged(message, asked)).signers[0]!.timestamps!.find(({ kind }) => kind === 'archive')!);

  it('names what is there, all of it', async () => {
    const done = archived(full, 4, tsu);
    expect(await archive(done)).toBe('passed');
    // The CRL it names is taken away.
    const { crls } = parseSignedData(done);
    const without = swapped(done, crls[0]!, crl(ca, 3.5, 6).bytes);
    expect(await archive(without)).toBe('failed HASH_FAILURE TIMESTAMP_INDEX_INVALID');
  });

  it.each([
    ['another digest in it', (index: Uint8Array) => { const copy = index.slice(); copy[copy.length - 1]! ^= 1; return copy; }, 'failed HASH_FAILURE TIMESTAMP_INDEX_INVALID'],
    ['octets that are none', () => Uint8Array.of(0x30, 0x00), 'failed FORMAT_FAILURE TIMESTAMP_MALFORMED'],
  ])('%s', async (_, index, expected) => {
    expect(await archive(archived(full, 4, tsu, { index }))).toBe(expected);
  });

  it('another than V3, or an archive time-stamp of version 2, is said and not counted', async () => {
    const signed = parseSignedData(full);
    const v2 = extendSignedData(signed, { unsignedAttrs: [{ type: id_aa_ets_archiveTimestampV2, values: [token(CONTENT, 3, tsu)] }] });
    expect(await archive(v2)).toBe('indeterminate GENERIC ARCHIVE_TIMESTAMP_OPEN');
    const v1 = extendSignedData(signed, { unsignedAttrs: [{ type: '1.2.840.113549.1.9.16.2.27', values: [token(CONTENT, 3, tsu)] }] });
    expect(await archive(v1)).toBe('indeterminate GENERIC TIMESTAMP_UNSUPPORTED');
    const bare = extendSignedData(signed, { unsignedAttrs: [{ type: id_aa_ets_archiveTimestampV3, values: [token(CONTENT, 3, tsu)] }] });
    expect(await archive(bare)).toBe('failed HASH_FAILURE TIMESTAMP_INDEX_INVALID');
  });
});

/** The message with other octets of a CRL; only the shell is written anew. */
function swapped(message: Uint8Array, from: Uint8Array, to: Uint8Array): Uint8Array {
  const signed = parseSignedData(message);
  const revocationInfoChoices = signed.revocationInfoChoices.map((choice) => (equalBytes(choice, from) ? to : choice));
  return extendSignedData({ ...signed, revocationInfoChoices }, {});
}
