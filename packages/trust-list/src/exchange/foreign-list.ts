/**
 * What TS 119 612 (XML) and TS 119 602 (JSON) lists have in common, as their readers give it to one mapping. Instants are
 * epoch milliseconds; URIs and names are as found.
 */
export interface ForeignList {
  readonly format: 'tl' | 'lote';
  /** TSLVersionIdentifier or LoTEVersionIdentifier. */
  readonly version: number;
  readonly sequence: number;
  readonly type?: string;
  readonly operatorNames: readonly ForeignText[];
  readonly schemeNames: readonly ForeignText[];
  /** ISO 3166-1 alpha-2, or another word of the scheme's. */
  readonly territory?: string;
  readonly issued: number;
  /** Undefined: a closed list (TS 119 612 §5.3.15). */
  readonly nextUpdate?: number;
  /** Days; 65535: forever; undefined: no history is kept. */
  readonly historicalInformationPeriod?: number;
  readonly pointers: readonly ForeignPointer[];
  readonly extensions: readonly ForeignExtension[];
  readonly entities: readonly ForeignEntity[];
}

export interface ForeignText {
  /** RFC 5646 tag. */
  readonly lang: string;
  readonly value: string;
}

export interface ForeignPointer {
  readonly location: string;
  /** DER, as far as base64 could be read. */
  readonly certificates: readonly Uint8Array[];
  readonly operatorNames: readonly ForeignText[];
  readonly type?: string;
  readonly territory?: string;
  readonly mimeType?: string;
}

export interface ForeignEntity {
  readonly names: readonly ForeignText[];
  /** TSPTradeName, TETradeName: registration numbers among them. */
  readonly tradeNames: readonly ForeignText[];
  readonly services: readonly ForeignService[];
}

export interface ForeignService {
  readonly current: ForeignServiceInformation;
  /** In the order of the document, which ought to be newest first. */
  readonly history: readonly ForeignHistoryInstance[];
}

export interface ForeignServiceInformation {
  readonly type?: string;
  readonly names: readonly ForeignText[];
  readonly identity: ForeignIdentity;
  readonly status?: string;
  readonly since?: number;
  readonly supplyPoints: readonly { readonly type?: string; readonly url: string }[];
  readonly extensions: readonly ForeignExtension[];
}

export interface ForeignHistoryInstance {
  readonly type?: string;
  readonly identity: ForeignIdentity;
  readonly status: string;
  readonly since: number;
  readonly extensions: readonly ForeignExtension[];
}

export interface ForeignIdentity {
  /** DER; undefined where the base64 could not be read. */
  readonly certificates: readonly (Uint8Array | undefined)[];
  readonly keyIdentifiers: readonly Uint8Array[];
}

/** What both formats call an extension. `name` is the local name of the XML element, or the `type` of the JSON object. */
export interface ForeignExtension {
  readonly name: string;
  readonly critical: boolean;
  /** URIs that the extension states: qualifiers, additional service information. */
  readonly uris: readonly string[];
  /** The JSON of one of ours. */
  readonly value?: unknown;
}
