import type { AdapterInfo } from './adapter-info.js';
import type { AdapterSession } from './adapter-session.js';
import type { BeginRequest } from './begin-request.js';
import type { Capabilities } from './capabilities.js';
import type { AdapterContext } from './context.js';
import type { Credential, CredentialQuery } from './credential.js';
import type { JsonObject } from './json.js';

/**
 * A way to keys that somebody else holds. It lists credentials, obtains authorisation and turns digests into values; hashing,
 * Z of SM2, verification and assembly are core's. It throws nothing but SignError.
 */
export interface SigningAdapter {
  readonly info: AdapterInfo;
  discover(context: AdapterContext): Promise<Capabilities>;
  listCredentials(query: CredentialQuery, context: AdapterContext): Promise<readonly Credential[]>;
  /** Makes ready; asks no user for anything. Idempotent by `request.requestId`. */
  begin(request: BeginRequest, context: AdapterContext): Promise<AdapterSession>;
  /** After a reload or in another process; the request is the one `begin` had. @param snapshot of `AdapterSession.snapshot` */
  resume(snapshot: JsonObject, request: BeginRequest, context: AdapterContext): Promise<AdapterSession>;
  /** Signs a harmless value to prove that key and certificate belong together and SM2 is hashed as claimed. For keys that sign without a user. */
  probe?(credential: Credential, context: AdapterContext): Promise<void>;
}
