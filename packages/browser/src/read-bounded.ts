/**
 * A body as octets, at most so many.
 * @throws `tooLarge()` with the octet beyond it, having read no further; what reading throws, given to `broken`
 */
export async function readBounded(body: ReadableStream<Uint8Array> | null, maxOctets: number, tooLarge: () => Error, broken: (cause: unknown, read: number) => unknown = (cause) => cause): Promise<Uint8Array> {
  if (body === null) return new Uint8Array(0);
  const reader = body.getReader();
  const parts: Uint8Array[] = [];
  let length = 0;
  for (;;) {
    const part = await reader.read().catch((cause: unknown) => {
      throw broken(cause, length);
    });
    if (part.done) break;
    length += part.value.length;
    if (length > maxOctets) {
      void reader.cancel().catch(() => undefined);
      throw tooLarge();
    }
    parts.push(part.value);
  }
  const whole = new Uint8Array(length);
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
