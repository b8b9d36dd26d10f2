import { escaped } from '../html.js';
import type { CscState } from './state.js';

/** `GET /csc/phone`: codes that were sent to the users' phones, and how long each counts. The page asks again by itself. */
export function cscPhone({ otps, ground: { clock } }: CscState): Response {
  const now = clock.now();
  const rows = [...otps].filter(([, { expiresAt }]) => expiresAt > now).map(([id, { value, expiresAt }]) => `<li><b>${escaped(value)}</b><span>${escaped(id)} · ${Math.ceil((expiresAt - now) / 1000)} s</span></li>`);
  return new Response(`<!doctype html><html lang="zh-CN"><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><meta http-equiv="refresh" content="3"><title>沙盒手机 · Sandbox phone</title>
<style>body{max-width:24rem;margin:2rem auto;padding:0 1rem;font:1rem/1.6 system-ui,sans-serif;color:#1b2127}ul{list-style:none;padding:0}li{padding:.7rem 1rem;margin:.6rem 0;border:1px solid #d9dee4;border-radius:.6rem}b{display:block;font-size:1.3rem;letter-spacing:.06em}span,p{color:#57626d}</style>
<h1>短信 Messages</h1>${rows.length === 0 ? '<p>还没有验证码。There is no code yet.</p>' : `<ul>${rows.reverse().join('')}</ul>`}</html>`, { headers: { 'content-type': 'text/html; charset=utf-8', 'cache-control': 'no-store' } });
}
