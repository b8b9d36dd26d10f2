import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { FLOOR } from '../page/bundle.js';
import { serve } from '../page/serve.js';

export interface Gallery {
  readonly url: (state: string, lang?: string) => string;
  close(): void;
}

const PAGE = `<!doctype html><html lang="zh-CN"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>Hefu</title><link rel="stylesheet" href="./page.css"></head><body><main></main><script type="module" src="./page.js"></script></body></html>`;
const STYLE = `
:root{color-scheme:light dark}
body{margin:0;background:#fff}main{max-width:44rem;margin:0 auto;padding:1.5rem}
@media (max-width:40rem){main{padding:1rem}}
@media (prefers-color-scheme:dark){body{background:#14181c}}
`;

/** The gallery as a page under the policy of a strict platform: nothing inline, nothing evaluated, nothing from elsewhere. */
export async function serveGallery(reports: Readonly<Record<string, unknown>>): Promise<Gallery> {
  const { outputFiles } = await build({
    entryPoints: { page: fileURLToPath(new URL('./gallery.ts', import.meta.url)) },
    bundle: true, write: false, splitting: true, format: 'esm', target: FLOOR, charset: 'utf8', logLevel: 'error', outdir: '/', chunkNames: '[name]-[hash]',
  });
  const resources = new Map<string, readonly [type: string, body: string | Uint8Array]>([
    ['/', ['text/html; charset=utf-8', PAGE]], ['/page.css', ['text/css', STYLE]],
    ...Object.entries(reports).map(([name, report]) => [`/${name}.json`, ['application/json', JSON.stringify(report)]] as const),
    ...outputFiles.map(({ path, text }) => [path, ['text/javascript', text]] as const),
  ]);
  const { origin, close } = await serve((request) => {
    const found = resources.get(new URL(request.url).pathname);
    if (found === undefined) return new Response('not found', { status: 404 });
    return new Response(found[1] as BodyInit, { headers: { 'content-type': found[0], 'content-security-policy': "default-src 'self'; base-uri 'none'; form-action 'none'" } });
  });
  return { url: (state, lang = 'zh-CN') => `${origin}/?state=${state}&lang=${lang}`, close };
}
