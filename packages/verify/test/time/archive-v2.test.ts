import { concatBytes, extendSignedData, id_aa_ets_archiveTimestampV2, parseSignedData } from '@hefu/pki';
import { describe, expect, it } from 'vitest';
import { archived, caFrom, CONTENT, crl, judged, list, party, said, signature, stamped, token, tsuOf, withEvidence, type Party } from './timeline.js';

const ca = caFrom('C=CN,O=CA');
const middle = caFrom('C=CN,O=Middle', -800, 1000, ca);
const tsaCa = caFrom('C=CN,O=TSA CA');
const tsu = tsuOf(tsaCa);
const signer = party(middle, -100, 300);
const trustList = list({ ca: [ca], tsa: [tsaCa] });
// Under an intermediate whose CRL nobody asks for any more: only a proof of its age lets the CRL that is kept count.
const asked = { trustList, at: 2000, crls: [crl(tsaCa, 1999, 2001), crl(ca, 6, 900)] };
const full = withEvidence(stamped(signature(signer), 2, tsu), [crl(middle, 3, 5), crl(tsaCa, 3, 5)], [middle.certificate.bytes]);

interface V2Options {
  /** Without tag and length of the unsigned attributes. */
  readonly bare?: boolean;
  readonly content?: Uint8Array;
  readonly alter?: (octets: Uint8Array) => Uint8Array;
  readonly by?: Party;
}
/** TS 101 733 §6.4.1, from slices of the message as it lies there: written apart from what reads it. */
function archivedV2(message: Uint8Array, at: number, { bare = false, content = CONTENT, alter = (octets) => octets, by = tsu }: V2Options = {}): Uint8Array {
  const signed = parseSignedData(message);
  const info = signed.signerInfos[0]!;
  const { unsignedAttrs, encapContentInfo } = { ...info, encapContentInfo: signed.encapContentInfo };
  const from = encapContentInfo.bytes.byteOffset - message.byteOffset;
  // Between encapContentInfo and the SET OF SignerInfos: certificates and CRLs. The SET's header is as long as that of any TLV of the length.
  const set = info.bytes.byteOffset - message.byteOffset - (info.bytes.length < 128 ? 2 : info.bytes.length < 256 ? 3 : info.bytes.length < 65_536 ? 4 : 5);
  const certificatesAndCrls = message.subarray(from + encapContentInfo.bytes.length, set);
  const unsigned = bare ? concatBytes(...unsignedAttrs!.attributes.map(({ bytes }) => bytes)) : unsignedAttrs!.bytes;
  const octets = concatBytes(encapContentInfo.bytes, content, certificatesAndCrls, info.fields, unsigned);
  return extendSignedData(signed, { unsignedAttrs: [{ type: id_aa_ets_archiveTimestampV2, values: [token(alter(octets), at, by)] }] });
}
const stamps = async (message: Uint8Array): Promise<string[]> => (await judged(message, asked)).signers[0]!.timestamps!.map(({ kind, code }) => `${kind} ${code}`);

describe('an archive time-stamp of version 2', () => {
  it.each([['with tag and length of the unsigned attributes', {}], ['without', { bare: true }]])('%s covers the whole message, and proves its age', async (_, options) => {
    const message = archivedV2(full, 4, options);
    expect(await stamps(message)).toEqual(['signature OK', 'archive OK']);
    const report = await judged(message, asked);
    expect(said(report)).toBe('passed');
    expect(report.signers[0]!.level!.found).toBe('B-LT');
    expect((await judged(full, asked)).conclusion).toBe('indeterminate');
  });

  it.each<[string, V2Options]>([
    ['over other content', { content: new TextEncoder().encode('投标涵') }],
    ['over a message with an octet altered', { alter: (octets) => octets.map((octet, index) => (index === octets.length >> 1 ? octet ^ 1 : octet)) }],
    ['over part of it', { alter: (octets) => octets.subarray(0, -1) }],
  ])('%s is left open, named by a code of its own', async (_, options) => {
    const message = archivedV2(full, 4, options);
    expect(await stamps(message)).toEqual(['signature OK', 'archive ARCHIVE_TIMESTAMP_OPEN']);
    expect((await judged(message, asked)).conclusion).toBe('indeterminate');
  });

  it('something put into the message since, or taken out of it', async () => {
    const message = archivedV2(full, 4);
    expect(await stamps(withEvidence(message, [crl(ca, 4, 6)]))).toEqual(['signature OK', 'archive ARCHIVE_TIMESTAMP_OPEN']);
    const signed = parseSignedData(message);
    const without = extendSignedData({ ...signed, revocationInfoChoices: signed.revocationInfoChoices.slice(1) }, {});
    expect(await stamps(without)).toEqual(['signature OK', 'archive ARCHIVE_TIMESTAMP_OPEN']);
  });

  it('by an authority that no list has proves nothing', async () => {
    expect(await stamps(archivedV2(full, 4, { by: tsuOf(caFrom('C=CN,O=Unlisted')) }))).toEqual(['signature OK', 'archive TSA_NOT_LISTED']);
  });

  it('one after another, and one of version 3 after it: each over what was there', async () => {
    const twice = archivedV2(archivedV2(full, 4), 5);
    expect(await stamps(twice)).toEqual(['signature OK', 'archive OK', 'archive OK']);
    expect((await stamps(archived(archivedV2(full, 4), 5, tsu))).sort()).toEqual(['archive OK', 'archive OK', 'signature OK']);
  });
});
