import { createHash } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { answerFault } from '../fault.js';
import { SandboxError } from '../error.js';
import type { World } from '../world/world.js';
import { createProviderClock, type ProviderClock } from './clock.js';
import type { Facade, FacadeMaker, ProviderGround } from './facade.js';
import { createFaultPlan, TRANSPORT_FAULTS, type FaultPlan } from './fault-plan.js';
import { providerGuide, type ProviderGuide } from './guide/guide.js';
import { guidePage } from './guide/guide-page.js';
import { createVirtualHsm, type VirtualHsm } from './hsm.js';
import { createTranscript, type Transcript } from './transcript.js';

export interface ProviderOptions {
  /** The façades it shows. */
  readonly facades: readonly FacadeMaker[];
  /** Loopback port; 0 takes a free one. Default 0. */
  readonly port?: number;
  /** The present: epoch milliseconds, or a function. Default the world's `at`, standing still. */
  readonly now?: number | (() => number);
}

export interface ServedProvider {
  /** `http://127.0.0.1:<port>` */
  readonly baseUrl: string;
  readonly hsm: VirtualHsm;
  readonly clock: ProviderClock;
  /** For all requests. A single request asks with the header `x-sandbox-fault` as well. */
  readonly faults: FaultPlan;
  readonly transcript: Transcript;
  close(): Promise<void>;
}

/** The largest request body read. */
const MAX_BODY = 4 * 1024 * 1024;
/** What only tells. */
const READ: readonly string[] = ['/sandbox/transcript', '/sandbox/guide'];

/**
 * Serves a provider of signing keys on loopback: façades of several protocols over one virtual HSM, faults at will
 * (`ServedProvider.faults`, the header `x-sandbox-fault`, or `POST /sandbox/fault` and `/sandbox/clock` from elsewhere). `GET /` is a page
 * that says how, `GET /sandbox/guide` the same in JSON.
 * @throws SandboxError LISTEN_FAILED
 */
export async function serveProvider(world: World, options: ProviderOptions): Promise<ServedProvider> {
  const clock = createProviderClock(options.now ?? world.at);
  const hsm = createVirtualHsm(world);
  const transcript = createTranscript();
  let facades: readonly Facade[] = [];
  let faults: FaultPlan = createFaultPlan([]);
  let known: readonly string[] = [];
  const server = createServer((request, response) => {
    void serve(request, response).catch(() => response.destroyed || response.writableEnded ? undefined : response.writeHead(500).end());
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', (cause) => reject(new SandboxError('LISTEN_FAILED', `cannot listen on 127.0.0.1:${options.port ?? 0}`, { cause })));
    server.listen(options.port ?? 0, '127.0.0.1', resolve);
  });
  const baseUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  let tokens = 0;
  const ground: ProviderGround = {
    world, hsm, clock, baseUrl,
    token: (prefix) => `${prefix}-${createHash('sha256').update(`${baseUrl}/${prefix}/${tokens++}`).digest('base64url').slice(0, 32)}`,
  };
  facades = options.facades.map((make) => make(ground));
  known = [...TRANSPORT_FAULTS, ...facades.flatMap((facade) => facade.faults)];
  faults = createFaultPlan(known);

  async function serve(incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
    const url = new URL(incoming.url ?? '/', baseUrl);
    outgoing.setHeader('date', new Date(clock.now()).toUTCString());
    const body = await readBody(incoming);
    if (body === undefined) return void outgoing.writeHead(413).end();
    if (url.pathname === '/' && (incoming.method === 'GET' || incoming.method === 'HEAD')) return showGuide(outgoing);
    if (url.pathname.startsWith('/sandbox/')) return control(url, body, outgoing);
    const own = createFaultPlan(known);
    const asked = incoming.headers['x-sandbox-fault'];
    try {
      for (const each of [asked ?? []].flat().flatMap((text) => text.split(';'))) own.set(each.trim());
    } catch (error) {
      return void outgoing.writeHead(400, { 'content-type': 'text/plain' }).end((error as Error).message);
    }
    const hit: string[] = [];
    const both: FaultPlan = {
      ...faults,
      hits: (name, path) => {
        const result = [own.hits(name, path), faults.hits(name, path)].includes(true);
        if (result) hit.push(name);
        return result;
      },
    };
    const note = (status: number | 'no-answer', responseBody: string): void => transcript.add({
      at: clock.now(), method: incoming.method ?? '', path: url.pathname + url.search, requestHeaders: incoming.headers as Record<string, string>,
      requestBody: body.toString('utf8'), status, responseBody, faults: hit,
    });
    const transport = (name: (typeof TRANSPORT_FAULTS)[number]): boolean => both.hits(name, url.pathname);
    const refuse = (status: number, text: string, headers: Record<string, string> = {}): void => {
      note(status, text);
      outgoing.writeHead(status, { 'content-type': 'text/plain', ...headers }).end(text);
    };
    if (transport('hang')) return note('no-answer', '');
    if (transport('lost-request')) return note('no-answer', ''), void incoming.socket.destroy();
    if (transport('429')) return refuse(429, 'slow down', { 'retry-after': '2' });
    if (transport('429-no-wait')) return refuse(429, 'slow down');
    if (transport('503')) return refuse(503, 'maintenance');
    if (transport('500')) return refuse(500, 'internal error');
    if (transport('redirect')) return refuse(307, '', { location: `${baseUrl}/elsewhere` });
    const facade = facades.find(({ path }) => url.pathname.startsWith(path));
    if (facade === undefined) return refuse(404, 'no such path');
    const headers = new Headers();
    for (const [name, value] of Object.entries(incoming.headers)) if (value !== undefined) headers.set(name, [value].flat().join(', '));
    const hasBody = incoming.method !== 'GET' && incoming.method !== 'HEAD';
    const answer = await facade.handle(new Request(url, { method: incoming.method ?? 'GET', headers, ...(hasBody ? { body: new Uint8Array(body) } : {}) }), both);
    const text = Buffer.from(await answer.arrayBuffer());
    if (transport('lost-answer')) return note('no-answer', text.toString('utf8')), void incoming.socket.destroy();
    for (const name of ['html', 'drip', 'huge'] as const) {
      if (!transport(name)) continue;
      note(200, `(${name})`);
      return answerFault(name === 'drip' ? 'slow' : name, outgoing, url.pathname, text);
    }
    const sent = transport('empty') ? Buffer.alloc(0) : transport('not-json') ? Buffer.from('OK') : text;
    note(answer.status, sent.toString('utf8'));
    for (const [name, value] of answer.headers) if (name !== 'set-cookie') outgoing.setHeader(name, value);
    const cookies = answer.headers.getSetCookie();
    if (cookies.length > 0) outgoing.setHeader('set-cookie', cookies);
    outgoing.writeHead(answer.status).end(sent);
  }

  function guide(): ProviderGuide {
    return providerGuide(baseUrl, facades, hsm);
  }

  function showGuide(outgoing: ServerResponse): void {
    const nonce = ground.token('nonce');
    outgoing.writeHead(200, {
      'content-type': 'text/html; charset=utf-8', 'cache-control': 'no-store', 'referrer-policy': 'no-referrer', 'x-content-type-options': 'nosniff',
      'content-security-policy': `default-src 'none'; style-src 'nonce-${nonce}'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`,
    }).end(guidePage(guide(), nonce));
  }

  function control(url: URL, body: Buffer, outgoing: ServerResponse): void {
    try {
      const given = (body.length === 0 ? {} : JSON.parse(body.toString('utf8'))) as { fault?: string; advanceMs?: number };
      if (url.pathname === '/sandbox/fault' && given.fault !== undefined) faults.set(given.fault);
      else if (url.pathname === '/sandbox/faults/clear') faults.clear();
      else if (url.pathname === '/sandbox/clock' && Number.isFinite(given.advanceMs)) clock.advance(given.advanceMs!);
      else if (!READ.includes(url.pathname)) throw new TypeError('POST /sandbox/fault {fault}, /sandbox/faults/clear, /sandbox/clock {advanceMs}, or GET /sandbox/transcript, /sandbox/guide');
      const told: unknown = url.pathname === '/sandbox/transcript' ? transcript.exchanges : url.pathname === '/sandbox/guide' ? guide() : { now: clock.now(), faults: faults.names() };
      outgoing.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(told));
    } catch (error) {
      outgoing.writeHead(400, { 'content-type': 'text/plain' }).end((error as Error).message);
    }
  }

  return {
    baseUrl, hsm, clock, transcript,
    get faults() { return faults; },
    close: () => new Promise((resolve) => {
      for (const facade of facades) facade.close?.();
      server.close(() => resolve());
      server.closeAllConnections();
    }),
  };
}

async function readBody(request: IncomingMessage): Promise<Buffer | undefined> {
  const parts: Buffer[] = [];
  let length = 0;
  for await (const part of request as AsyncIterable<Buffer>) {
    length += part.length;
    if (length > MAX_BODY) return undefined;
    parts.push(part);
  }
  return Buffer.concat(parts);
}
