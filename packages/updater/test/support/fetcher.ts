import { UpdaterError, type UpdaterErrorCode } from '../../src/error.js';
import type { Fetcher, FetchRequest, FetchResult } from '../../src/ports.js';

type Answer = Uint8Array | UpdaterErrorCode | ((request: FetchRequest) => Promise<FetchResult>);

/** The Fetcher port over a table of answers; the network itself is tested in @hefu/node. */
export function tableFetcher(answers: Readonly<Record<string, Answer>>): Fetcher & { readonly asked: FetchRequest[]; readonly table: Record<string, Answer> } {
  const table: Record<string, Answer> = { ...answers };
  const asked: FetchRequest[] = [];
  return {
    asked,
    table,
    async fetch(request) {
      asked.push(request);
      const answer = table[request.url];
      if (answer === undefined) return { status: 404, bytes: new Uint8Array(0), finalUrl: request.url };
      if (typeof answer === 'string') throw new UpdaterError(answer, 'as the table says', { url: request.url });
      if (typeof answer === 'function') return answer(request);
      return { status: 200, bytes: answer, finalUrl: request.url };
    },
  };
}

/** A promise and its ends. */
export function deferred<T>(): { readonly promise: Promise<T>; readonly resolve: (value: T) => void; readonly reject: (error: unknown) => void } {
  let resolve!: (value: T) => void;
  let reject!: (error: unknown) => void;
  const promise = new Promise<T>((yes, no) => {
    resolve = yes;
    reject = no;
  });
  return { promise, resolve, reject };
}
