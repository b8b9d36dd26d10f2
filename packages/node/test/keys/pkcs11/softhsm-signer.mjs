// In a process of its own: tries a wrong PIN on a token, then signs eight messages with the right one, which comes on standard input.
import { readFileSync } from 'node:fs';
import { verify, X509Certificate } from 'node:crypto';
import { pkcs11Adapter } from '../../../dist/index.js';

const [, , module, token] = process.argv;
const adapter = pkcs11Adapter({ module, token });
const [credential] = (await adapter.listCredentials({ limit: 9 })).filter(({ algorithms }) => algorithms[0].name === 'ECDSA-SHA-256');
const key = new X509Certificate(credential.chain[0]).publicKey;
const pin = readFileSync(0, 'utf8');
const messages = Array.from({ length: 8 }, (_, i) => Buffer.from(`message ${i}`));
const items = messages.map((value, i) => ({ itemId: `${i}`, label: '', toSign: { kind: 'tbs', digest: 'SHA-256', value } }));

async function signed(value) {
  let count = 0;
  const session = await adapter.begin({ requestId: 'r', credential, algorithm: credential.algorithms[0], items }, { clock: undefined });
  for await (const event of session.run({ signal: new AbortController().signal, ask: async () => ({ type: 'pin', value }), show: () => undefined })) {
    if (event.type !== 'signatures') continue;
    for (const { itemId, value: made } of event.signatures) if (verify('sha256', messages[itemId], { key, dsaEncoding: 'ieee-p1363' }, made)) count++;
  }
  return `${count} signed`;
}
console.log(await signed('000000').catch(({ code, outcome }) => `${code} ${outcome}`));
console.log(await signed(pin));
