import { escaped } from '../html.js';
import type { ProviderGuide } from './guide.js';

/** `GET /`: the guide as a page, both languages side by side. No script, nothing from elsewhere. */
export function guidePage(guide: ProviderGuide, nonce: string): string {
  const { csc } = guide;
  const both = ({ zh, en }: { readonly zh: string; readonly en: string }): string => `${escaped(zh)}<br><span lang="en">${escaped(en)}</span>`;
  const codes = (words: readonly string[]): string => words.map((word) => `<code>${escaped(word)}</code>`).join(' ');
  return `<!DOCTYPE html>
<html lang="zh-CN">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>合符沙盒 · Hefu sandbox</title>
<style nonce="${nonce}">
:root { color-scheme: light dark; }
body { margin: 0 auto; max-width: 64rem; padding: 1rem; font: 1rem/1.5 system-ui, sans-serif; overflow-wrap: break-word; }
@media (max-width: 60rem) { body { overflow-wrap: anywhere; } }
table { border-collapse: collapse; width: 100%; margin: .5rem 0 1.5rem; }
th, td { text-align: left; vertical-align: top; padding: .35rem .6rem .35rem 0; border-bottom: 1px solid #8a8f98; }
code { font: .9em ui-monospace, monospace; } [lang=en] { opacity: .75; }
</style>
</head>
<body>
<h1>合符沙盒 · Hefu sandbox</h1>
<p>密钥都是玩具，切勿信任。<span lang="en">Every key here is a toy: never trust one.</span></p>
<h2>接口 · Interfaces</h2>
${table(['地址 URL', '说明 What', '自有的故障 Faults of its own'], guide.facades.map((each) => [code(guide.baseUrl + each.path), both(each), codes(each.faults)]))}
<p>任何接口都有 · <span lang="en">of every interface</span>: ${codes(guide.transportFaults)}</p>
<h2>控制 · Controls</h2>
${table(['请求 Request', '作用 What it does'], guide.controls.map((each) => [code(each.request), both(each)]))}
<h2>身份 · Identities</h2>
<p>CSC: 令牌 token <code>${escaped(csc.token)}</code>, PIN <code>${escaped(csc.pin)}</code>, TOTP <code>${escaped(csc.totp)}</code>; 预设 presets: ${codes(csc.presets)}</p>
${table(['凭证结尾 Suffix', '方式 Mode', 'SCAL', '每次 At a time'], csc.credentials.map((each) => [code(each.suffix === '' ? '—' : each.suffix), each.mode, each.scal, String(each.multisign)]))}
${table(['凭证 Credential', '企业 Company', '密钥 Key', '状态 State'], guide.identities.map((each) => [code(each.id), escaped(each.company), each.kind, each.state]))}
<h2>五十种故障 · Fifty failures</h2>
${table(['#', '故障 Failure', '故障名 Faults', '另法 Or'], guide.failures.map((each) => [String(each.number), both(each), codes(each.faults), each.also === undefined ? '' : both(each.also)]))}
</body>
</html>
`;
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[], tag: string): string => `<tr>${cells.map((cell) => `<${tag}>${cell}</${tag}>`).join('')}</tr>`;
  return `<table><thead>${line(head, 'th')}</thead><tbody>\n${rows.map((cells) => line(cells, 'td')).join('\n')}\n</tbody></table>`;
}

const code = (text: string): string => `<code>${escaped(text)}</code>`;
