import { jsonAnswer } from '../facade.js';
import { text, type ApiCall, type ApiGround } from './api.js';
import { PHONE_ACTS, type PhoneAct, type QrJob } from './job-book.js';
import { phonePage } from './phone-page.js';

/**
 * The phone of every user: `GET /qr/phone` is the page; `POST /qr/phone/open` `{ link }` scans, with the content of a code or a short
 * code; `POST /qr/phone/act` `{ ticket, act, key? }` decides. Tests use the two calls alone.
 */
export function createPhone(ground: ApiGround, openLink: (url: URL) => QrJob | string): { handle(call: ApiCall): Response } {
  const { book, hsm, clock } = ground;
  const no = (status: number, error: string): Response => jsonAnswer({ error }, status);

  const find = (link: string): QrJob | string => {
    const typed = book.find(({ shortCode }) => shortCode === link.toUpperCase());
    if (typed !== undefined) return typed;
    let url: URL;
    try {
      url = new URL(link);
    } catch {
      return 'neither a link nor a short code';
    }
    if (url.searchParams.has('sessionToken')) return openLink(url);
    const job = book.get(url.searchParams.get('job') ?? url.searchParams.get('tId') ?? '');
    // What opens it is in the fragment, which no server saw.
    return job === undefined || url.hash.slice(1) !== job.scanKey ? 'no such job' : job;
  };

  return {
    handle({ method, path, body }) {
      if (method === 'GET' && path === '') {
        const nonce = ground.token('nonce');
        return new Response(phonePage(nonce), {
          headers: {
            'content-type': 'text/html; charset=utf-8', 'cache-control': 'no-store', 'referrer-policy': 'no-referrer', 'x-content-type-options': 'nosniff',
            'content-security-policy': `default-src 'none'; style-src 'nonce-${nonce}'; script-src 'nonce-${nonce}'; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`,
          },
        });
      }
      if (method === 'POST' && path === 'open') {
        const job = find(text(body['link']).slice(0, 4096));
        if (typeof job === 'string') return no(404, job);
        // A device link says RUNNING until the user has decided.
        const ticket = book.open(job, job.api !== 'device-link');
        const keys = job.kind === 'choice' ? hsm.keys.filter(({ company, kind }) => company.state === 'good' && kind !== 'Ed25519').map(({ id, kind, company }) => ({ id, label: `${company.name}（${kind}）` })) : undefined;
        return jsonAnswer({
          ticket, state: job.state, title: job.title, code: job.code, leftMs: Math.max(0, job.expiresAt - clock.now()), who: job.key?.company.name,
          items: job.items.map(({ id, label, hash }) => `${label ?? id} · ${Buffer.from(hash).toString('hex').slice(0, 16)}…`), ...(keys === undefined ? {} : { keys }),
        });
      }
      if (method === 'POST' && path === 'act') {
        const job = book.find(({ ticket }) => ticket !== undefined && ticket === text(body['ticket']));
        const act = PHONE_ACTS.find((each) => each === body['act']);
        if (job === undefined || act === undefined) return no(400, 'no such ticket or act');
        const decided = book.decide(job, act satisfies PhoneAct, hsm.key(text(body['key'])));
        return decided ? jsonAnswer({ state: job.state }) : jsonAnswer({ error: `it is ${job.state}`, state: job.state }, 410);
      }
      return no(404, 'GET /qr/phone, POST /qr/phone/open {link}, POST /qr/phone/act {ticket, act}');
    },
  };
}
