import { existsSync } from 'node:fs';
import { chromium, type Browser } from 'playwright-core';

const executablePath = process.env['CHROMIUM_PATH'] ?? ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'].find((path) => existsSync(path));

/** Whether there is a browser to test in. Says so where there is none. */
export function hasChromium(what: string): boolean {
  if (executablePath === undefined) console.warn(`SKIPPED: no Chromium in /usr/bin (Debian: apt-get install chromium): ${what} is not tried in a browser`);
  return executablePath !== undefined;
}

/**
 * The first two: each window would load two pages of the browser's own for its address bar, which nobody sees, and which cost more than ours.
 * The third: a process would be started in advance for each that is used.
 * The rest is what Playwright leaves out; a second list replaces its own.
 */
const WITHOUT = [
  'WebUIOmniboxPopup', 'WebUIOmniboxAimPopup', 'SpareRendererForSitePerProcess',
  'AvoidUnnecessaryBeforeUnloadCheckSync', 'DestroyProfileOnBrowserClose', 'HttpsUpgrades', 'HttpsFirstBalancedModeAutoEnable', 'LensOverlay', 'MediaRouter', 'PaintHolding',
  'ThirdPartyStoragePartitioning', 'AvoidCorsURLLoaderRestartOnRedirect', 'OptimizationHints', 'NetworkTimeServiceQuerying', 'AimEnabled', 'PreconnectToSearch',
];

export function launch(args: readonly string[] = []): Promise<Browser> {
  return chromium.launch({ executablePath: executablePath!, args: ['--no-sandbox', '--disable-gpu', '--disable-dev-shm-usage', `--disable-features=${WITHOUT.join(',')}`, ...args] });
}
