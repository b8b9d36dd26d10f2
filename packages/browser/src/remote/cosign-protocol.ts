// What a page and its backend say to each other about a key in two halves. Octets packed as `packOctets` does.
//   POST {base}/keys               CreateKeyMessage -> KeyMessage
//   POST {base}/keys/{kid}/rounds  RoundMessage     -> ServerAnswer of @hefu/crypto/two-party

export interface CreateKeyMessage {
  /** P1, 04 || X || Y. */
  readonly point: Uint8Array;
}

export interface KeyMessage {
  readonly kid: string;
  /** P, 04 || X || Y. */
  readonly publicKey: Uint8Array;
}

export interface RoundMessage {
  /** e, 32 octets. */
  readonly digest: Uint8Array;
  /** 04 || X || Y. */
  readonly q1: Uint8Array;
}

export const KID: RegExp = /^[A-Za-z0-9._-]{1,64}$/;
