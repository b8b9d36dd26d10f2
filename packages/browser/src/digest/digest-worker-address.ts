let address: string | undefined;

/** Where the worker is, for pages whose bundler does not find it: a script of the page's own origin (`@hefu/browser/digest-worker`, bundled). */
export function setDigestWorker(url: string): void {
  address = url;
}

/** The worker that comes with this package: at the address set, or beside this file, where bundlers find it by this form. */
export function digestWorker(): Worker {
  return address === undefined ? new Worker(new URL('./digest-worker.js', import.meta.url), { type: 'module' }) : new Worker(address, { type: 'module' });
}
