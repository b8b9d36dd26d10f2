import { bmpString, explicit, implicitPrimitive, oid, printableString, sequence, setOf, utf8String } from '@hefu/pki';
import type { IdentityFieldName, IdentityProfile, IdentitySource } from '@hefu/trust-list';
import { describe, expect, it } from 'vitest';
import { extractIdentity } from '../../src/identity/extract.js';
import { idCardCheckCharacter } from '../../src/identity/id-card.js';
import { usccCheckCharacter } from '../../src/identity/uscc.js';
import { ascii, certificate, tlv, type ExtensionPart, type SubjectPart } from './certificate.js';

/**
 * One profile per placement found in regional CAs' certificates (who puts an identity where, in which encoding and
 * micro-format), each with certificates of invented holders, and with a neighbour that must yield nothing.
 */

const USCC17 = '91420199765432101';
const USCC = USCC17 + usccCheckCharacter(USCC17)!;
const ID17 = '42019920990228001';
const ID = ID17 + idCardCheckCharacter(ID17)!;
const NAME = '某某建设工程有限公司';
const HEX32 = '00112233445566778899aabbccddeeff';

interface Placement {
  readonly ca: string;
  readonly fields: Partial<Record<IdentityFieldName, readonly IdentitySource[]>>;
  readonly subject?: readonly SubjectPart[];
  readonly extensions?: readonly ExtensionPart[];
  readonly expect: Partial<Record<IdentityFieldName, string>>;
  /** The same profile over this finds nothing. */
  readonly not: { readonly subject?: readonly SubjectPart[]; readonly extensions?: readonly ExtensionPart[] };
}

const PLACEMENTS: readonly Placement[] = [
  {
    ca: 'BJCA: UTF8String in 1.2.156.10260.4.1.4',
    fields: { uscc: [{ ext: '1.2.156.10260.4.1.4', accept: 'USCC18' }] },
    extensions: [['1.2.156.10260.4.1.4', utf8String(USCC)]],
    expect: { uscc: USCC },
    not: { extensions: [['1.2.156.10260.4.1.4', utf8String(`${USCC}1`)]] },
  },
  {
    ca: 'BJCA: 1@5009SF0<id> in a private extension',
    fields: { personId: [{ ext: '1.2.156.112562.2.1.1.23', regex: '^-?\\d@\\d{1,8}SF0?(?<value>\\d{17}[\\dX])$', accept: 'ID-CARD' }] },
    extensions: [['1.2.156.112562.2.1.1.23', utf8String(`1@5009SF0${ID}`)]],
    expect: { personId: ID },
    not: { extensions: [['1.2.156.112562.2.1.1.23', utf8String(`1@5009JJ0${ID}`)]] },
  },
  {
    ca: 'BJCA: -1@215009JJ0<organisation code>, dash in the code',
    fields: { orgCode: [{ ext: '1.2.156.112562.2.1.1.23', regex: '^-?\\d@\\d{1,8}JJ0?(?<value>[0-9A-Z]{8}-?[0-9X])$', accept: 'ORG9' }] },
    extensions: [['1.2.156.112562.2.1.1.23', utf8String('-1@215009JJ040000000-X')]],
    expect: { orgCode: '40000000X' },
    not: { extensions: [['1.2.156.112562.2.1.1.23', utf8String('-1@215009SF040000000-X')]] },
  },
  {
    ca: 'SHECA: 9342@XY<USCC>',
    fields: { uscc: [{ ext: '1.2.156.112570.11.205', regex: '^\\d+@XY(?<value>[0-9A-Z]{18})$', accept: 'USCC18' }] },
    extensions: [['1.2.156.112570.11.205', utf8String(`9342@XY${USCC}`)]],
    expect: { uscc: USCC },
    not: { extensions: [['1.2.156.112570.11.205', utf8String(`9342@SF${USCC}`)]] },
  },
  {
    ca: 'SHECA: [0] EXPLICIT PrintableString in .4.1.1',
    fields: { personId: [{ ext: '1.2.156.10260.4.1.1', decode: ['der-string'], accept: 'ID-CARD' }] },
    extensions: [['1.2.156.10260.4.1.1', explicit(0, printableString(ID))]],
    expect: { personId: ID },
    not: { extensions: [['1.2.156.10260.4.1.1', explicit(0, printableString(ID), printableString(ID))]] },
  },
  {
    ca: 'GZCA: SET { [0] IMPLICIT } in .4.1.1, PrintableString in .4.1.4',
    fields: { personId: [{ ext: '1.2.156.10260.4.1.1', accept: 'ID-CARD' }], uscc: [{ ext: '1.2.156.10260.4.1.4', accept: 'USCC18' }] },
    extensions: [['1.2.156.10260.4.1.1', setOf(implicitPrimitive(0, ascii(ID)))], ['1.2.156.10260.4.1.4', printableString(USCC)]],
    expect: { personId: ID, uscc: USCC },
    not: { extensions: [['1.2.156.10260.4.1.1', setOf(implicitPrimitive(0, ascii(ID.slice(1))))]] },
  },
  {
    ca: 'JLCA: SET { [0] EXPLICIT } under the arc before SM2',
    fields: { personId: [{ ext: '1.2.86.11.7.1', accept: 'ID-CARD' }] },
    extensions: [['1.2.86.11.7.1', setOf(explicit(0, printableString(ID)))]],
    expect: { personId: ID },
    not: { extensions: [['1.2.86.11.7.2', setOf(explicit(0, printableString(ID)))]] },
  },
  {
    // Here .3 is the organisation code and .4 the licence number: the other way round than 1.2.156.10260.4.1.
    ca: 'RSA era: 1.2.86.11.7.3 and .4',
    fields: { orgCode: [{ ext: '1.2.86.11.7.3', accept: 'ORG9' }], licenceNo: [{ ext: '1.2.86.11.7.4', accept: 'LICENCE15' }] },
    extensions: [['1.2.86.11.7.3', ascii('40000000-X')], ['1.2.86.11.7.4', printableString('420199000012345')]],
    expect: { orgCode: '40000000X', licenceNo: '420199000012345' },
    not: { extensions: [['1.2.86.11.7.4', ascii('40000000-X')], ['1.2.86.11.7.3', printableString('420199000012345')]] },
  },
  {
    ca: 'ZJCA: raw ASCII without a TLV in .4.1.1, name in G, code in 2.5.4.1',
    fields: {
      personId: [{ ext: '1.2.156.10260.4.1.1', decode: ['raw-utf8'], accept: 'ID-CARD' }],
      name: [{ dn: 'G', accept: 'TEXT' }],
      uscc: [{ dn: '2.5.4.1', accept: 'USCC18' }],
    },
    subject: [['2.5.4.42', NAME], ['2.5.4.1', printableString(USCC)]],
    extensions: [['1.2.156.10260.4.1.1', ascii(ID)]],
    expect: { personId: ID, name: NAME, uscc: USCC },
    not: { subject: [['2.5.4.4', NAME]], extensions: [['1.2.156.10260.4.1.1', utf8String(ID)]] },
  },
  {
    ca: 'HBCA: USCC glued to the front of O, check character wrong',
    fields: {
      uscc: [{ dn: 'O', regex: '^(?<value>[0-9A-HJ-NPQRTUWXY]{18})[^0-9A-Z].*$', accept: 'USCC18' }],
      name: [{ dn: 'O', regex: '^[0-9A-HJ-NPQRTUWXY]{18}(?<value>[^0-9A-Z].*)$', accept: 'TEXT' }],
    },
    subject: [['2.5.4.10', `91420199765432101A${NAME}`], ['2.5.4.3', '42010600000001']],
    expect: { uscc: '91420199765432101A', name: NAME },
    // Digits inside a name are no code.
    not: { subject: [['2.5.4.10', `${NAME}${USCC}`]] },
  },
  {
    ca: 'HBCA: *192G* and 1@0011SF0<id>',
    fields: {
      serviceNo: [{ ext: '2.4.16.11.7.1', regex: '^\\*(\\w+)\\*$', accept: 'OPAQUE' }],
      personId: [{ ext: '1.2.156.1001', regex: '^1@\\d{4}SF0?(\\d{17}[\\dX])$', accept: 'ID-CARD' }],
    },
    extensions: [['2.4.16.11.7.1', utf8String('*192G*')], ['1.2.156.1001', utf8String(`1@0011SF0${ID}`)]],
    expect: { serviceNo: '192G', personId: ID },
    not: { extensions: [['2.4.16.11.7.1', utf8String('192G')], ['1.2.156.1001', utf8String(`1@0011JJ0${ID}`)]] },
  },
  {
    ca: 'CFCA: CN = 041@0<id>@<name>@00000001',
    fields: {
      personId: [{ dn: 'CN', regex: '^041@0(?<value>\\d{17}[\\dX])@[^@]+@\\d{8}$', accept: 'ID-CARD' }],
      personName: [{ dn: 'CN', regex: '^041@0\\d{17}[\\dX]@(?<value>[^@]+)@\\d{8}$', accept: 'TEXT' }],
    },
    subject: [['2.5.4.3', `041@0${ID}@某某@00000001`]],
    expect: { personId: ID, personName: '某某' },
    not: { subject: [['2.5.4.3', `041@0${ID}@某某@00000001@x`]] },
  },
  {
    ca: 'MCSCA: CN = <orderId>@<name>@02@<seq>, serialNumber in the DN',
    fields: {
      name: [{ dn: 'CN', regex: '^[^@]+@(?<value>[^@]+)@02@\\d+$', accept: 'TEXT' }],
      uscc: [{ dn: 'serialNumber', accept: 'USCC18' }],
    },
    subject: [['2.5.4.3', `20260101000001@${NAME}@02@001`], ['2.5.4.5', printableString(USCC)]],
    expect: { name: NAME, uscc: USCC },
    not: { subject: [['2.5.4.3', '20260101000001@某某@01@001'], ['2.5.4.5', printableString(ID)]] },
  },
  {
    ca: 'SDCA: I<id> in OU, one OU of two',
    fields: { personId: [{ dn: 'OU', regex: '^I(\\d{17}[\\dX])$', accept: 'ID-CARD' }] },
    subject: [['2.5.4.11', '工程部'], ['2.5.4.11', `I${ID}`]],
    expect: { personId: ID },
    not: { subject: [['2.5.4.11', ID]] },
  },
  {
    ca: 'NETCA: <32 hex>@S02, not reversible',
    fields: { opaqueId: [{ ext: '1.3.6.1.4.1.18760.1.12.11', regex: '^([0-9a-f]{32})@S02$', accept: 'OPAQUE' }] },
    extensions: [['1.3.6.1.4.1.18760.1.12.11', utf8String(`${HEX32}@S02`)]],
    expect: { opaqueId: HEX32 },
    not: { extensions: [['1.3.6.1.4.1.18760.1.12.11', utf8String(`${HEX32}@S01`)]] },
  },
  {
    ca: 'GDCA: trust service number 1.2.86.21.1.3',
    fields: { serviceNo: [{ ext: '1.2.86.21.1.3', accept: 'TEXT' }] },
    extensions: [['1.2.86.21.1.3', printableString('N0042')]],
    expect: { serviceNo: 'N0042' },
    not: { extensions: [['1.2.86.21.1.3', Uint8Array.of(5, 0)]] },
  },
  {
    ca: 'FJCA: raw ASCII with a dash in .4.1.4, 6016@1059A… beside',
    fields: {
      orgCode: [{ ext: '1.2.156.10260.4.1.4', strip: ['-'], accept: 'ORG9' }],
      serviceNo: [{ ext: '1.2.156.112578.4', regex: '^6016@1059A(.+)$', accept: 'TEXT' }],
    },
    extensions: [['1.2.156.10260.4.1.4', ascii('40000000-X')], ['1.2.156.112578.4', utf8String('6016@1059AB77')]],
    expect: { orgCode: '40000000X', serviceNo: 'B77' },
    not: { extensions: [['1.2.156.10260.4.1.4', ascii('40000000_X')], ['1.2.156.112578.4', utf8String('6016@1058AB77')]] },
  },
  {
    ca: 'organizationIdentifier 2.5.4.97 by EN 319 412-1',
    fields: { uscc: [{ dn: '2.5.4.97', regex: '^NTRCN-(.+)$', accept: 'USCC18' }] },
    subject: [['2.5.4.97', `NTRCN-${USCC}`]],
    expect: { uscc: USCC },
    not: { subject: [['2.5.4.97', `NTRDE-${USCC}`]] },
  },
  {
    ca: 'otherName in the subjectAltName',
    fields: { uscc: [{ san: '1.2.156.112562.99', accept: 'USCC18' }] },
    extensions: [['2.5.29.17', sequence(tlv(0xa0, oid('1.2.156.112562.99'), explicit(0, utf8String(USCC))))]],
    expect: { uscc: USCC },
    not: { extensions: [['2.5.29.17', sequence(tlv(0xa0, oid('1.2.156.112562.98'), explicit(0, utf8String(USCC))))]] },
  },
  {
    ca: 'rfc822Name in the subjectAltName, by kind',
    fields: { serviceNo: [{ san: 'rfc822Name', regex: '^(\\d+)@ca\\.example$', accept: 'TEXT' }] },
    extensions: [['2.5.29.17', sequence(tlv(0x81, ascii('10086@ca.example')))]],
    expect: { serviceNo: '10086' },
    not: { extensions: [['2.5.29.17', sequence(tlv(0x82, ascii('10086@ca.example')))]] },
  },
  {
    ca: 'SHECA, GZCA: BMPString and GBK in a TeletexString of the DN',
    fields: { name: [{ dn: 'O', accept: 'TEXT' }], personName: [{ dn: 'CN', accept: 'TEXT' }] },
    subject: [['2.5.4.10', bmpString(NAME)], ['2.5.4.3', tlv(0x14, Uint8Array.of(0xb2, 0xe2, 0xca, 0xd4))]],
    expect: { name: NAME, personName: '测试' },
    not: { subject: [['2.5.4.10', tlv(0x1e, Uint8Array.of(0x4e))], ['2.5.4.3', tlv(0x0c, Uint8Array.of(0xb2, 0xe2))]] },
  },
  {
    ca: 'GBK without a TLV',
    fields: { name: [{ ext: '1.2.156.1002', decode: ['raw-gbk'], accept: 'TEXT' }] },
    extensions: [['1.2.156.1002', Uint8Array.of(0xb2, 0xe2, 0xca, 0xd4)]],
    expect: { name: '测试' },
    not: { extensions: [['1.2.156.1002', Uint8Array.of(0xb2, 0xe2, 0xca)]] },
  },
  {
    ca: 'a stray header inside the CN',
    fields: { uscc: [{ dn: 'CN', decode: ['der-string'], accept: 'USCC18' }] },
    subject: [['2.5.4.3', tlv(0x0c, printableString(USCC))]],
    expect: { uscc: USCC },
    not: { subject: [['2.5.4.3', tlv(0x0c, Uint8Array.of(0x13, 0x11), ascii(USCC))]] },
  },
];

function profileOf({ fields }: Placement): IdentityProfile {
  return { id: 'prof:test', version: 1, subjectType: [], fields: Object.fromEntries(Object.entries(fields).map(([name, sources]) => [name, { try: sources }])) };
}

describe('identity placements of regional CAs', () => {
  it.each(PLACEMENTS.map((placement) => [placement.ca, placement] as const))('%s', (_, placement) => {
    const found = extractIdentity(certificate(placement.subject ?? [], placement.extensions), profileOf(placement), { reveal: true });
    expect(found).toMatchObject(placement.expect);
    expect(found.conflicts).toEqual([]);
    expect(found.evidence.map((hit) => hit.field).sort()).toEqual(Object.keys(placement.expect).sort());

    const missed = extractIdentity(certificate(placement.not.subject ?? [], placement.not.extensions), profileOf(placement), { reveal: true });
    expect(missed.evidence).toEqual([]);
    for (const field of Object.keys(placement.expect)) expect(missed[field as IdentityFieldName]).toBeUndefined();
  });
});
