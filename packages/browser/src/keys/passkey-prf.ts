import { BrowserError } from '../error.js';
import { randomOctets } from '../verify/browser-algorithms.js';
import type { PasskeyPrf } from './key-record.js';

export interface CreatePasskeyOptions {
  /** The site, as WebAuthn has it: a registrable domain of the page. Default: the page's host. */
  readonly rpId?: string;
  readonly rpName: string;
  /** Shown when a passkey is chosen; no personal number. */
  readonly userName: string;
}

interface PrfResults {
  readonly prf?: { readonly enabled?: boolean; readonly results?: { readonly first?: BufferSource } };
}

/**
 * Makes a passkey whose PRF may wrap a key (WebAuthn Level 3 §10.1.4). The passkey signs nothing here and is never the key of a
 * certificate.
 * @throws BrowserError PASSKEY_UNAVAILABLE where browser or authenticator has no PRF, PASSKEY_REFUSED when the person declines
 */
export async function createPasskey({ rpId, rpName, userName }: CreatePasskeyOptions): Promise<PasskeyPrf> {
  const created = await asked(() => navigator.credentials.create({
    publicKey: {
      rp: { name: rpName, ...(rpId === undefined ? {} : { id: rpId }) },
      user: { id: randomOctets(32), name: userName, displayName: userName },
      // The signature is not used: no server verifies it, so the challenge only has to be there.
      challenge: randomOctets(32),
      pubKeyCredParams: [{ type: 'public-key', alg: -7 }, { type: 'public-key', alg: -257 }],
      authenticatorSelection: { residentKey: 'preferred', userVerification: 'required' },
      extensions: { prf: {} } as AuthenticationExtensionsClientInputs,
    },
  }));
  if ((created.getClientExtensionResults() as PrfResults).prf?.enabled !== true) throw new BrowserError('PASSKEY_UNAVAILABLE', 'the authenticator has no PRF');
  return passkey(new Uint8Array(created.rawId), rpId === undefined ? {} : { rpId });
}

/** A passkey known by its id, as a stored key names it. */
export function passkey(credentialId: Uint8Array, { rpId }: { readonly rpId?: string } = {}): PasskeyPrf {
  return {
    credentialId,
    async evaluate(salt) {
      const found = await asked(() => navigator.credentials.get({
        publicKey: {
          challenge: randomOctets(32), userVerification: 'required', allowCredentials: [{ type: 'public-key', id: credentialId.slice() }],
          ...(rpId === undefined ? {} : { rpId }),
          extensions: { prf: { eval: { first: salt.slice() } } } as AuthenticationExtensionsClientInputs,
        },
      }));
      const first = (found.getClientExtensionResults() as PrfResults).prf?.results?.first;
      if (first === undefined) throw new BrowserError('PASSKEY_UNAVAILABLE', 'the authenticator gave no PRF value');
      return ArrayBuffer.isView(first) ? new Uint8Array(first.buffer, first.byteOffset, first.byteLength).slice() : new Uint8Array(first).slice();
    },
  };
}

async function asked(ask: () => Promise<Credential | null>): Promise<PublicKeyCredential> {
  if (typeof PublicKeyCredential === 'undefined') throw new BrowserError('PASSKEY_UNAVAILABLE', 'there is no WebAuthn');
  let found: Credential | null;
  try {
    found = await ask();
  } catch (cause) {
    throw new BrowserError('PASSKEY_REFUSED', 'no passkey was confirmed', { cause });
  }
  if (found === null) throw new BrowserError('PASSKEY_REFUSED', 'no passkey was chosen');
  return found as PublicKeyCredential;
}
