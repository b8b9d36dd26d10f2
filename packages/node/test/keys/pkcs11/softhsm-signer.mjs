// Signs eight digests on a token in a process of its own, one login each; the PIN comes on standard input.
import { readFileSync } from 'node:fs';
import { verify, X509Certificate } from 'node:crypto';
import { pkcs11Adapter } from '../../../dist/index.js';

const [, , module, token] = process.argv;
const pin = readFileSync(0, 'utf8');
const adapter = pkcs11Adapter({ module, token });
/** Two processes at one token meet: the module may be unable to read it for a moment, and says so. */
async function again(act) {
  for (let tries = 1; ; tries++) {
    try {
      return await act();
    } catch (error) {
      if (error.code !== 'PROVIDER_UNAVAILABLE' || error.outcome !== 'not-signed' || tries === 20) throw error;
      await new Promise((resolve) => { setTimeout(resolve, 20 * tries); });
    }
  }
}

const [credential] = (await again(() => adapter.listCredentials({ limit: 9 }))).filter(({ algorithms }) => algorithms[0].name === 'ECDSA-SHA-256');
const key = new X509Certificate(credential.chain[0]).publicKey;
let signed = 0;
for (let i = 0; i < 8; i++) {
  const value = Buffer.from(`message ${i}`);
  await again(async () => {
    const session = await adapter.begin({ requestId: 'r', credential, algorithm: credential.algorithms[0], items: [{ itemId: 'a', label: 'a', toSign: { kind: 'tbs', digest: 'SHA-256', value } }] }, { clock: undefined });
    for await (const event of session.run({ signal: new AbortController().signal, ask: async () => ({ type: 'pin', value: pin }), show: () => undefined })) {
      if (event.type === 'signatures' && verify('sha256', value, { key, dsaEncoding: 'ieee-p1363' }, event.signatures[0].value)) signed++;
    }
  });
}
console.log(`${signed} signed`);
