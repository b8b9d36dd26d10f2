import type { DocumentWanted } from '@hefu/trust-list';
import { UpdaterError } from '../error.js';
import { fetchDocument } from '../fetch-document.js';
import type { UpdaterLimits } from '../limits.js';
import type { Clock, Fetcher } from '../ports.js';
import { throwIfAborted } from '../single-flight.js';

/** Where the documents of a scheme come from. */
export type SchemeSource =
  /** Folders over HTTP, mirrors of each other, asked in order before those that verified documents name themselves. */
  | { readonly mode: 'online'; readonly urls?: readonly string[] }
  /** A folder that the binding reads. A file that is not there is undefined. Paths are those of `DocumentWanted.path`. */
  | { readonly mode: 'folder'; readonly name: string; readonly read: (path: string, maxBytes: number, signal: AbortSignal | undefined) => Promise<Uint8Array | undefined> }
  /** Everything in one file (`makeBundle`); a function is asked at each refresh, for a file that is replaced now and then. */
  | { readonly mode: 'bundle'; readonly file: Uint8Array | (() => Promise<Uint8Array>) }
  /** Only what this process or another keeps in the store. */
  | { readonly mode: 'cached' };

/** One place where a document may lie. */
export interface Place {
  /** `url …`, `folder …`: for people. */
  readonly name: string;
  /** @returns undefined when there is no such document; @throws UpdaterError when that could not be found out */
  get(maxBytes: number): Promise<Uint8Array | undefined>;
}

export type Places = (wanted: Pick<DocumentWanted, 'path' | 'urls'>) => readonly Place[];

export interface PlacesOptions {
  readonly fetcher: Fetcher;
  readonly clock: Clock;
  readonly limits: UpdaterLimits;
  /** Epoch milliseconds. */
  readonly deadline: number;
  readonly signal: AbortSignal | undefined;
}

/** The places of a source. Requests are counted over all that is asked through it; a server that did not answer is asked after the others. */
export function placesOf(source: Extract<SchemeSource, { mode: 'online' | 'folder' }>, options: PlacesOptions): { readonly places: Places; peerPlaces(schemeId: string, location: readonly string[]): Places } {
  const { signal } = options;
  if (source.mode === 'folder') {
    const under = (prefix: string): Places => ({ path }) => [{
      name: `folder ${source.name.slice(0, 200)}`,
      async get(maxBytes) {
        throwIfAborted(signal);
        return source.read(`${prefix}${path}`, maxBytes, signal);
      },
    }];
    return { places: under(''), peerPlaces: (schemeId) => under(peerFolder(schemeId)) };
  }
  const folders = (source.urls ?? []).map(asFolder);
  const web = webPlaces(options);
  return {
    places: ({ path, urls }) => web([...folders.map((folder) => folder + path), ...urls]),
    // Its own server first: a mirror beside ours may lag.
    peerPlaces: (schemeId, location) => ({ path, urls }) => web([...location.map((folder) => asFolder(folder) + path), ...urls, ...folders.map((folder) => folder + peerFolder(schemeId) + path)]),
  };
}

function webPlaces({ fetcher, clock, limits, deadline, signal }: PlacesOptions): (urls: readonly string[]) => readonly Place[] {
  const silent = new Set<string>();
  let asked = 0;
  return (all) => {
    const urls = [...new Set(all)].slice(0, limits.maxUrlsPerWish);
    return [...urls.filter((url) => !silent.has(originOf(url))), ...urls.filter((url) => silent.has(originOf(url)))].map((url) => ({
      name: `url ${url.slice(0, 200)}`,
      async get(maxBytes) {
        throwIfAborted(signal);
        asked += 1;
        if (asked > limits.maxSchemeFetches) throw new UpdaterError('LIMIT', `more than ${limits.maxSchemeFetches} requests in one refresh`);
        try {
          return await fetchDocument(fetcher, { url, maxBytes, remaining: deadline - clock.now(), limits, signal });
        } catch (error) {
          silent.add(originOf(url));
          throw error;
        }
      },
    }));
  };
}

/** Where a mirror or folder of a scheme keeps those of its peers. */
function peerFolder(schemeId: string): string {
  return `peers/${encodeURIComponent(schemeId)}/`;
}

function asFolder(url: string): string {
  return url.endsWith('/') ? url : `${url}/`;
}

function originOf(url: string): string {
  try {
    return new URL(url).origin;
  } catch {
    return url;
  }
}
