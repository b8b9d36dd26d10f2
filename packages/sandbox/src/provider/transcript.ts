/** One request and its answer, as text; secrets of a toy are toys and stand here as they are. */
export interface Exchange {
  readonly at: number;
  readonly method: string;
  /** Path and query. */
  readonly path: string;
  readonly requestHeaders: Readonly<Record<string, string>>;
  readonly requestBody: string;
  readonly status: number | 'no-answer';
  readonly responseBody: string;
  readonly faults: readonly string[];
}

/** The most exchanges kept; the oldest go first. */
export const MAX_EXCHANGES = 10_000;

export interface Transcript {
  readonly exchanges: readonly Exchange[];
  add(exchange: Exchange): void;
  clear(): void;
}

export function createTranscript(): Transcript {
  const exchanges: Exchange[] = [];
  return {
    exchanges,
    add(exchange) {
      exchanges.push(exchange);
      if (exchanges.length > MAX_EXCHANGES) exchanges.shift();
    },
    clear: () => { exchanges.length = 0; },
  };
}
