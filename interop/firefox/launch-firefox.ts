import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';

/** As much of a page driven over WebDriver BiDi as the tests use. */
export interface FoxPage {
  goto(url: string): Promise<unknown>;
  evaluate<Given extends readonly unknown[], Result>(act: (...given: Given) => Result, ...given: Given): Promise<Awaited<Result>>;
  evaluateHandle(act: () => unknown): Promise<{ asElement(): { uploadFile(...paths: string[]): Promise<void> } | null }>;
  on(event: 'pageerror', hear: (error: Error) => void): unknown;
}
export interface Fox {
  version(): Promise<string>;
  newPage(): Promise<FoxPage>;
  close(): Promise<void>;
}
interface Puppeteer {
  launch(options: { readonly browser: 'firefox'; readonly executablePath: string; readonly headless: boolean }): Promise<Fox>;
}

const binary = process.env['FIREFOX_PATH'] ?? ['/usr/bin/firefox-esr', '/usr/bin/firefox'].find((path) => existsSync(path));
const library = new URL('../.cache/firefox/node_modules/puppeteer-core/', import.meta.url);

/** Whether there is a Firefox and what drives it (`interop/install.sh --firefox`). Says so where there is not. */
export function hasFirefox(what: string): boolean {
  const ready = binary !== undefined && existsSync(library);
  if (!ready) console.warn(`SKIPPED: no Firefox, or nothing to drive it (interop/install.sh --firefox): ${what} is not tried in it`);
  return ready;
}

export async function launchFirefox(): Promise<Fox> {
  const entry = createRequire(new URL('package.json', library)).resolve('puppeteer-core');
  const loaded = (await import(/* @vite-ignore */ pathToFileURL(entry).href)) as { readonly default: Puppeteer };
  return loaded.default.launch({ browser: 'firefox', executablePath: binary!, headless: true });
}

/** Asks until there is an answer. @throws Error after half a minute */
export async function eventually<Given extends readonly unknown[], Result>(page: FoxPage, act: (...given: Given) => Result, ...given: Given): Promise<NonNullable<Awaited<Result>>> {
  const until = Date.now() + 30_000;
  for (;;) {
    const found = await page.evaluate(act, ...given).catch(() => undefined);
    if (found !== undefined && found !== null && (found as unknown) !== false) return found;
    if (Date.now() > until) throw new Error(`never: ${String(act).slice(0, 200)}`);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}
