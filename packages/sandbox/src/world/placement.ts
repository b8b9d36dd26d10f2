import { bytesToHex } from '@noble/hashes/utils.js';
import { explicit, implicitPrimitive, printableString, setOf, utf8String } from '@hefu/pki';
import type { IdentityField, IdentityProfile, IdentitySource } from '@hefu/trust-list';
import { extension, type ExtensionSpec } from '../extension.js';
import { attr, type NameSpec } from '../name.js';
import type { Seed } from '../seed.js';
import { NINE_CITIES } from './cities.js';
import type { ExpectedIdentity, Holder } from './holder.js';

/**
 * Where a CA writes who its subject is: the shapes are those of real CAs (field notes §1.4, §1.5), the private
 * arcs `1.2.156.9990xx` are invented. One placement and one matching identity profile for each CA.
 */
export interface Placement {
  subject(holder: Holder, seed: Seed): NameSpec;
  extensions(holder: Holder, seed: Seed): readonly ExtensionSpec[];
  readonly profile: IdentityProfile;
  expected(holder: Holder, seed: Seed): ExpectedIdentity;
}

const ID = '1.2.156.10260.4.1';
const OLD = '1.2.86.11.7';
const USCC = '[0-9A-HJ-NPQRTUWXY]{18}';

const ascii = (text: string): Uint8Array => new TextEncoder().encode(text);

/** C, ST, L, O, CN as most CAs write them. */
function plainSubject(holder: Holder): NameSpec {
  const city = NINE_CITIES.find(({ code }) => code === holder.region);
  return [attr('C', 'CN'), attr('ST', '湖北省'), attr('L', `${city?.zh ?? '武汉'}市`), attr('O', holder.name), attr('CN', holder.name)];
}

function profile(id: string, fields: IdentityProfile['fields'], required?: IdentityProfile['required']): IdentityProfile {
  return {
    id: `prof:hefu-sandbox-${id}`,
    version: 1,
    subjectType: [{ if: 'always', is: 'organization' }],
    fields,
    ...(required === undefined ? {} : { required }),
  };
}

function tries(...sources: readonly IdentitySource[]): IdentityField {
  return { try: sources };
}

const nameInO: IdentityField = tries({ dn: 'O', accept: 'TEXT' });
const both = (holder: Holder): ExpectedIdentity => ({ uscc: holder.uscc, name: holder.name });

/** One extension whose octets are made from the holder. */
function oneExtension(oid: string, write: (holder: Holder) => Uint8Array): (holder: Holder) => readonly ExtensionSpec[] {
  return (holder) => [extension(oid, write(holder))];
}

/** UTF8String in the GM/T 0015 organisation code. */
export const utf8InOrganizationCode: Placement = {
  subject: plainSubject,
  extensions: oneExtension(`${ID}.4`, ({ uscc }) => utf8String(uscc)),
  profile: profile('utf8-org-code', { uscc: tries({ ext: `${ID}.4`, decode: ['der-string'], accept: 'USCC18' }), name: nameInO }),
  expected: both,
};

/** PrintableString in the same extension. */
export const printableInOrganizationCode: Placement = {
  subject: plainSubject,
  extensions: oneExtension(`${ID}.4`, ({ uscc }) => printableString(uscc)),
  profile: profile('printable-org-code', { uscc: tries({ ext: `${ID}.4`, decode: ['der-string'], accept: 'USCC18' }), name: nameInO }),
  expected: both,
};

/** The characters themselves, without any TLV. */
export const rawInOrganizationCode: Placement = {
  subject: plainSubject,
  extensions: oneExtension(`${ID}.4`, ({ uscc }) => ascii(uscc)),
  profile: profile('raw-org-code', { uscc: tries({ ext: `${ID}.4`, decode: ['auto'], accept: 'USCC18' }), name: nameInO }),
  expected: both,
};

/** `[0] EXPLICIT PrintableString`, and once more as `9342@XY<USCC>` in a private extension: two places that agree. */
export const explicitTagAndMicroFormat: Placement = {
  subject: (holder) => plainSubject(holder).map((rdn) => ('type' in rdn && rdn.type === 'O' ? attr('O', holder.name, 'bmp') : rdn)),
  extensions: (holder) => [
    extension(`${ID}.4`, explicit(0, printableString(holder.uscc))),
    extension('1.2.156.999003.11.205', utf8String(`9342@XY${holder.uscc}`)),
  ],
  profile: profile('explicit-and-micro', {
    uscc: tries(
      { ext: `${ID}.4`, decode: ['der-string'], accept: 'USCC18' },
      { ext: '1.2.156.999003.11.205', decode: ['auto'], regex: `^\\d+@XY0?(?<value>${USCC})$`, accept: 'USCC18' },
    ),
    name: nameInO,
  }),
  expected: both,
};

/** `SET { [0] IMPLICIT PrintableString }`, and a trust-service number in the old arc. */
export const setOfImplicit: Placement = {
  subject: plainSubject,
  extensions: (holder) => [
    extension(`${ID}.4`, setOf(implicitPrimitive(0, ascii(holder.uscc)))),
    extension('1.2.86.21.1.3', printableString(serviceNumber(holder))),
  ],
  profile: profile('set-of-implicit', {
    uscc: tries({ ext: `${ID}.4`, decode: ['der-string'], accept: 'USCC18' }),
    serviceNo: tries({ ext: '1.2.86.21.1.3', decode: ['der-string'], accept: 'TEXT' }),
    name: tries({ dn: 'CN', accept: 'TEXT' }),
  }),
  expected: (holder) => ({ ...both(holder), serviceNo: serviceNumber(holder) }),
};

/** organizationIdentifier (2.5.4.97) as ETSI EN 319 412-1 writes it. */
export const organizationIdentifier: Placement = {
  subject: (holder) => [...plainSubject(holder), attr('organizationIdentifier', `NTRCN-${holder.uscc}`)],
  extensions: () => [],
  profile: profile('organization-identifier', { uscc: tries({ dn: '2.5.4.97', regex: `^(?:NTRCN-)?(?<value>${USCC})$`, accept: 'USCC18' }), name: nameInO }),
  expected: both,
};

/** The USCC glued to the front of the organisation name, a 14-digit CN, private extensions of an odd arc. */
export const gluedToOrganization: Placement = {
  subject: (holder) => [
    attr('C', 'CN'), attr('ST', 'Hubei'), attr('L', 'Wuhan'), attr('O', holder.uscc + holder.name), attr('OU', 'ECC'), attr('CN', areaNumber(holder), 'printable'),
  ],
  extensions: (holder) => [
    extension('2.4.16.11.7.1', ascii('*192G*')),
    extension('2.4.16.11.7.2', printableString(holder.uscc)),
    extension('2.4.16.11.7.3', utf8String(areaNumber(holder))),
  ],
  profile: profile('glued-o', {
    uscc: tries(
      { dn: 'O', regex: `^(?<value>${USCC}).+$`, accept: 'USCC18' },
      { ext: '2.4.16.11.7.2', decode: ['auto'], accept: 'USCC18' },
    ),
    name: tries({ dn: 'O', regex: `^${USCC}(?<value>.+)$`, accept: 'TEXT' }),
    serviceNo: tries({ ext: '2.4.16.11.7.3', decode: ['auto'], accept: 'TEXT' }),
  }),
  expected: (holder) => ({ ...both(holder), serviceNo: areaNumber(holder) }),
};

/** DN serialNumber, and a CN of the form `<order>@<name>@<01 person | 02 organisation>@<sequence>`. */
export const serialNumberAndOrderName: Placement = {
  subject: (holder, seed) => [
    attr('C', 'CN'), attr('O', holder.name), attr('CN', `${orderId(holder, seed)}@${holder.name}@02@001`), attr('serialNumber', holder.uscc),
  ],
  extensions: () => [],
  profile: profile('dn-serial-number', {
    uscc: tries({ dn: 'serialNumber', accept: 'USCC18' }),
    name: tries({ dn: 'CN', regex: '^[^@]+@(?<value>[^@]+)@0[12]@\\d+$', accept: 'TEXT' }),
  }),
  expected: both,
};

/** Everything in CN: `041@N<USCC>@<name>@00000001`; the empty province is the word "null". */
export const structuredCommonName: Placement = {
  subject: (holder) => [
    attr('C', 'CN'), attr('ST', 'null'), attr('O', 'PWCA SANDBOX'), attr('OU', 'Enterprises'), attr('CN', `041@N${holder.uscc}@${holder.name}@00000001`),
  ],
  extensions: () => [],
  profile: profile('structured-cn', {
    uscc: tries({ dn: 'CN', regex: `^041@N(?<value>${USCC})@[^@]+@\\d{8}$`, accept: 'USCC18' }),
    name: tries({ dn: 'CN', regex: '^041@N[^@]+@(?<value>[^@]+)@\\d{8}$', accept: 'TEXT' }),
  }),
  expected: both,
};

/** An identifier that says nothing by itself: `<32 hex>@S02`. Only a register can bind it. */
export const opaqueHash: Placement = {
  subject: plainSubject,
  extensions: (holder, seed) => [extension('1.2.156.999009.1.12.11', utf8String(opaqueId(holder, seed)))],
  profile: profile('opaque', {
    opaqueId: tries({ ext: '1.2.156.999009.1.12.11', decode: ['der-string'], regex: '^(?<value>[0-9a-f]{32}@S02)$', accept: 'OPAQUE' }),
    name: nameInO,
  }, ['opaqueId']),
  expected: (holder, seed) => ({ opaqueId: opaqueId(holder, seed), name: holder.name }),
};

/** The arc from before SM2: `SET { [0] EXPLICIT }` around an organisation code with its dash, and the USCC as tax number. */
export const oldArc: Placement = {
  subject: (holder) => [attr('C', 'CN'), attr('ST', 'Hubei', 'teletex'), attr('O', holder.name), attr('CN', holder.name)],
  extensions: (holder) => [
    extension(`${OLD}.3`, setOf(explicit(0, printableString(dashed(holder.orgCode))))),
    extension(`${OLD}.5`, utf8String(holder.uscc)),
  ],
  profile: profile('old-arc', {
    orgCode: tries({ ext: `${OLD}.3`, decode: ['der-string'], accept: 'ORG9' }),
    uscc: tries({ ext: `${OLD}.5`, decode: ['der-string'], accept: 'USCC18' }),
    name: nameInO,
  }),
  expected: (holder) => ({ ...both(holder), orgCode: holder.orgCode }),
};

/** Only an organisation code, as `1@5009JJ0<code>`; two OUs. */
export const organisationCodeMicroFormat: Placement = {
  subject: (holder) => [
    attr('C', 'CN'), attr('O', holder.name), attr('OU', '经营部'), attr('OU', '投标专用'), attr('CN', holder.name),
  ],
  extensions: (holder) => [extension('1.2.156.999011.2.1.1.24', utf8String(`1@5009JJ0${holder.orgCode}`))],
  profile: profile('jj-micro-format', {
    orgCode: tries({ ext: '1.2.156.999011.2.1.1.24', decode: ['auto'], regex: '^-?1@\\d*5009JJ0(?<value>[0-9A-Z]{9})$', accept: 'ORG9' }),
    name: nameInO,
  }, ['orgCode']),
  expected: (holder) => ({ orgCode: holder.orgCode, name: holder.name }),
};

/** In OU behind a label, and in a multi-valued RDN beside CN. */
export const multiValuedRdn: Placement = {
  subject: (holder) => [
    attr('C', 'CN'), attr('O', holder.name), attr('OU', `统一社会信用代码:${holder.uscc}`), [attr('CN', holder.name), attr('serialNumber', holder.uscc)],
  ],
  extensions: () => [],
  profile: profile('multi-valued-rdn', {
    uscc: tries(
      { dn: 'OU', regex: `^统一社会信用代码:(?<value>${USCC})$`, accept: 'USCC18' },
      { dn: 'serialNumber', accept: 'USCC18' },
    ),
    name: nameInO,
  }),
  expected: both,
};

/** The tax number of GM/T 0015. */
export const taxationNumber: Placement = {
  subject: plainSubject,
  extensions: oneExtension(`${ID}.5`, ({ uscc }) => utf8String(uscc)),
  profile: profile('taxation-number', { uscc: tries({ ext: `${ID}.5`, decode: ['der-string'], accept: 'USCC18' }), name: nameInO }),
  expected: both,
};

function dashed(orgCode: string): string {
  return `${orgCode.slice(0, 8)}-${orgCode.slice(8)}`;
}

function areaNumber(holder: Holder): string {
  return `${holder.region}${holder.orgCode.slice(4, 8).padStart(8, '0')}`;
}

function serviceNumber(holder: Holder): string {
  return `9900${holder.orgCode.slice(4, 8)}`;
}

function orderId(holder: Holder, seed: Seed): string {
  return `2024${String(seed.number(`order/${holder.id}`, 1e9)).padStart(9, '0')}`;
}

function opaqueId(holder: Holder, seed: Seed): string {
  return `${bytesToHex(seed.bytes(`opaque/${holder.id}`, 16))}@S02`;
}
