import { escaped } from '../html.js';

/** What the user is shown: who asks, for which files, and two buttons. */
export function authorizationPage(parameters: Readonly<Record<string, string>>, given: URLSearchParams): string {
  const rows = [...given].map(([name, value]) => `<input type="hidden" name="${escaped(name)}" value="${escaped(value)}">`).join('');
  const files = labelsOf(parameters).map((label) => `<li>${escaped(label)}</li>`).join('');
  return `<!doctype html><html lang="zh-CN"><meta charset="utf-8"><title>沙盒授权 · Sandbox authorization</title>
<h1>沙盒签名服务：是否授权？</h1><p>${escaped(parameters['client_id'] ?? '')} · ${escaped(parameters['scope'] ?? 'authorization_details')} · ${escaped(parameters['credentialID'] ?? '')}</p><ul>${files}</ul>
<form method="post" action="/oauth2/authorize">${rows}<button name="decision" value="approve">同意 Approve</button> <button name="decision" value="refuse">拒绝 Refuse</button></form></html>`;
}

function labelsOf(parameters: Readonly<Record<string, string>>): readonly string[] {
  try {
    const details = JSON.parse(parameters['authorization_details'] ?? '[]') as { readonly documentDigests?: { readonly label?: string }[] }[];
    return details.flatMap(({ documentDigests = [] }) => documentDigests.map(({ label = '' }) => label)).slice(0, 500);
  } catch {
    return [];
  }
}
