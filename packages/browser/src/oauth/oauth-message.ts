/** What the page that an authorisation server returns to tells the page that waits. The code is a secret: it goes to our own origin alone. */
export interface OAuthReturn {
  readonly type: 'hefu-oauth-return';
  /** As the server sent it; whose answer it is. */
  readonly state: string;
  readonly code?: string;
  /** RFC 6749 §4.1.2.1. */
  readonly error?: string;
  /** RFC 9207. */
  readonly issuer?: string;
}

/** The name of the channel over which the return page speaks where its opener was cut off (COOP). Same origin by definition. */
export const OAUTH_CHANNEL = 'hefu-oauth';

/** Longer parameters are none. */
const MAX_VALUE = 4096;

/** What an address that a server returned to says; undefined where it says nothing of ours. */
export function readReturn(address: string): OAuthReturn | undefined {
  const { searchParams } = new URL(address);
  const one = (name: string): string | undefined => {
    const [value, ...more] = searchParams.getAll(name);
    // RFC 6749 §3.1: no parameter more than once.
    return value === undefined || value === '' || value.length > MAX_VALUE || more.length > 0 ? undefined : value;
  };
  const [state, code, error, issuer] = [one('state'), one('code'), one('error'), one('iss')];
  if (state === undefined || (code === undefined) === (error === undefined)) return undefined;
  return { type: 'hefu-oauth-return', state, ...(code === undefined ? {} : { code }), ...(error === undefined ? {} : { error }), ...(issuer === undefined ? {} : { issuer }) };
}

export function isReturn(value: unknown): value is OAuthReturn {
  if (typeof value !== 'object' || value === null) return false;
  const { type, state, code, error, issuer } = value as Partial<OAuthReturn>;
  const text = (each: unknown): boolean => each === undefined || (typeof each === 'string' && each.length <= MAX_VALUE);
  return type === 'hefu-oauth-return' && typeof state === 'string' && text(state) && text(code) && text(error) && text(issuer) && (code === undefined) !== (error === undefined);
}
