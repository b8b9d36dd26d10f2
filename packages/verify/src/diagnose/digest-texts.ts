import { hexOf } from '@hefu/pki';
import { encodeBase64, encodeBase64url } from '@hefu/trust-list';
import type { Finding } from './model.js';

/** A digest written as text, as somebody hands it on. */
export function digestTexts(digest: Uint8Array, of: string): readonly (Finding & { readonly octets: Uint8Array })[] {
  const hex = hexOf(digest);
  const row = (code: Finding['code'], text: string, how: string): Finding & { readonly octets: Uint8Array } => ({ code, evidence: { signed: `${how} of ${of}` }, octets: new TextEncoder().encode(text) });
  return [
    row('DIGEST_AS_HEX', hex, 'hex text'), row('DIGEST_AS_HEX', hex.toUpperCase(), 'upper-case hex text'),
    row('DIGEST_AS_BASE64', encodeBase64(digest), 'base64 text'), row('DIGEST_AS_BASE64', encodeBase64url(digest), 'base64url text'),
  ];
}
