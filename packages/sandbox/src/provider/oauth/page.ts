import { escaped } from '../html.js';

const STYLE = 'body{max-width:30rem;margin:2rem auto;padding:0 1rem;font:1rem/1.6 system-ui,"Noto Sans CJK SC",sans-serif;color:#1b2127}h1{font-size:1.25rem}p{color:#57626d;overflow-wrap:anywhere}ul{padding:.6rem 1rem .6rem 2.2rem;border:1px solid #d9dee4;border-radius:.6rem}form{display:flex;flex-wrap:wrap;gap:.7rem;margin-top:1.5rem}button{font:inherit;min-height:2.75rem;padding:.4rem 1.2rem;border:1px solid #d9dee4;border-radius:.5rem;background:#fff;color:inherit}button[value=approve]{border-color:#0b6b3a;background:#0b6b3a;color:#fff;font-weight:600}';

/** What the user is shown: who asks, for which files, and two buttons. */
export function authorizationPage(parameters: Readonly<Record<string, string>>, given: URLSearchParams): string {
  const rows = [...given].map(([name, value]) => `<input type="hidden" name="${escaped(name)}" value="${escaped(value)}">`).join('');
  const files = labelsOf(parameters).map((label) => `<li>${escaped(label)}</li>`).join('');
  const about = [parameters['client_id'], parameters['scope'], parameters['credentialID']].filter((each) => each !== undefined).map((each) => escaped(each));
  return `<!doctype html><html lang="zh-CN"><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>沙盒授权 · Sandbox authorization</title><style>${STYLE}</style>
<h1>沙盒签名服务：是否授权签名？<br>Sandbox signing service: authorise?</h1><p>${about.join(' · ')}</p>${files === '' ? '' : `<ul>${files}</ul>`}
<form method="post" action="/oauth2/authorize">${rows}<button name="decision" value="approve">同意 Approve</button> <button name="decision" value="refuse">拒绝 Refuse</button></form></html>`;
}

function labelsOf(parameters: Readonly<Record<string, string>>): readonly string[] {
  try {
    const details = JSON.parse(parameters['authorization_details'] ?? '[]') as { readonly documentDigests?: { readonly label?: string; readonly hash?: string }[] }[];
    return details.flatMap(({ documentDigests = [] }) => documentDigests.map(({ label = '', hash = '' }) => `${label} · ${hash.slice(0, 16)}…`)).slice(0, 500);
  } catch {
    return [];
  }
}
