import { spawnSync } from 'node:child_process';
import { createHash, createPublicKey, verify } from 'node:crypto';
import { renameSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { describeAdapterConformance, type ConformanceHarness, type MakeSubject } from '@hefu/sign/conformance';
import { encodeEcdsaSignature } from '@hefu/crypto';
import { createSigningSession, type AlgorithmChoice, type ChallengeAnswer, type Clock, type Credential, type Judgement, type QuestionChallenge, type SigningEvent, type ToSign } from '@hefu/sign';
import { parseCertificate } from '@hefu/pki';
import { loadCryptoki, pkcs11Adapter, tokenListKey, type Pkcs11AdapterOptions } from '../../../src/index.js';
import { algorithms, AT, bench, companies, inputFor, judgement } from '../../../../sign/test/session/bench.js';
import { seededRandom } from '../../../../sign/test/session/virtual-clock.js';
import { credential } from '../../../../sign/test/certificates.js';
import { locateSoftHsm, SoftHsm, SOFTHSM_PIN, TOKEN } from './softhsm.js';

/** The module works on threads of its own, which a clock that jumps does not wait for. */
function realClock(): Clock {
  const began = performance.now();
  return { now: () => AT + Math.floor(performance.now() - began), sleep: (ms, signal) => sleep(ms, undefined, { ref: false, ...(signal === undefined ? {} : { signal }) }) };
}

const located = locateSoftHsm();
if ('missing' in located) console.warn(`SKIPPED: ${located.missing}; PKCS #11 was tried on a module in memory only`);

describe.skipIf('missing' in located)('PKCS #11 on SoftHSM2', () => {
  const module = 'module' in located ? located.module : '';
  let hsm: SoftHsm;
  let judged: Judgement;
  let harness: ConformanceHarness;
  const PEOPLE = [companies('P-256')[0]!, companies('RSA-2048')[0]!];
  const alone = credential('P-256');
  const adapter = (options: Partial<Pkcs11AdapterOptions> = {}) => pkcs11Adapter({ module, token: TOKEN, ...options });

  beforeAll(async () => {
    hsm = new SoftHsm(module);
    hsm.import(PEOPLE.map(({ sign: { key, certificate } }) => ({ pkcs8: key.pkcs8Der, certificate })), [{ pkcs8: new Uint8Array(alone.privateKey!.export({ format: 'der', type: 'pkcs8' })), certificate: alone.certificate.bytes }]);
    judged = await judgement();
    harness = { algorithms, random: seededRandom(), judgement: judged };
  });
  afterAll(() => hsm.close());

  /** Values without core. */
  async function signed(key: Credential, algorithm: AlgorithmChoice, forms: readonly ToSign[], onAsk: () => void = () => undefined, subject = adapter()): Promise<readonly Uint8Array[]> {
    const items = forms.map((toSign, index) => ({ itemId: `i${index}`, label: '', toSign }));
    const session = await subject.begin({ requestId: 'r', credential: key, algorithm, items, display: { title: '', lines: [], verificationCode: '0000', locale: 'en', shareLabels: false } }, { clock: realClock() } as never);
    const values: Uint8Array[] = [];
    for await (const event of session.run({ signal: new AbortController().signal, ask: async () => { onAsk(); return { type: 'pin', value: SOFTHSM_PIN }; }, show: () => undefined })) if (event.type === 'signatures') values.push(...event.signatures.map(({ value }) => value as Uint8Array));
    return values;
  }

  async function run(answer: (n: number) => ChallengeAnswer = () => ({ type: 'pin', value: SOFTHSM_PIN }), count = 2): Promise<SigningEvent> {
    const { ports } = bench();
    const session = await createSigningSession(await inputFor(adapter(), count, judged, { ...ports, clock: realClock() }));
    let last: SigningEvent | undefined;
    let asked = 0;
    for await (const event of session.run()) {
      last = event;
      if (event.type === 'challenge') session.answer(event.challenge.id, answer(++asked));
    }
    return last!;
  }

  it('signs with every key by every algorithm it offers, digests and octets alike; raw r||s comes from CKM_ECDSA', async () => {
    for (const listed of await adapter().listCredentials({ limit: 9 }, undefined as never)) {
      const key = parseCertificate(listed.chain[0]!).spki.key;
      const message = new TextEncoder().encode('what is signed');
      for (const algorithm of listed.algorithms) {
        const forms: ToSign[] = [{ kind: 'tbs', digest: 'SHA-256', value: message }, { kind: 'digest', digest: 'SHA-256', value: new Uint8Array(createHash('sha256').update(message).digest()) }];
        for (const toSign of forms) {
          const [value] = await signed(listed, algorithm, [toSign]);
          const verified = await algorithms.signatures.find(({ name }) => name === algorithm.name)!.verify(key, message, key.kty === 'EC' ? encodeEcdsaSignature(value!.subarray(0, 32), value!.subarray(32)) : value!, algorithm.pss === undefined ? {} : { pss: algorithm.pss });
          expect([algorithm.name, toSign.kind, verified]).toEqual([algorithm.name, toSign.kind, true]);
        }
      }
    }
  });

  it('signs a batch, and refuses a wrong PIN', async () => {
    expect(await run(undefined, 20)).toMatchObject({ type: 'done' });
    expect(await run(() => ({ type: 'pin', value: '000000' }))).toMatchObject({ type: 'failed', error: { code: 'PIN_INCORRECT', outcome: 'not-signed', retry: 'never' } });
    expect(await run((n) => ({ type: 'pin', value: n === 1 ? '1111' : SOFTHSM_PIN }))).toMatchObject({ type: 'done' });
  });

  it('a key that always authenticates, and whose certificate lies elsewhere: one PIN for each signature', async () => {
    const elsewhere = adapter({ certificates: [{ id: Uint8Array.of(PEOPLE.length + 1), chain: [alone.certificate.bytes] }] });
    const always = (await elsewhere.listCredentials({ limit: 9 }, undefined as never)).find(({ chain }) => Buffer.compare(chain[0]!, alone.certificate.bytes) === 0)!;
    const message = new TextEncoder().encode('each confirmed');
    let asked = 0;
    const values = await signed(always, always.algorithms[0]!, [1, 2, 3].map(() => ({ kind: 'tbs', digest: 'SHA-256', value: message })), () => { asked++; }, elsewhere);
    expect([values.length, asked]).toEqual([3, 3]);
    for (const value of values) expect(verify('sha256', message, { key: createPublicKey(alone.privateKey!), dsaEncoding: 'ieee-p1363' }, value)).toBe(true);
  });

  it('a login left by another session in the process does not sign under a wrong PIN', async () => {
    const cryptoki = loadCryptoki(module);
    const slot = cryptoki.slots().find((each) => cryptoki.token(each).label === TOKEN)!;
    const stranger = cryptoki.openSession(slot);
    cryptoki.login(stranger, 'user', SOFTHSM_PIN);
    expect(await run(() => ({ type: 'pin', value: '000000' }))).toMatchObject({ type: 'failed', error: { code: 'PIN_INCORRECT' } });
    cryptoki.closeSession(stranger);
  });

  // Not at the same instant: SoftHSM writes to its token at each login, and reads it badly while another process does.
  it('two processes at one token: a login here neither helps nor hinders there', async () => {
    const cryptoki = loadCryptoki(module);
    const held = cryptoki.openSession(cryptoki.slots().find((each) => cryptoki.token(each).label === TOKEN)!);
    cryptoki.login(held, 'user', SOFTHSM_PIN);
    try {
      const worker = fileURLToPath(new URL('softhsm-signer.mjs', import.meta.url));
      const run = spawnSync(process.execPath, [worker, module, TOKEN], { input: SOFTHSM_PIN, encoding: 'utf8' });
      expect([run.stdout.trim(), run.stderr]).toEqual(['PIN_INCORRECT not-signed\n8 signed', '']);
      expect(cryptoki.find(held, { class: 3 })).toHaveLength(PEOPLE.length + 1);
    } finally {
      cryptoki.closeSession(held);
    }
  });

  it.each([['ES256', '%01'], ['PS256', '%02']])('signs lists: %s, by certificate or public key', async (alg, id) => {
    const { signer } = tokenListKey(`pkcs11:token=${TOKEN};id=${id}?module-path=${module}`, async () => SOFTHSM_PIN);
    expect(signer.alg).toBe(alg);
    expect((await signer.sign(new TextEncoder().encode('header.payload'))).length).toBe(alg === 'ES256' ? 64 : 256);
    const labelled = tokenListKey(`pkcs11:token=${TOKEN};object=key%20${id.at(-1)}?module-path=${module}`, async () => '000000').signer;
    expect(labelled.jwk).toEqual(signer.jwk);
    await expect(labelled.sign(new Uint8Array(3))).rejects.toMatchObject({ code: 'PIN_INCORRECT' });
  });

  const subject: MakeSubject = (fault) => {
    if (fault !== undefined && fault !== 'wrong-pin-once') return undefined;
    let asked = 0;
    return { adapter: adapter(), clock: realClock(), secrets: () => [SOFTHSM_PIN], answer: ({ type }: QuestionChallenge) => (type === 'pin' ? { type, value: fault === 'wrong-pin-once' && asked++ === 0 ? '000000' : SOFTHSM_PIN } : { type: 'cancel' }) };
  };
  describeAdapterConformance('SoftHSM2', subject, () => harness, { describe, it });

  // Last: SoftHSM does not find its token again in the same process.
  it('a token that is gone', async () => {
    renameSync(join(hsm.folder, 'tokens'), join(hsm.folder, 'away'));
    await expect(adapter().listCredentials({ limit: 9 }, undefined as never)).rejects.toMatchObject({ code: expect.stringMatching(/^(DEVICE_ABSENT|PROVIDER_UNAVAILABLE)$/) as string, outcome: 'not-signed' });
  });
});
