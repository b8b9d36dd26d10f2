import { readFile } from 'node:fs/promises';
import type { Browser } from 'playwright-core';

export interface MemoryWatch {
  /** By how many octets the pages' processes grew together, at most, since it began. */
  peak(): number;
  stop(): void;
}

const EVERY_MS = 100;

/** Anonymous memory of the browser's renderers, read of Linux: what a heap's own figures leave out is in it. */
export async function watchMemory(browser: Browser): Promise<MemoryWatch> {
  const session = await browser.newBrowserCDPSession();
  const held = async (): Promise<number> => {
    const { processInfo } = await session.send('SystemInfo.getProcessInfo');
    const each = await Promise.all(processInfo.filter(({ type }) => type === 'renderer').map(({ id }) => readFile(`/proc/${id}/status`, 'utf8').then((status) => Number(/RssAnon:\s+(\d+) kB/.exec(status)?.[1] ?? 0) * 1024, () => 0)));
    return each.reduce((sum, octets) => sum + octets, 0);
  };
  const before = await held();
  let peak = 0;
  const timer = setInterval(() => void held().then((octets) => { peak = Math.max(peak, octets - before); }, () => undefined), EVERY_MS);
  return { peak: () => peak, stop: () => clearInterval(timer) };
}
