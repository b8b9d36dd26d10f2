import { parseCertificate, PkiError, type Certificate } from '@hefu/pki';
import { decodeBase64 } from '@hefu/trust-list';
import type { JsonObject } from '@hefu/sign';
import { objectOf, textsOf, unexpected } from './read.js';

/** Of one credential. */
const MAX_CERTIFICATES = 10;

/**
 * `cert.certificates`, the leaf first whatever order they came in.
 * @throws SignError PROVIDER_PROTOCOL for none, for what is no certificate, and where it is not clear which is the leaf
 */
export function chainOf(info: JsonObject): readonly Certificate[] {
  const texts = textsOf(objectOf(info, 'cert') ?? {}, 'certificates');
  if (texts.length === 0 || texts.length > MAX_CERTIFICATES) throw unexpected('certificates');
  const certificates = texts.map((text) => {
    const der = decodeBase64(text.replace(/\s+/g, ''));
    if (der === undefined) throw unexpected('certificates');
    try {
      return parseCertificate(der);
    } catch (cause) {
      if (cause instanceof PkiError) throw unexpected('certificates');
      throw cause;
    }
  });
  // By basicConstraints and not by names: CAs write an issuer's name in other string types than its own certificate has.
  const leaves = certificates.filter(({ extBasicConstraints }) => extBasicConstraints?.ca !== true);
  const [leaf = certificates[0]!] = leaves;
  if (leaves.length > 1) throw unexpected('leaf-unclear');
  return [leaf, ...certificates.filter((each) => each !== leaf)];
}
