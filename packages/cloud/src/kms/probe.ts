import type { Algorithms } from '@hefu/crypto';
import { hexOf, parseCertificate } from '@hefu/pki';
import { diagnoserOf, prepareSignature, release, SignError, type AdapterContext, type SignErrorCode } from '@hefu/sign';
import type { KmsKey } from './kms-key.js';
import type { KmsService } from './kms-service.js';
import { refusalError, type KmsClient } from './sign-call.js';

/** What a refused value says of how the service signs, rather than with which key. */
const MANNERS: readonly SignErrorCode[] = ['PREHASH_MISMATCH', 'ALGORITHM_DOWNGRADED', 'DIGEST_DOWNGRADED', 'SIGNATURE_ENCODING'];

/**
 * Has the key sign a text that says it is a probe, and verifies the value with the configured certificate.
 * @throws SignError KEY_MISMATCH where it is another key's; PREHASH_MISMATCH, ALGORITHM_DOWNGRADED, DIGEST_DOWNGRADED, SIGNATURE_ENCODING with what was found in `detail`;
 *   what the service's refusal means
 */
export async function probeKey(service: KmsService, client: KmsClient, key: KmsKey, algorithms: Algorithms, context: AdapterContext): Promise<void> {
  const content = new TextEncoder().encode(`Hefu key probe ${hexOf(context.random.bytes(16))}: proves which key signs, and says nothing else.`);
  const prepared = prepareSignature({ certificate: parseCertificate(key.chain[0]!), content, algorithms });
  const { digest, algorithm } = prepared.toBeSigned;
  const [value] = await client.sign(context, key, service.algorithms[algorithm]!, [digest!]);
  if (value === undefined || 'refused' in value) throw refusalError(service, value?.refused ?? {}, undefined);
  const { released, refused } = await release({ awaited: [{ itemId: 'probe', prepared }], returned: [{ itemId: 'probe', value: value.value }], diagnose: diagnoserOf(algorithms) });
  if (released.length === 1) return;
  const { code, detail } = refused[0]!;
  throw new SignError(MANNERS.includes(code) ? code : 'KEY_MISMATCH', 'the probe does not verify with the certificate of this key', { cause: refused[0], outcome: 'not-signed', ...(detail === undefined ? {} : { detail }) });
}
