import type { MessageVariant, Policy, ScenePolicy } from '../policy.js';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

/**
 * RFC 5652, and the two forms of GM/T 0010 messages that bind the signer's key through Z. The others are weaker or
 * non-standard and count only for a CA whose list entry names them.
 */
const VARIANTS: readonly MessageVariant[] = ['cms', 'za-content', 'attrs-za'];

const BID_SIGNING: ScenePolicy = {
  // A stolen key that signs a bid is found out too late: unknown is not good.
  revocation: 'hard',
  // Regional CAs publish daily and late; one missed publication must not stop a tender, two must.
  crlGrace: 24 * HOUR,
  // Trust-list design R8: bids are accepted for 72 hours after the list ran out, with a note in every report.
  listGrace: 72 * HOUR,
  messageVariants: VARIANTS,
};

/** The policy for platforms that have none of their own. Frozen. */
export const DEFAULT_POLICY: Policy = frozen({
  id: 'hefu-default',
  version: 1,
  scenes: {
    login: {
      // A session is short and undone easily; an unreachable CRL is noted, a revoked certificate still refused.
      revocation: 'soft',
      crlGrace: 24 * HOUR,
      listGrace: 72 * HOUR,
      messageVariants: VARIANTS,
    },
    'bid-signing': BID_SIGNING,
    opening: {
      revocation: 'hard',
      crlGrace: 24 * HOUR,
      // R8: opening and award decide rights between bidders, and do so on a current list or not at all.
      listGrace: 0,
      messageVariants: VARIANTS,
    },
    // Judged with the list and CRLs kept from the day of receipt: the same bands, or the archive would contradict that day.
    archive: BID_SIGNING,
  },
  algorithms: {
    // No SHA-1, no RSA with keys of the SHA-1 era: forging them is affordable.
    signatures: [
      'SM2-SM3',
      'RSASSA-PKCS1-v1_5-SHA-256', 'RSASSA-PKCS1-v1_5-SHA-384', 'RSASSA-PKCS1-v1_5-SHA-512', 'RSASSA-PSS',
      'ECDSA-SHA-256', 'ECDSA-SHA-384', 'ECDSA-SHA-512',
      'Ed25519',
    ],
    digests: ['SM3', 'SHA-256', 'SHA-384', 'SHA-512'],
    // GM/T 0054 and NIST SP 800-131A alike.
    minRsaBits: 2048,
  },
  // NTP failures of trading servers stay within minutes.
  clockSkew: 5 * MINUTE,
  signerKeyUsage: ['digitalSignature', 'nonRepudiation'],
  // Without keyUsage a certificate may be the encryption half of a pair, whose key the CA holds too.
  keyUsageAbsent: 'refuse',
  // People and organisations acting for themselves: any, client authentication, e-mail, document signing (RFC 9336, and its forerunner).
  // A certificate for servers, code or time-stamps signs no bid.
  signerExtendedKeyUsage: ['2.5.29.37.0', '1.3.6.1.5.5.7.3.2', '1.3.6.1.5.5.7.3.4', '1.3.6.1.5.5.7.3.36', '1.3.6.1.4.1.311.10.3.12'],
  // Real regional certificates deviate harmlessly; each deviation is reported, none refused by itself.
  refusedDeviations: [],
  enforceAnchorValidity: true,
  revealPersonalData: false,
});

function frozen<T>(value: T): T {
  if (typeof value === 'object' && value !== null && !Object.isFrozen(value)) {
    Object.freeze(value);
    for (const member of Object.values(value)) frozen(member);
  }
  return value;
}
