/** A day: who asks for more is not waited for by a bidder. */
const MAX_MS = 86_400_000;

/** Milliseconds to wait by a Retry-After header, seconds or an HTTP date (RFC 9110 §10.2.3); undefined for none and for nonsense. */
export function retryAfter(header: string | null, now: number): number | undefined {
  if (header === null) return undefined;
  const text = header.trim();
  const ms = /^\d{1,9}$/.test(text) ? Number(text) * 1000 : /^[A-Z][a-z]{2,8},? .* GMT$/.test(text) ? Date.parse(text) - now : NaN;
  return Number.isFinite(ms) ? Math.min(MAX_MS, Math.max(0, ms)) : undefined;
}
