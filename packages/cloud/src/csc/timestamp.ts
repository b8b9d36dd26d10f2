import { equalBytes, hexOf, parseTimeStampToken, PkiError } from '@hefu/pki';
import { decodeBase64, encodeBase64 } from '@hefu/trust-list';
import { SignError, type AdapterContext, type Timestamper } from '@hefu/sign';
import type { CscOptions } from './ports.js';
import { textOf, unexpected } from './read.js';
import { createCscService } from './service.js';

const NONCE_OCTETS = 16;

/**
 * `signatures/timestamp` as a `Timestamper`. The imprint is checked by whoever asked for the token, the nonce here.
 * @throws SignError when it is called: those of the service, PROVIDER_PROTOCOL, TIMESTAMP_MISMATCH
 */
export function cscTimestamper(options: CscOptions, context: AdapterContext): Timestamper {
  const service = createCscService(options);
  const { encoding, member } = service.quirks.timestamp ?? { encoding: 'json', member: 'timestamp' };
  return async ({ hashAlgorithm, hashedMessage }) => {
    const nonce = context.random.bytes(NONCE_OCTETS);
    nonce[0] = (nonce[0]! & 0x7f) | 0x40; // an INTEGER without a leading zero, so that hex and DER are the same octets
    const { body } = await service.call(context, 'signatures/timestamp', 'idempotent', { hash: encodeBase64(hashedMessage), hashAlgo: hashAlgorithm, nonce: hexOf(nonce) }, { form: encoding === 'form' });
    const token = decodeBase64(textOf(body, member) ?? '');
    if (token === undefined || token.length === 0) throw unexpected('timestamp');
    const returned = nonceOf(token);
    if (returned === undefined || !equalBytes(returned, nonce)) throw new SignError('TIMESTAMP_MISMATCH', 'the token was made for somebody else', { detail: 'nonce' });
    return token;
  };
}

function nonceOf(token: Uint8Array): Uint8Array | undefined {
  try {
    return parseTimeStampToken(token).tstInfo.nonce;
  } catch (cause) {
    if (cause instanceof PkiError) throw unexpected('timestamp');
    throw cause;
  }
}
