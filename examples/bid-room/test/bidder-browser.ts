import type { Browser, BrowserContext, Page } from 'playwright-core';
import type { Room } from './bidding.js';

/** A browser as one bidder has it: a profile, and windows of the room in it. */
export interface BidderBrowser {
  readonly context: BrowserContext;
  open(path?: string): Promise<Page>;
  /** Leaves nothing of what was done: for the next test it is a new one. Another profile and window cost as much as most tests do in them. */
  empty(): Promise<void>;
}

/** @param heard told what the pages complain of */
export async function bidderBrowser(browser: Browser, { url }: Room, heard: (complaint: string) => void): Promise<BidderBrowser> {
  // Who moves nothing draws nothing: what turns while somebody waits is drawn sixty times a second, and a slow machine waits long.
  const context = await browser.newContext({ reducedMotion: 'reduce' });
  let idle: Page | undefined;
  const newPage = async (): Promise<Page> => {
    const page = await context.newPage();
    page.setDefaultTimeout(60_000);
    page.on('console', (message) => { if (message.type() === 'error') heard(message.text()); });
    page.on('pageerror', (error) => heard(error.message));
    return page;
  };
  return {
    context,
    async open(path = '/') {
      const page = idle ?? (await newPage());
      idle = undefined;
      await page.goto(url + path);
      return page;
    },
    async empty() {
      await context.setOffline(false);
      const [first, ...others] = context.pages();
      await Promise.all(others.map((page) => page.close()));
      if (first === undefined || first === idle) return;
      await first.unrouteAll();
      // Of this window, and in no store of its origin.
      if (first.url().startsWith(url)) await first.evaluate(() => sessionStorage.clear());
      await first.goto('about:blank');
      await context.clearCookies();
      const devtools = await context.newCDPSession(first);
      await devtools.send('Storage.clearDataForOrigin', { origin: url, storageTypes: 'all' });
      await devtools.detach();
      idle = first;
    },
  };
}
