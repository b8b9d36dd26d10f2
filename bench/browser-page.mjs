// A page in Chromium with Hefu and its peers in it, and what the browser's processes cost.
import { existsSync, readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { chromium } from 'playwright-core';
import { BUNDLING } from '../packages/browser/bundle.mjs';

const executablePath = process.env.CHROMIUM_PATH ?? ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'].find((path) => existsSync(path));
const here = fileURLToPath(new URL('.', import.meta.url));
const browserPackage = join(here, '../packages/browser');

/** Says so where there is no browser. */
export function hasChromium() {
  if (executablePath === undefined) console.error('SKIPPED: browser: no Chromium in /usr/bin (Debian: apt-get install chromium)');
  return executablePath !== undefined;
}

/** @returns `{ page, origin, cpu, memory, close }`; `page` has what `browser-subjects.mjs` sets up, `cpu()` is microseconds of all renderers, `memory()` their resident octets */
export async function openPage() {
  const bundled = async (entry) => (await build({ ...BUNDLING, entryPoints: [entry], format: 'esm', outfile: 'out.js' })).outputFiles[0].text;
  const files = new Map([
    ['/', ['text/html', '<!doctype html><meta charset="utf-8"><title>bench</title><input type="file"><script type="module" src="/subjects.js"></script>']],
    ['/empty', ['text/html', '<!doctype html><meta charset="utf-8"><title>bench</title><script type="module" src="/empty.js"></script>']],
    ['/empty.js', ['text/javascript', '']],
    ['/subjects.js', ['text/javascript', await bundled(join(here, 'browser-subjects.mjs'))]],
    ['/digest-worker.js', ['text/javascript', await bundled(join(browserPackage, 'dist/digest/digest-worker.js'))]],
  ]);
  const server = createServer(({ url }, response) => {
    const [type, body] = files.get(url) ?? [];
    response.writeHead(body === undefined ? 404 : 200, { 'content-type': `${type ?? 'text/plain'}; charset=utf-8` }).end(body);
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  const browser = await chromium.launch({ executablePath, args: ['--no-sandbox', '--disable-gpu', '--disable-dev-shm-usage'] });
  const control = await browser.newBrowserCDPSession();
  const renderers = async () => (await control.send('SystemInfo.getProcessInfo')).processInfo.filter(({ type }) => type === 'renderer');
  const page = await browser.newPage();
  const origin = `http://localhost:${server.address().port}`;
  await page.goto(origin);
  await page.waitForFunction(() => globalThis.subjects !== undefined);
  return {
    browser, page, origin,
    cpu: async () => (await renderers()).reduce((sum, { cpuTime }) => sum + cpuTime * 1e6, 0),
    memory: async () => (await renderers()).reduce((sum, { id }) => sum + residentOctets(id), 0),
    async close() {
      await browser.close();
      server.closeAllConnections();
      server.close();
    },
  };
}

function residentOctets(pid) {
  try {
    return Number(/^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0) * 1024;
  } catch {
    return 0; // it has ended meanwhile
  }
}
