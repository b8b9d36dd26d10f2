import { jsonAnswer, type Facade, type FacadeMaker } from '../facade.js';
import { createFaultPlan, type FaultPlan } from '../fault-plan.js';
import { STATUS_FAULTS, type ApiCall, type ApiGround, type QrApi } from './api.js';
import { cossApi } from './coss.js';
import { deviceLinkApi } from './device-link.js';
import { createJobBook, type JobBook, type QrJob } from './job-book.js';
import { RESULT_FAULTS } from './job-result.js';
import { createPhone } from './phone.js';
import { CALLBACK_FAULTS, createWebhookSender, deliverToLoopback, type Deliver, type WebhookSender } from './webhook.js';
import { zhongzhaoApi } from './zhongzhao.js';

export interface QrFacadeOptions {
  /** How callbacks leave. Default: by HTTP, to loopback only. */
  readonly deliver?: Deliver;
  /** Of the zhongzhao interface, whose jobs name none. */
  readonly callbackUrl?: string;
}

/** The façade and its books, which outlive no provider. */
export interface QrProvider {
  readonly facade: FacadeMaker;
  /** Of the provider made last. @throws TypeError before one was made */
  book(): JobBook;
  webhooks(): WebhookSender;
}

/**
 * Providers that sign on phones: `/qr/zhongzhao/sweepcodeController/`, `/qr/coss/service/v1/` and `/qr/device-link/v3/`, with the phone at
 * `/qr/phone`. Faults: of values, of status answers, of callbacks.
 */
export function createQrProvider({ deliver = deliverToLoopback, callbackUrl }: QrFacadeOptions = {}): QrProvider {
  let made: { readonly book: JobBook; readonly webhooks: WebhookSender } | undefined;
  const current = (): NonNullable<typeof made> => {
    if (made === undefined) throw new TypeError('there is no provider yet');
    return made;
  };
  return {
    book: () => current().book,
    webhooks: () => current().webhooks,
    facade(ground): Facade {
      // Callbacks leave because of a request or of time; the faults in force are those of the request seen last.
      let faults: FaultPlan = createFaultPlan([]);
      const webhooks = createWebhookSender(ground.clock, () => faults, deliver);
      const apis: QrApi[] = [];
      const notify = (job: QrJob): void => {
        for (const api of apis) {
          const out = apiOf(api, job) ? api.callback?.(job) : undefined;
          if (out !== undefined) webhooks.send(out.url, out.callback, out.forge);
        }
      };
      const book = createJobBook(ground, notify);
      made = { book, webhooks };
      const shared: ApiGround = { ...ground, book };
      const deviceLink = deviceLinkApi(shared);
      apis.push(zhongzhaoApi(shared, callbackUrl), cossApi(shared), deviceLink);
      const phone = createPhone(shared, deviceLink.openLink);
      return {
        path: '/qr/',
        faults: [...RESULT_FAULTS, ...STATUS_FAULTS, ...CALLBACK_FAULTS, 'duplicate-credential'],
        async handle(request, inForce) {
          faults = inForce;
          webhooks.flush();
          const url = new URL(request.url);
          const read = await readCall(request);
          if (read === undefined) return jsonAnswer({ error: 'the body is no JSON object' }, 400);
          const call = (path: string): ApiCall => ({ ...read, method: request.method, url, headers: request.headers, faults: inForce, path: url.pathname.slice('/qr/'.length + path.length) });
          if (/^\/qr\/phone(?:\/|$)/.test(url.pathname)) return phone.handle({ ...call('phone'), path: url.pathname.replace(/^\/qr\/phone\/?/, '') });
          const api = apis.find((each) => url.pathname.startsWith(`/qr/${each.path}`));
          if (api === undefined) return jsonAnswer({ error: `below /qr/ there are ${apis.map((each) => each.path).join(', ')} and phone` }, 404);
          const before = book.size;
          const answer = api.handle(call(api.path));
          // A provider whose callback overtakes its own answer.
          const fresh = book.size > before ? book.jobs.at(-1) : undefined;
          if (fresh !== undefined && inForce.hits('callback-early', url.pathname)) notify(fresh);
          return answer;
        },
      };
    },
  };
}

function apiOf({ path }: QrApi, { api }: QrJob): boolean {
  return path.startsWith(`${api}/`);
}

async function readCall(request: Request): Promise<Pick<ApiCall, 'text' | 'body'> | undefined> {
  if (request.method === 'GET' || request.method === 'HEAD') return { text: '', body: {} };
  const sent = await request.text();
  try {
    const body: unknown = sent === '' ? {} : JSON.parse(sent);
    return typeof body === 'object' && body !== null && !Array.isArray(body) ? { text: sent, body: body as Readonly<Record<string, unknown>> } : undefined;
  } catch {
    return undefined;
  }
}

/** For `serveProvider`: the QR façades with callbacks to loopback. */
export const qrFacade: FacadeMaker = createQrProvider().facade;
