/** A certificate holder: an invented company. */
export interface Holder {
  readonly id: string;
  /** Legal name; every one begins with 沙盒 (sandbox). */
  readonly name: string;
  readonly nameEn: string;
  /** GB/T 2260 code of its seat. */
  readonly region: string;
  /** GB 11714 code; every one begins with HEFU, which no register has issued. */
  readonly orgCode: string;
  /** GB 32100 code. One company's ends in a wrong check character, as happens in real certificates. */
  readonly uscc: string;
}

/** What a relying party should read from a holder's certificate. */
export interface ExpectedIdentity {
  readonly uscc?: string;
  readonly orgCode?: string;
  readonly opaqueId?: string;
  readonly serviceNo?: string;
  readonly taxNo?: string;
  readonly name?: string;
}
