import { PkiError } from '../error.js';
import { type PkiLimits, withLimits } from '../limits.js';
import type { SignedData } from '../model.js';
import { decodeArmoured, MESSAGE_LABELS } from '../pem.js';
import { parseSignedData } from './signed-data.js';

/**
 * As {@link parseSignedData}, for what people and services hand over: PEM (`CMS`, `PKCS7`), base64 without armour, or DER.
 * @throws PkiError as `parseSignedData`, also PEM_INVALID, PEM_WRONG_LABEL, PEM_ENCRYPTED; TOO_MANY when there are several messages
 */
export function readSignedData(input: string | Uint8Array, limits?: Partial<PkiLimits>): SignedData {
  const found = decodeArmoured(input, { labels: MESSAGE_LABELS, maxBytes: withLimits(limits).maxMessageBytes, limits });
  if (found.length !== 1) throw new PkiError('TOO_MANY', `${found.length} messages where one is read`);
  return parseSignedData(found[0]!, limits);
}
