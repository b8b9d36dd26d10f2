import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { SandboxError } from './error.js';
import { answerFault, type Fault, FAULTS, isFault } from './fault.js';
import { lazily, once } from './lazily.js';
import { schemeFiles } from './world/scheme-files.js';
import type { ListName } from './world/lists.js';
import { createWorld, type World, type WorldOptions } from './world/world.js';

export interface ServedWorld {
  readonly world: World;
  /** `http://127.0.0.1:<port>` */
  readonly baseUrl: string;
  /** Every later request for this path meets the fault; `undefined` lifts it. The URLs in certificates stay as they are. */
  setFault(path: string, fault: Fault | undefined): void;
  /** Every later request for this path gets these octets; `undefined` takes back what was put, or what was there before. */
  put(path: string, body: Uint8Array | undefined): void;
  /** Paths asked for so far, in order. */
  readonly requests: readonly string[];
  /** Ends all connections, also those a fault keeps open. */
  close(): Promise<void>;
}

interface Resource {
  readonly type: string;
  readonly body: Uint8Array;
}

type ResourceAt = (path: string) => Resource | undefined;

/** What answers a POST, and of which media type. */
interface Responder {
  readonly type: string;
  readonly answer: (request: Uint8Array) => Uint8Array;
}

/**
 * Serves a world on loopback: CRLs under `/crl/`, OCSP and time-stamps by POST under `/ocsp/` and `/tsa/`, CA certificates under `/ca/`, list envelopes and the role
 * under `/list/`, the scheme as it is published under `/scheme/`, and every fault under `/fault/<kind>` or `/fault/<kind>/<path>`.
 *
 * @param world a world made for this address, or a function that makes one once the address is known
 * @throws SandboxError LISTEN_FAILED
 */
export async function serveWorld(world: World | ((baseUrl: string) => World), options: { readonly port?: number } = {}): Promise<ServedWorld> {
  const replaced = new Map<string, Resource>();
  let published: ResourceAt = () => undefined;
  const resourceAt: ResourceAt = (path) => replaced.get(path) ?? published(path);
  const faults = new Map<string, Fault>();
  const requests: string[] = [];
  const responders = new Map<string, Responder>();
  const server = createServer((request, response) => {
    const path = new URL(request.url ?? '/', 'http://sandbox.invalid').pathname;
    requests.push(path);
    const responder = responders.get(/^\/fault\/[a-z-]+(\/.*)$/.exec(path)?.[1] ?? path);
    if (responder !== undefined && request.method === 'POST') void answerPost(request, response, path, responder, faults);
    else answer(request, response, path, resourceAt, faults);
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', (cause) => reject(new SandboxError('LISTEN_FAILED', `cannot listen on 127.0.0.1:${options.port ?? 0}`, { cause })));
    server.listen(options.port ?? 0, '127.0.0.1', resolve);
  });
  const baseUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const close = (): Promise<void> =>
    new Promise((resolve) => {
      server.close(() => resolve());
      server.closeAllConnections();
    });
  let served: World;
  try {
    served = typeof world === 'function' ? world(baseUrl) : world;
  } catch (error) {
    await close();
    throw error;
  }
  published = publishedBy(served);
  for (const [path, respond] of served.ocsp) responders.set(path, { type: 'application/ocsp-response', answer: respond });
  // RFC 3161 §3.4.
  for (const [path, respond] of served.tsa) responders.set(path, { type: 'application/timestamp-reply', answer: respond });
  return {
    world: served,
    baseUrl,
    requests,
    close,
    put(path, body) {
      if (body === undefined) replaced.delete(path);
      else replaced.set(path, { type: published(path)?.type ?? 'application/octet-stream', body });
    },
    setFault(path, fault) {
      if (fault === undefined) faults.delete(path);
      else faults.set(path, fault);
    },
  };
}

/** A server on a free port and the world that names it. */
export function startSandbox(options: Pick<WorldOptions, 'seed' | 'at' | 'revocationMode' | 'now'> & { readonly port?: number }): Promise<ServedWorld> {
  const { port, ...world } = options;
  return serveWorld((crlBaseUrl) => createWorld({ ...world, crlBaseUrl }), port === undefined ? {} : { port });
}

/** What a world publishes, each document made when it is first asked for. */
function publishedBy(world: World): ResourceAt {
  const resources = new Map<string, Resource>();
  const put = (path: string, type: string, body: () => Uint8Array): void => void resources.set(path, lazily({ type }, { body }));
  // RFC 2585 §4 names both media types.
  for (const path of world.crls.keys()) put(path, 'application/pkix-crl', () => world.crls.get(path)!);
  for (const { id, issuers, above } of world.authorities) {
    for (const issuer of issuers) put(`/ca/${id}-${issuer.label}.cer`, 'application/pkix-cert', () => issuer.certificate);
    if (above[0] !== undefined) put(`/ca/${id}-root.cer`, 'application/pkix-cert', () => above[0]!.certificate);
  }
  for (const unit of world.timestampAuthorities) put(`${unit.path}.cer`, 'application/pkix-cert', () => unit.certificate);
  for (const name of Object.keys(world.lists) as ListName[]) put(`/list/${name}.json`, 'application/jose+json', () => world.lists[name]);
  put('/list/role.json', 'application/json', () => new TextEncoder().encode(JSON.stringify(world.listRole)));
  const scheme = once(() => schemeFiles(world.scheme));
  return (path) => {
    const body = path.startsWith('/scheme/') ? scheme().get(path.slice('/scheme/'.length)) : undefined;
    return body === undefined ? resources.get(path) : { type: 'application/jose+json', body };
  };
}

/** Octets of an OCSP or time-stamp request; more than any needs. */
const MAX_POSTED = 16_384;

async function answerPost(
  request: IncomingMessage,
  response: ServerResponse,
  path: string,
  responder: Responder,
  faults: ReadonlyMap<string, Fault>,
): Promise<void> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  try {
    for await (const chunk of request as AsyncIterable<Uint8Array>) {
      chunks.push(chunk);
      length += chunk.length;
      if (length > MAX_POSTED) {
        response.writeHead(413, { connection: 'close' }).end();
        return;
      }
    }
  } catch {
    return; // the caller has gone
  }
  const body = responder.answer(new Uint8Array(Buffer.concat(chunks)));
  const named = /^\/fault\/([a-z-]+)\//.exec(path)?.[1];
  const fault = named !== undefined && isFault(named) ? named : faults.get(path);
  if (fault !== undefined) answerFault(fault, response, path, body);
  else response.writeHead(200, { 'content-type': responder.type, 'content-length': body.length }).end(body);
}

function answer(request: IncomingMessage, response: ServerResponse, path: string, resourceAt: ResourceAt, faults: ReadonlyMap<string, Fault>): void {
  if (request.method !== 'GET' && request.method !== 'HEAD') {
    response.writeHead(405, { allow: 'GET, HEAD' }).end();
    return;
  }
  const named = /^\/fault\/([a-z-]+)(\/.*)?$/.exec(path);
  const kind = named?.[1];
  if (kind !== undefined && isFault(kind)) {
    answerFault(kind, response, path, resourceAt(named?.[2] ?? '')?.body);
    return;
  }
  const resource = resourceAt(path);
  const fault = faults.get(path);
  if (fault !== undefined) {
    answerFault(fault, response, path, resource?.body);
  } else if (resource === undefined) {
    response.writeHead(404, { 'content-type': 'text/plain; charset=utf-8' }).end(`nothing here; faults are ${FAULTS.join(', ')}\n`);
  } else {
    response.writeHead(200, { 'content-type': resource.type, 'content-length': resource.body.length });
    response.end(request.method === 'HEAD' ? undefined : resource.body);
  }
}
