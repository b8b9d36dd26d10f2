import { createHmac } from 'node:crypto';
import { classifyAddress, UpdaterError, type Clock, type Fetcher } from '@hefu/updater';
import type { AlertSink } from './alert-sink.js';

export interface WebhookOptions {
  readonly url: string;
  /** Key of the HMAC; without one, nothing tells the receiver who calls. It appears nowhere but in the HMAC. */
  readonly secret?: string;
  readonly fetcher: Fetcher;
  readonly clock: Clock;
  /** One request; default 10 s. */
  readonly timeoutMs?: number;
}

/**
 * Posts each alert as JSON. With a secret, `hefu-signature: t=<seconds>,v1=<hex>` carries HMAC-SHA-256 over `<seconds>.<body>`, so
 * that a receiver can refuse what is old or not from here; `hefu-delivery` is the same for every attempt at one alert.
 * Any status from 200 to 299 is arrival. Redirects are not followed: alerts and signature go where they were sent.
 * @throws TypeError for an address that is neither https nor on the loopback interface
 */
export function webhook(options: WebhookOptions): AlertSink {
  const { fetcher, clock, secret, timeoutMs = 10_000 } = options;
  const url = URL.canParse(options.url) ? new URL(options.url) : undefined;
  if (url === undefined || !isProtected(url) || url.username !== '' || url.password !== '') throw new TypeError('a webhook is an https address, or http on the loopback interface, without credentials');
  if (secret === '') throw new TypeError('the secret of a webhook must not be empty');
  return {
    // The path may be a capability, as many services have it: only the host is ever told.
    name: `webhook ${url.host}`,
    async deliver(alert, signal) {
      const body = Buffer.from(JSON.stringify(alert), 'utf8');
      const seconds = Math.floor(clock.now() / 1000);
      const headers = {
        'hefu-delivery': createHmac('sha256', 'hefu-delivery').update(`${alert.id} ${alert.state} ${alert.at} ${alert.threshold ?? ''}`).digest('hex').slice(0, 32),
        ...(secret === undefined ? {} : { 'hefu-signature': `t=${seconds},v1=${createHmac('sha256', secret).update(`${seconds}.`).update(body).digest('hex')}` }),
      };
      let status: number;
      try {
        ({ status } = await fetcher.fetch({ url: url.href, maxBytes: 64 * 1024, timeoutMs, maxRedirects: 0, allowPrivateAddresses: true, signal, post: { body, contentType: 'application/json', headers } }));
      } catch (error) {
        // Errors of the fetcher name the address.
        throw new UpdaterError(error instanceof UpdaterError ? error.code : 'FETCH_FAILED', `webhook ${url.host} did not answer`);
      }
      if (status < 200 || status > 299) throw new UpdaterError('HTTP_STATUS', `webhook ${url.host} answered ${status}`);
    },
  };
}

function isProtected(url: URL): boolean {
  return url.protocol === 'https:' || (url.protocol === 'http:' && (url.hostname === 'localhost' || classifyAddress(url.hostname) === 'loopback'));
}
