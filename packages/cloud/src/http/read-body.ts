import { SignError } from '@hefu/sign';

/** The body, whole. @throws SignError PROVIDER_PROTOCOL `too-large`; what the stream rejects with */
export async function readBody(response: Response, maxBytes: number): Promise<Uint8Array> {
  const reader = response.body?.getReader();
  if (reader === undefined) return new Uint8Array(0);
  const parts: Uint8Array[] = [];
  let length = 0;
  for (;;) {
    const { done, value } = await reader.read();
    if (done) break;
    length += value.length;
    if (length > maxBytes) {
      reader.cancel().catch(() => undefined);
      throw new SignError('PROVIDER_PROTOCOL', `an answer of more than ${maxBytes} octets`, { detail: 'too-large' });
    }
    parts.push(value);
  }
  const whole = new Uint8Array(length);
  let offset = 0;
  for (const part of parts) {
    whole.set(part, offset);
    offset += part.length;
  }
  return whole;
}
