/** The page of the phone simulator: no library, no cookie, nothing from elsewhere. It reads its own address, the fragment included. */
export function phonePage(nonce: string): string {
  return `<!DOCTYPE html>
<html lang="zh-CN">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>手机模拟器 · Phone simulator</title>
<style nonce="${nonce}">
:root { color-scheme: light dark; --line: #8a8f98; --go: #14663a; --stop: #9c1c1c; --ink: #16181d; --paper: #fff; }
@media (prefers-color-scheme: dark) { :root { --ink: #f1f2f4; --paper: #17191e; --go: #2f9e63; --stop: #d65151; } }
* { box-sizing: border-box; }
body { margin: 0 auto; max-width: 26rem; padding: 1rem; font: 1rem/1.5 system-ui, sans-serif; color: var(--ink); background: var(--paper); overflow-wrap: anywhere; }
header { display: flex; justify-content: space-between; align-items: baseline; gap: .5rem; }
h1 { font-size: 1.15rem; margin: 0; }
h2 { font-size: 1rem; margin: 1rem 0 .25rem; }
dl { display: grid; grid-template-columns: 6.5rem 1fr; gap: .25rem .5rem; margin: .75rem 0; }
dt { color: inherit; opacity: .75; } dd { margin: 0; }
.code { font-size: 2rem; letter-spacing: .3rem; font-variant-numeric: tabular-nums; }
ul { padding-left: 1.1rem; margin: .25rem 0; max-height: 9rem; overflow: auto; }
button, select, input { font: inherit; width: 100%; min-height: 2.75rem; margin: .25rem 0; padding: .4rem .7rem; border: 2px solid var(--line); border-radius: .5rem; color: inherit; background: transparent; }
button { cursor: pointer; }
button:focus-visible, select:focus-visible, input:focus-visible, summary:focus-visible { outline: 3px solid #2b6fd6; outline-offset: 2px; }
button[data-act=approve] { background: var(--go); border-color: var(--go); color: #fff; }
button[data-act=refuse] { border-color: var(--stop); color: var(--stop); }
button:disabled { opacity: .45; cursor: default; }
#lang { width: auto; min-height: 2rem; margin: 0; }
[role=status] { min-height: 1.5rem; font-weight: 600; }
[hidden] { display: none; }
</style>
</head>
<body>
<header><h1 data-t="title"></h1><button id="lang" type="button"></button></header>
<p role="status" aria-live="polite" id="status"></p>
<form id="scan"><label for="link" data-t="scan"></label><input id="link" autocomplete="off" spellcheck="false"><button type="submit" data-t="open"></button></form>
<main id="job" hidden>
<dl>
<dt data-t="who"></dt><dd id="who"></dd>
<dt data-t="what"></dt><dd id="what"></dd>
<dt data-t="code"></dt><dd class="code" id="code"></dd>
<dt data-t="left"></dt><dd id="left" role="timer" aria-live="off"></dd>
</dl>
<h2 data-t="items"></h2><ul id="items" tabindex="0"></ul>
<div id="choose" hidden><label for="key" data-t="key"></label><select id="key"></select></div>
<button type="button" data-act="approve" data-t="approve"></button>
<button type="button" data-act="refuse" data-t="refuse"></button>
<details><summary data-t="wrong"></summary>
<button type="button" data-act="wrong-code" data-t="wrongCode"></button>
<button type="button" data-act="ignore" data-t="ignore"></button>
<button type="button" data-act="approve-late" data-t="late"></button>
<button type="button" data-act="sign-other" data-t="other"></button>
<button type="button" data-act="sign-with-other-key" data-t="otherKey"></button>
</details>
</main>
<script nonce="${nonce}">
'use strict';
const words = {
  zh: { title: '手机模拟器（沙盒）', lang: 'English', scan: '二维码内容或短码', open: '打开', who: '证书', what: '事项', code: '校验码', left: '剩余', items: '待签内容', key: '使用的证书', approve: '确认', refuse: '拒绝', wrong: '模拟异常', wrongCode: '选错校验码', ignore: '不理会', late: '过期后才确认', other: '签了别的内容', otherKey: '用了别的证书', seconds: ' 秒', none: '（无）', notOpen: '打不开：', done: { waiting: '请核对后确认', scanned: '请核对校验码后确认', signed: '已确认', refused: '已拒绝', expired: '已过期', cancelled: '已被对方取消', 'wrong-code': '校验码错误', 'wrong-signer': '证书不符' }, told: '已记下：' },
  en: { title: 'Phone simulator (sandbox)', lang: '中文', scan: 'Content of the code, or short code', open: 'Open', who: 'Certificate', what: 'Request', code: 'Code', left: 'Time left', items: 'To be signed', key: 'Certificate to use', approve: 'Approve', refuse: 'Refuse', wrong: 'Do something wrong', wrongCode: 'Choose a wrong code', ignore: 'Ignore it', late: 'Approve after it expired', other: 'Sign something else', otherKey: 'Use another certificate', seconds: ' s', none: '(none)', notOpen: 'Cannot be opened: ', done: { waiting: 'Check it, then approve', scanned: 'Compare the code, then approve', signed: 'Approved', refused: 'Refused', expired: 'Expired', cancelled: 'Cancelled by the other side', 'wrong-code': 'Wrong code', 'wrong-signer': 'Wrong certificate' }, told: 'Noted: ' },
};
const at = (id) => document.getElementById(id);
let lang = new URLSearchParams(location.search).get('lang') || (navigator.language.startsWith('zh') ? 'zh' : 'en');
if (!words[lang]) lang = 'zh';
let job;
let until = 0;
const post = async (path, body) => {
  const answer = await fetch('/qr/phone/' + path, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) });
  const told = await answer.json();
  if (!answer.ok) throw new Error(told.error);
  return told;
};
const say = (text) => { at('status').textContent = text; };
function show() {
  const w = words[lang];
  document.documentElement.lang = lang === 'zh' ? 'zh-CN' : 'en';
  at('lang').textContent = w.lang;
  for (const each of document.querySelectorAll('[data-t]')) each.textContent = w[each.dataset.t];
  at('job').hidden = !job;
  if (!job) return;
  at('scan').hidden = true;
  at('who').textContent = job.who || w.none;
  at('what').textContent = job.title || w.none;
  at('code').textContent = job.code || '····';
  at('items').replaceChildren(...job.items.map((text) => { const li = document.createElement('li'); li.textContent = text; return li; }));
  at('choose').hidden = !job.keys;
  if (job.keys && at('key').options.length === 0) for (const key of job.keys) at('key').add(new Option(key.label, key.id));
  const open = job.state === 'waiting' || job.state === 'scanned';
  for (const each of document.querySelectorAll('[data-act]')) each.disabled = !open;
  say(w.done[job.state]);
  tick();
}
function tick() {
  if (job) at('left').textContent = Math.max(0, Math.round((until - Date.now()) / 1000)) + words[lang].seconds;
}
async function openLink(link) {
  try {
    job = await post('open', { link });
    until = Date.now() + job.leftMs;
    show();
    document.querySelector('[data-act=approve]').focus();
  } catch (error) { say(words[lang].notOpen + error.message); }
}
for (const each of document.querySelectorAll('[data-act]')) each.addEventListener('click', async () => {
  try {
    const told = await post('act', { ticket: job.ticket, act: each.dataset.act, key: at('key').value || undefined });
    job.state = told.state;
    show();
    if (told.state === 'waiting' || told.state === 'scanned') say(words[lang].told + each.textContent);
  } catch (error) { say(words[lang].notOpen + error.message); }
});
at('scan').addEventListener('submit', (event) => { event.preventDefault(); openLink(at('link').value.trim()); });
at('lang').addEventListener('click', () => { lang = lang === 'zh' ? 'en' : 'zh'; show(); });
setInterval(tick, 1000);
show();
const own = new URLSearchParams(location.search);
if (own.has('job') || own.has('tId') || own.has('sessionToken')) openLink(location.href);
</script>
</body>
</html>
`;
}
