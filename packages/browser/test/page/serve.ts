import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

export type Handler = (request: Request) => Response | Promise<Response>;

export interface Served {
  readonly origin: string;
  close(): void;
}

/** Serves `handle` on this machine; `localhost` is a secure context. */
export async function serve(handle: Handler): Promise<Served> {
  const server: Server = createServer((incoming, outgoing) => {
    void (async () => {
      const response = await Promise.resolve(requestOf(incoming)).then(handle).catch((error: unknown) => new Response(String(error), { status: 500 }));
      outgoing.writeHead(response.status, Object.fromEntries(response.headers));
      if (response.body !== null) {
        const reader = response.body.getReader();
        outgoing.on('close', () => void reader.cancel().catch(() => undefined));
        for (let part = await reader.read(); !part.done; part = await reader.read()) outgoing.write(part.value);
      }
      outgoing.end();
    })().catch(() => outgoing.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    origin: `http://localhost:${(server.address() as AddressInfo).port}`,
    close: () => {
      server.closeAllConnections();
      server.close();
    },
  };
}

function requestOf(incoming: IncomingMessage): Request {
  const body = ['GET', 'HEAD'].includes(incoming.method!) ? undefined : new ReadableStream<Uint8Array>({
    start(controller) {
      incoming.on('data', (chunk: Uint8Array) => controller.enqueue(chunk));
      incoming.on('end', () => controller.close());
      incoming.on('error', (error) => controller.error(error));
    },
  });
  return new Request(`http://${incoming.headers.host}${incoming.url}`, {
    method: incoming.method!, headers: Object.entries(incoming.headers).map(([name, value]) => [name, String(value)]), ...(body === undefined ? {} : { body, duplex: 'half' }),
  } as RequestInit);
}

/** A page with nothing but a bundle, under a policy. */
export function pages(files: ReadonlyMap<string, string>, more: (request: Request) => Response | Promise<Response> | undefined = () => undefined): Handler {
  return async (request) => {
    const { pathname, searchParams } = new URL(request.url);
    const other = await more(request);
    if (other !== undefined) return other;
    if (pathname === '/') {
      const policy = searchParams.get('csp');
      return new Response('<!doctype html><meta charset="utf-8"><title>page</title><input type="file"><script type="module" src="/entry.js"></script>', {
        headers: { 'content-type': 'text/html', ...(policy === null ? {} : { 'content-security-policy': policy, 'set-cookie': `csp=${encodeURIComponent(policy)}` }) },
      });
    }
    const text = files.get(pathname.slice(1));
    if (text === undefined) return new Response('not found', { status: 404 });
    // A worker has the policy it came with, so that of its page is sent along.
    const policy = /csp=([^;]+)/.exec(request.headers.get('cookie') ?? '')?.[1];
    return new Response(text, { headers: { 'content-type': 'text/javascript', ...(policy === undefined ? {} : { 'content-security-policy': decodeURIComponent(policy) }) } });
  };
}
