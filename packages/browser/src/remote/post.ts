import { REQUEST_HEADER } from './protocol.js';

/** What a page of ours sends its backend: JSON, with the header that no other site's page can send unasked, and the user's cookies. */
export function post(send: typeof fetch, address: string, body: unknown, signal: AbortSignal): Promise<Response> {
  return send(address, {
    method: 'POST', credentials: 'same-origin', cache: 'no-store', redirect: 'error', signal,
    headers: { 'content-type': 'application/json', [REQUEST_HEADER]: '1' }, body: JSON.stringify(body),
  });
}
