import type { SandboxScheme, SchemeFiles } from './scheme.js';

/** A scheme as it is published: `1.root.json`, `freshness.json`, `<list>/<sequence>.json`, and the neighbour's under `peers/`. */
export function schemeFiles({ neighbour, ...scheme }: SandboxScheme): ReadonlyMap<string, Uint8Array> {
  const files = new Map<string, Uint8Array>();
  const put = (prefix: string, { root, freshness, lists }: SchemeFiles): void => {
    files.set(`${prefix}${payloadOf(root)['version'] as number}.root.json`, root);
    files.set(`${prefix}freshness.json`, freshness);
    for (const [id, list] of Object.entries(lists)) files.set(`${prefix}${encodeURIComponent(id)}/${payloadOf(list)['sequence'] as number}.json`, list);
  };
  put('', scheme);
  put(`peers/${encodeURIComponent(neighbour.schemeId)}/`, neighbour);
  return files;
}

/** What an envelope of ours carries. */
export function payloadOf(envelope: Uint8Array): Readonly<Record<string, unknown>> {
  const { payload } = JSON.parse(new TextDecoder().decode(envelope)) as { readonly payload: string };
  return JSON.parse(Buffer.from(payload, 'base64url').toString('utf8')) as Readonly<Record<string, unknown>>;
}
