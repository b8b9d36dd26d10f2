import type { ConformanceHarness, Fault, MakeSubject } from '@hefu/sign/conformance';
import { createMemoryLeases, SignError, type AdapterContext, type Clock, type Random, type SigningAdapter } from '@hefu/sign';
import { parseCertificate } from '@hefu/pki';
import { createJudgeCaches } from '@hefu/verify';
import { nodeAlgorithms } from '../../../node/dist/algorithms.js';
import { opensslVerify } from '../../../cli/dist/openssl-verify.js';
import { cosignApp, cosignFacade, createWorld, serveProvider, type Company, type ServedProvider, type World } from '../../../sandbox/dist/index.js';
import { COSIGN_CONSENT, createCosignAdapter, createEnrolment, createHttpCosignServer, createMemoryShareStore, type CosignServer, type Enrolment, type ShareSeal, type ShareStore } from '../../src/index.js';
import { adapterContext } from '../context.js';
import { signToEnd, type Signed, type SignToEnd } from '../signing.js';
import { AT, judgementOf, runningClock, seededRandom } from '../world.js';

export const algorithms = nodeAlgorithms();
export const PIN = '80421973562818';

/** Knows what it sealed, so that a test can look for it everywhere; with a PIN that locks after three mistakes. */
export class WatchedSeal implements ShareSeal {
  readonly shares: Uint8Array[] = [];
  readonly needs: 'nothing' | 'pin';
  #left = 3;
  constructor(needs: 'nothing' | 'pin' = 'nothing') {
    this.needs = needs;
  }
  async seal(share: Uint8Array): Promise<Uint8Array> {
    this.shares.push(share.slice());
    return Uint8Array.of(this.shares.length - 1);
  }
  async open(sealed: Uint8Array, _id: string, pin?: string): Promise<Uint8Array> {
    if (this.needs === 'pin' && pin !== PIN) {
      if (--this.#left <= 0) throw new SignError('PIN_LOCKED', 'locked', { attemptsLeft: 0 });
      throw new SignError('PIN_INCORRECT', 'wrong', { attemptsLeft: this.#left });
    }
    return this.shares[sealed[0]!]!.slice();
  }
}

export class CosignBench {
  readonly world: World = createWorld({ seed: 'cosign', at: AT });
  readonly company: Company = this.world.companies.find(({ state, issuer, sign }) => state === 'good' && issuer.listed && sign.key.kind === 'SM2')!;
  readonly random: Random = seededRandom(7);
  provider!: ServedProvider;
  clock!: Clock;
  #n = 0;
  #harness: ConformanceHarness | undefined;

  async open(): Promise<void> {
    this.clock = runningClock(AT);
    this.provider = await serveProvider(this.world, { facades: [cosignFacade], now: () => this.clock.now() });
    await this.harness();
  }

  server(): CosignServer {
    const { id, secret } = cosignApp(this.world);
    return createHttpCosignServer({ fetch: (url, init) => fetch(url, init), baseUrl: `${this.provider.baseUrl}/cosign/v1`, app: { id, secret: async () => secret } });
  }

  context(): AdapterContext & { readonly journal: string[] } {
    return { ...adapterContext({ clock: this.clock }), random: this.random };
  }

  enrolment(store: ShareStore, seal: ShareSeal): Enrolment {
    return createEnrolment({ enable: COSIGN_CONSENT, store, seal, server: this.server(), context: this.context() });
  }

  /** The CA's certificate for a request. */
  async certificate(store: ShareStore, id: string, csr: Uint8Array): Promise<Uint8Array[]> {
    const { kid } = (await store.read(id))!;
    const answer = await fetch(`${this.provider.baseUrl}/cosign/v1/keys/${kid}/certificate`, { method: 'POST', body: JSON.stringify({ company: this.company.id, csr: Buffer.from(csr).toString('hex') }) });
    if (!answer.ok) throw new Error(await answer.text());
    return ((await answer.json()) as { chain: string[] }).chain.map((der) => new Uint8Array(Buffer.from(der, 'hex')));
  }

  subjectName(): Uint8Array {
    return parseCertificate(this.company.sign.certificate).subject.bytes;
  }

  /** A share with its certificate. */
  async enrolled(seal: WatchedSeal = new WatchedSeal(), store: ShareStore = createMemoryShareStore()): Promise<{ id: string; store: ShareStore; seal: WatchedSeal; adapter: SigningAdapter }> {
    const id = `share-${this.#n++}`;
    const enrolment = this.enrolment(store, seal);
    const pin = seal.needs === 'pin' ? PIN : undefined;
    await enrolment.createShare(id, pin);
    await enrolment.acceptCertificate(id, await this.certificate(store, id, await enrolment.certificationRequest(id, this.subjectName(), pin)));
    return { id, store, seal, adapter: this.adapter(store, seal) };
  }

  adapter(store: ShareStore, seal: ShareSeal): SigningAdapter {
    return createCosignAdapter({ enable: COSIGN_CONSENT, store, seal, server: this.server(), leases: createMemoryLeases() });
  }

  /** @param needs a PIN, or nothing */
  subject(needs: 'nothing' | 'pin'): MakeSubject {
    return async (fault) => {
      // One value per round, of e alone, without certificate: what is left to deceive with are another e and another half.
      const planned = fault === undefined || fault === 'wrong-pin-once' ? undefined : ({ 'lost-answer': 'lost-answer', 'lost-request': 'lost-request', 'other-hash': 'cosign-other-e', 'other-key': 'cosign-ones' } as Partial<Record<Fault, string>>)[fault];
      if ((fault === 'wrong-pin-once' && needs !== 'pin') || (fault !== undefined && fault !== 'wrong-pin-once' && planned === undefined)) return undefined;
      this.provider.faults.clear();
      const { adapter, store, seal } = await this.enrolled(new WatchedSeal(needs));
      this.provider.transcript.clear();
      if (planned !== undefined) this.provider.faults.set(`${planned},on=/sign,times=1`);
      let pins = 0;
      return {
        // A new process has new leases.
        adapter: { ...adapter, resume: (snapshot, request, context) => this.adapter(store, seal).resume(snapshot, request, context) },
        clock: this.clock, answer: () => ({ type: 'pin', value: fault === 'wrong-pin-once' && pins++ === 0 ? '00000000000000' : PIN }),
        sent: () => this.provider.transcript.exchanges.map(({ path, requestBody }) => ({ address: path, body: requestBody })),
        secrets: () => [...(needs === 'pin' ? [PIN] : []), cosignApp(this.world).secret], keys: () => seal.shares.map((share) => Buffer.from(share).toString('hex')),
      };
    };
  }

  /** What the adapter itself says to a share, whatever core thought of its credential. */
  async useAgain(adapter: SigningAdapter, id: string): Promise<unknown> {
    const request = { requestId: 'again', credential: { ref: id }, items: [], algorithm: { name: 'SM2-SM3', digest: 'SM3', oid: '1.2.156.10197.1.501' } };
    try {
      const session = await adapter.begin(request as never, this.context());
      await session.run({ signal: new AbortController().signal, ask: async () => ({ type: 'cancel' }), show: () => undefined }).next();
      return 'used';
    } catch (error) {
      return error;
    }
  }

  /** Signs to the end; a PIN is answered. */
  async sign(adapter: SigningAdapter, change: Partial<SignToEnd> = {}): Promise<Signed> {
    const { judgement } = await this.harness();
    return signToEnd({ adapter, algorithms, judgement, clock: this.clock, random: this.random, pin: PIN, ...change });
  }

  async harness(): Promise<ConformanceHarness> {
    return (this.#harness ??= { algorithms, random: this.random, judgement: { ...await judgementOf(this.world, algorithms), caches: createJudgeCaches() }, verifyForeign: opensslVerify });
  }
}
