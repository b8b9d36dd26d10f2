import type { ServerResponse } from 'node:http';

/** Ways in which a CA's server fails its callers. */
export type Fault =
  | 'slow' // one octet every 100 ms
  | 'hang' // accepts and never answers
  | 'huge' // octets without end (2 GiB)
  | 'error' // 500
  | 'html' // 200 with a login page
  | 'redirect-loop'
  | 'truncated'; // closes the connection halfway through the stated length

export const FAULTS: readonly Fault[] = ['slow', 'hang', 'huge', 'error', 'html', 'redirect-loop', 'truncated'];

export function isFault(text: string): text is Fault {
  return (FAULTS as readonly string[]).includes(text);
}

const SLOW_INTERVAL = 100;
const HUGE_BYTES = 2 ** 31;
const CHUNK_BYTES = 65_536;

/** Answers a request with a fault; `body` is what would have been served. */
export function answerFault(fault: Fault, response: ServerResponse, path: string, body: Uint8Array = new Uint8Array(1024)): void {
  switch (fault) {
    case 'hang':
      return;
    case 'error':
      response.writeHead(500, { 'content-type': 'text/plain' }).end('internal error\n');
      return;
    case 'html':
      response.writeHead(200, { 'content-type': 'text/html; charset=utf-8' }).end('<!DOCTYPE html><html><head><title>登录</title></head><body>请先登录</body></html>\n');
      return;
    case 'redirect-loop':
      response.writeHead(302, { location: path }).end();
      return;
    case 'truncated':
      response.writeHead(200, { 'content-type': 'application/octet-stream', 'content-length': body.length });
      response.write(body.subarray(0, body.length >> 1), () => response.destroy());
      return;
    case 'slow':
      response.writeHead(200, { 'content-type': 'application/octet-stream', 'content-length': body.length });
      drip(response, body);
      return;
    case 'huge':
      response.writeHead(200, { 'content-type': 'application/octet-stream' });
      pour(response);
  }
}

function drip(response: ServerResponse, body: Uint8Array): void {
  let offset = 0;
  const timer = setInterval(() => {
    response.write(body.subarray(offset, offset + 1));
    offset++;
    if (offset < body.length) return;
    clearInterval(timer);
    response.end();
  }, SLOW_INTERVAL);
  response.once('close', () => clearInterval(timer));
}

function pour(response: ServerResponse): void {
  const chunk = new Uint8Array(CHUNK_BYTES);
  let left = HUGE_BYTES;
  const more = (): void => {
    while (left > 0 && !response.destroyed) {
      left -= chunk.length;
      if (!response.write(chunk)) {
        response.once('drain', more);
        return;
      }
    }
    response.end();
  };
  more();
}
