/**
 * What lies where in a working tree.
 *
 * ```
 * hefu-list.json                     which scheme this is, and the fingerprint of its first root
 * draft/root.json                    the next root, while it is worked on
 * draft/list/<listId>.json           the next list
 * proposals/<name>.json              candidates and their approvals
 * published/<n>.root.json            what clients fetch: serve this folder
 * published/<listId>/<sequence>.json
 * published/freshness.json
 * kept/<version>.freshness.json      each freshness document that first named its documents: old clients, for the gate
 * samples/<sha256>.cer               certificates that identity profiles are proven with
 * stage/…                            as published would be, for other clients to try
 * ```
 */
export const draftPath = (target: 'root' | 'list', listId: string): string => (target === 'root' ? 'draft/root.json' : `draft/list/${encodeURIComponent(listId)}.json`);
export const proposalPath = (name: string): string => `proposals/${name}.json`;
export const samplePath = (sha256: string): string => `samples/${sha256}.cer`;
export const keptFreshnessPath = (version: number): string => `kept/${version}.freshness.json`;

/** Below `published/` and `stage/`: the paths that clients ask for. */
export const rootPath = (version: number): string => `${version}.root.json`;
export const listPath = (listId: string, sequence: number): string => `${encodeURIComponent(listId)}/${sequence}.json`;
export const FRESHNESS_PATH = 'freshness.json';

/** The highest number among names like `<n><suffix>`; 0 when there is none. */
export function highestNumber(names: readonly string[], suffix: string): number {
  return names.reduce((most, name) => {
    const number = name.endsWith(suffix) && /^[1-9]\d{0,15}$/.test(name.slice(0, -suffix.length)) ? Number(name.slice(0, -suffix.length)) : 0;
    return Math.max(most, number);
  }, 0);
}
