import { id_kp_timeStamping, PkiError, type Certificate } from '@hefu/pki';
import type { TimestampDeviation } from './model.js';

const id_ce_extKeyUsage = '2.5.29.37';

export interface TsaUsage {
  /** Why it may not stamp, whatever a list says. */
  readonly refusal?: string;
  readonly deviation?: TimestampDeviation;
}

/** RFC 3161 §2.3: one purpose, timeStamping, critical; and a key that signs. Real GM authorities leave the purpose out (field notes §3.1). */
export function tsaUsage(certificate: Certificate): TsaUsage {
  try {
    const usage = certificate.extKeyUsage;
    if (usage !== undefined && !usage.has('digitalSignature') && !usage.has('nonRepudiation')) return { refusal: `keyUsage ${[...usage].join(', ')}` };
    const extension = certificate.extension(id_ce_extKeyUsage);
    const purposes = certificate.extExtendedKeyUsage;
    if (extension === undefined || purposes === undefined) return { deviation: 'eku-absent' };
    if (!purposes.includes(id_kp_timeStamping)) return { refusal: `extendedKeyUsage ${purposes.join(', ')}` };
    // A key with another purpose signs what others choose: then a token may be made where none was meant.
    if (purposes.length > 1) return { refusal: `extendedKeyUsage ${purposes.join(', ')}` };
    return extension.critical ? {} : { deviation: 'eku-not-critical' };
  } catch (error) {
    if (error instanceof PkiError) return { refusal: error.code };
    throw error;
  }
}
