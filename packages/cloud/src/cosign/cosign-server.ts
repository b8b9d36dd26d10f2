import type { ServerAnswer } from '@hefu/crypto/two-party';
import type { AdapterContext } from '@hefu/sign';

/** The way to the other half. One implementation a vendor; `createHttpCosignServer` speaks the sandbox's. */
export interface CosignServer {
  /**
   * Has the server make its half.
   * @param point P1, 04 || X || Y
   * @throws SignError
   */
  createKey(context: AdapterContext, point: Uint8Array): Promise<{ readonly kid: string; readonly publicKey: Uint8Array }>;
  /**
   * Asks for one answer, by `context.request(…, 'once', …)`: a Q1 is sent once and never again.
   * @param round `digest`: e; `q1`: 04 || X || Y
   * @throws SignError; without an answer no signature exists, whatever the outcome says
   */
  answer(context: AdapterContext, kid: string, round: { readonly digest: Uint8Array; readonly q1: Uint8Array }): Promise<ServerAnswer>;
}
