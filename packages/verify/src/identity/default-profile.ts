import type { IdentityProfile } from '@hefu/trust-list';

const PERSON = '1.2.156.10260.4.1.1';
const LICENCE = '1.2.156.10260.4.1.3';
const ORGANISATION = '1.2.156.10260.4.1.4';
const TAX = '1.2.156.10260.4.1.5';
const ORGANISATION_IDENTIFIER = '2.5.4.97';

/**
 * Where GM/T 0015-2012 §5.2.4 and X.520 put an identity, for certificates whose CA has no profile in a list: good for
 * showing what a certificate says, not for attributing a signature. No CA's private placement is guessed.
 */
export const DEFAULT_IDENTITY_PROFILE: IdentityProfile = {
  id: 'hefu:default',
  version: 1,
  subjectType: [
    { if: { any: [{ extPresent: ORGANISATION }, { extPresent: LICENCE }, { extPresent: TAX }, { dn: { type: ORGANISATION_IDENTIFIER } }] }, is: 'organization' },
    { if: { extPresent: PERSON }, is: 'person' },
  ],
  fields: {
    uscc: {
      try: [
        { ext: ORGANISATION, accept: 'USCC18' },
        { ext: TAX, accept: 'USCC18' },
        { ext: LICENCE, accept: 'USCC18' },
        // EN 319 412-1 §5.1.4 puts a scheme and country before the number.
        { dn: ORGANISATION_IDENTIFIER, regex: '^(?:NTRCN-|VATCN-)?(?<value>[0-9A-Za-z]{18})$', accept: 'USCC18' },
      ],
    },
    orgCode: { try: [{ ext: ORGANISATION, accept: 'ORG9' }], derive: { from: 'uscc', slice: [8, 17] } },
    licenceNo: { try: [{ ext: LICENCE, accept: 'LICENCE15' }] },
    taxNo: { try: [{ ext: TAX, regex: '^[0-9A-Za-z]{15,20}$', accept: 'TEXT' }] },
    name: { try: [{ dn: 'O', accept: 'TEXT' }, { dn: 'CN', accept: 'TEXT' }], onMultiple: 'first' },
    personId: { try: [{ ext: PERSON, accept: 'ID-CARD' }] },
  },
};
