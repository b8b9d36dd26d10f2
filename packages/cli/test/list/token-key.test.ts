import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { signList, updateTrustList } from '@hefu/trust-list';
import { nodeAlgorithms } from '@hefu/node';
import { signerFrom } from '../../src/list/signer.js';
import type { CommandContext } from '../../src/command-context.js';
import { credential } from '../../../sign/test/certificates.js';
import { run } from '../support.js';
import { locateSoftHsm, SoftHsm, SOFTHSM_PIN, TOKEN } from '../../../node/test/keys/pkcs11/softhsm.js';

const located = locateSoftHsm();
if ('missing' in located) console.warn(`SKIPPED: ${located.missing}; no list was signed with a key on a token`);

const context = (env: Readonly<Record<string, string>>): CommandContext => ({ lang: 'zh', terminal: { env, note: () => undefined } }) as unknown as CommandContext;

describe.skipIf('missing' in located)('--key pkcs11:…', () => {
  let hsm: SoftHsm;
  let key: string;
  beforeAll(() => {
    hsm = new SoftHsm('module' in located ? located.module : '');
    const { certificate, privateKey } = credential('P-256');
    hsm.import([{ pkcs8: new Uint8Array(privateKey!.export({ format: 'der', type: 'pkcs8' })), certificate: certificate.bytes }]);
    key = `pkcs11:token=${TOKEN};object=key%201?module-path=${hsm.module}`;
  });
  afterAll(() => hsm.close());

  const LIST = { type: 'list', spec: '1.0', listId: '42', sequence: 1, issued: '2026-05-01T00:00:00Z', nextUpdate: '2026-08-01T00:00:00Z', operator: { name: { zh: '测' } }, territory: ['420000'], services: [{ id: 'urn:x', kind: 'ca', name: { zh: '测' }, anchors: [{ spkiSha256: '00'.repeat(32), mode: 'root' }], status: [{ status: 'granted', since: '2026-05-01T00:00:00Z', recorded: 1 }] }] };

  it('signs a list that clients accept', async () => {
    const signer = await signerFrom({ key, passphraseEnv: 'PIN' }, context({ PIN: SOFTHSM_PIN }));
    const envelope = await signList(new TextEncoder().encode(JSON.stringify(LIST)), [signer]);
    expect((await updateTrustList(undefined, envelope, { role: { keys: [{ jwk: signer.jwk, org: 'a' }], threshold: 1 }, algorithms: nodeAlgorithms(), at: Date.UTC(2026, 5, 1) })).outcome).toBe('accepted');
  });

  it('its public part is written for the role, without a PIN', async () => {
    const name = join(hsm.folder, 'ops');
    expect(await run(['list', 'key', 'public', '--key', key, '--org', '省中心', '-o', name, '--json'])).toMatchObject({ code: 0, out: expect.stringContaining('"ES256"') as string });
    const { jwk } = await signerFrom({ key, passphraseEnv: 'PIN' }, context({ PIN: SOFTHSM_PIN }));
    expect(JSON.parse(await readFile(`${name}.pub.json`, 'utf8'))).toEqual({ jwk, org: '省中心' });
    expect(await run(['list', 'key', 'public', '--key', key, '--org', '省中心', '-o', name, '--json'])).toMatchObject({ code: 3 });
    expect(await run(['list', 'key', 'public', '--key', `pkcs11:object=none?module-path=${hsm.module}`, '--org', '省中心', '-o', `${name}2`, '--json'])).toMatchObject({ code: 3, out: expect.stringContaining('KEY_MISMATCH') as string });
  });

  it('says what is the matter with words and remedy, and never the PIN', async () => {
    const signer = await signerFrom({ key, passphraseEnv: 'PIN' }, context({ PIN: '90817263' }));
    const error = await Promise.resolve(signer.sign(new Uint8Array(3))).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ complaint: { code: 'PIN_INCORRECT', message: { zh: expect.stringContaining('口令不正确') as string, en: expect.any(String) as string }, remedy: { zh: expect.any(String) as string } } });
    expect(JSON.stringify(error)).not.toContain('90817263');
    await expect(signerFrom({ key: `pkcs11:token=${TOKEN};object=none?module-path=${hsm.module}` }, context({}))).rejects.toMatchObject({ complaint: { code: 'KEY_MISMATCH' } });
    const leaky = await signerFrom({ key: `${key}&pin-value=90817263` }, context({})).catch((thrown: unknown) => thrown);
    expect(leaky).toMatchObject({ complaint: { code: 'KEY_URI_INVALID' } });
    expect(JSON.stringify(leaky)).not.toContain('90817263');
  });
});
