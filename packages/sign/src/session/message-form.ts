import type { PssParameters } from '@hefu/crypto';
import type { Certificate } from '@hefu/pki';
import type { Credential } from '../adapter/index.js';
import { usualPss } from '../pss.js';
import type { WrittenVariant } from '../signature-profile.js';

/**
 * Which message is made. What is left open the CA's entry in the trust list decides, among what key and provider can make, the first of:
 * for SM2 `za-content`, which has no room for a signing time, then `attrs-za`; for other keys `cms`, always at level B-B with one.
 */
export interface MessageForm {
  readonly variant?: WrittenVariant;
  readonly level?: 'B-B';
  /** RSASSA-PSS with these parameters. Default: where PKCS #1 v1.5 is not offered, or not accepted. */
  readonly pss?: PssParameters;
}

/**
 * What a caller left open of a form, filled in every way there is, in order of preference. SM2: `za-content`, what readers of
 * GM/T 0010 expect most, then `attrs-za`, the only one that has room for level B-B. RSA: PKCS #1 v1.5 where the credential has it, then
 * RSASSA-PSS with each of the parameters it offers. All others: `cms`.
 */
export function possibleForms(certificate: Certificate, credential: Pick<Credential, 'algorithms'>, form: MessageForm): readonly MessageForm[] {
  const { key } = certificate.spki;
  const variants = form.variant === undefined ? variantsOf(key.kty === 'EC' && key.crv === 'SM2', form) : [form.variant];
  const pss = form.pss === undefined && key.kty === 'RSA' ? paddingsOf(credential) : [form.pss];
  return variants.flatMap((variant) => pss.map((each) => ({ ...form, variant, ...(each === undefined ? {} : { pss: each }) })));
}

function variantsOf(sm2: boolean, { level }: MessageForm): readonly WrittenVariant[] {
  if (!sm2) return ['cms'];
  return level === undefined ? ['za-content', 'attrs-za'] : ['attrs-za'];
}

/** Undefined: PKCS #1 v1.5, or what a key restricted to RSASSA-PSS prescribes. */
function paddingsOf({ algorithms }: Pick<Credential, 'algorithms'>): readonly (PssParameters | undefined)[] {
  const offered = algorithms.filter(({ name }) => name === 'RSASSA-PSS').flatMap(({ pss, digest }) => pss ?? usualPss(digest) ?? []);
  return offered.length === 0 || algorithms.some(({ name }) => name.startsWith('RSASSA-PKCS1')) ? [undefined, ...offered] : offered;
}
