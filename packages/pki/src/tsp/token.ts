import { parseSignedData } from '../cms/signed-data.js';
import { id_ct_TSTInfo } from '../cms/oids.js';
import { PkiError } from '../error.js';
import { type PkiLimits, withLimits } from '../limits.js';
import { checkInput } from '../refuse.js';
import { TspFindings } from './imprint.js';
import type { TimeStampToken } from './model.js';
import { parseTstInfo } from './tst-info.js';

/**
 * Reads a TimeStampToken (RFC 3161 §2.4.2): SignedData, of CMS or under the GM/T 0010 content type as SM2 authorities
 * write it, whose content is a TSTInfo. Nothing is verified.
 * @throws PkiError as `parseSignedData` and `parseTstInfo`; CONTENT_TYPE_UNSUPPORTED when the content is something else
 */
export function parseTimeStampToken(bytes: Uint8Array, limits?: Partial<PkiLimits>): TimeStampToken {
  checkInput(bytes, withLimits(limits).maxTimeStampBytes);
  const signed = parseSignedData(bytes, limits);
  const { contentType, content } = signed.encapContentInfo;
  if (contentType !== id_ct_TSTInfo) throw new PkiError('CONTENT_TYPE_UNSUPPORTED', `content type ${contentType} is not id-ct-TSTInfo`, { detected: contentType });
  if (content === undefined) throw new PkiError('STRUCTURE_INVALID', 'the token does not carry its TSTInfo');
  const findings = new TspFindings();
  const tstInfo = parseTstInfo(content, findings, limits);
  return { signed, tstInfo, deviations: findings.list };
}
