import { createPrivateKey, sign as nodeSign } from 'node:crypto';
import type { TrustList } from '@hefu/trust-list';
import { createJudgeCaches, type MessageVariant } from '@hefu/verify';
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { createScriptedProvider } from '../../src/conformance/scripted-provider.js';
import {
  createSigningSession, createSoftAdapter, digestsForSigning, resumeSigningSession, selectCredential, SIGN_ERRORS,
  type CredentialCandidate, type JsonObject, type Judgement, type MessageForm, type SigningEvent, type SigningSessionInput, type SoftKey,
} from '../../src/index.js';
import { algorithms, ALGORITHM, AT, bench, companies, inputFor, judgement, play, softKey } from './bench.js';

let judged: Judgement;
beforeAll(async () => { judged = { ...(await judgement()), caches: createJudgeCaches() }; });

type Kind = 'SM2' | 'P-256' | 'RSA-2048';
const KINDS: readonly Kind[] = ['SM2', 'P-256', 'RSA-2048'];
/** Every form that an entry of a list can name (field notes §2.2). */
const VARIANTS: readonly MessageVariant[] = ['cms', 'za-content', 'attrs-za', 'attrs-za-md-za', 'plain-content', 'contentinfo-der', 'digest-as-message'];
/** What is written with a key of that kind, best first. */
const WRITTEN: Readonly<Record<Kind, readonly MessageVariant[]>> = { SM2: ['za-content', 'attrs-za'], 'P-256': ['cms'], 'RSA-2048': ['cms'] };
const PSS = { hash: 'SHA-256', mgfHash: 'SHA-256', saltLength: 32 } as const;
const PSS_CHOICE = { name: 'RSASSA-PSS', digest: 'SHA-256', oid: '1.2.840.113549.1.1.10', pss: PSS } as const;
const last = (events: readonly SigningEvent[]): SigningEvent => events.at(-1)!;

/** The list as it is, but for the forms that its entries name; undefined: none says any. */
function naming(variants: readonly string[] | undefined): Judgement {
  const list = judged.trustList as TrustList;
  const services = list.services.map((service) => {
    const { messageVariants: said, ...silent } = service;
    return variants === undefined ? (said === undefined ? service : silent) : { ...silent, messageVariants: variants };
  });
  return { ...judged, trustList: { ...list, services } };
}
function sceneNaming(variants: readonly MessageVariant[]): Judgement {
  const { scenes } = judged.policy;
  return { ...naming(undefined), policy: { ...judged.policy, scenes: { ...scenes, 'bid-signing': { ...scenes['bid-signing'], messageVariants: variants } } } };
}
const withAlgorithms = (signatures: readonly string[], sunset: Readonly<Record<string, number>> = {}): Judgement => ({ ...judged, policy: { ...judged.policy, algorithms: { ...judged.policy.algorithms, signatures, sunset } } });

interface Asked { readonly candidate: CredentialCandidate; readonly events: readonly SigningEvent[]; readonly thrown: { readonly code?: string; readonly detail?: string } | undefined; readonly jobs: number }

/** Chooses and signs, once each, with a provider that counts what it was asked for. */
async function signs(key: SoftKey, judgement: Judgement, form?: MessageForm): Promise<Asked> {
  const provider = createScriptedProvider([key], {});
  const input = await inputFor(provider.adapter, 1, judgement, bench().ports, form === undefined ? {} : { form });
  const candidate = await select(input, judgement, form);
  let thrown: Asked['thrown'];
  const events = await createSigningSession(input).then(play, (error: Asked['thrown']) => { thrown = error; return []; });
  return { candidate, events, thrown, jobs: provider.jobs() };
}
async function select({ credential, capabilities }: Pick<SigningSessionInput, 'credential' | 'capabilities'>, judgement: Judgement, form?: MessageForm): Promise<CredentialCandidate> {
  const [candidate] = await selectCredential({ ...judgement, credentials: [credential], capabilities, algorithms, at: AT, ...(form === undefined ? {} : { form }) });
  return candidate!;
}
function expectSigned({ candidate, events, thrown }: Asked, messageVariant: MessageVariant): void {
  expect(thrown).toBeUndefined();
  expect(candidate).toMatchObject({ usable: true, reasons: [] });
  expect(candidate.forms[0]).toMatchObject({ variant: messageVariant });
  expect(last(events)).toMatchObject({ type: 'done', signatures: [{ report: { conclusion: 'passed', signers: [{ messageVariant }] } }] });
}
function expectRefused({ candidate, events, thrown, jobs }: Asked, code: 'FORM_REFUSED' | 'NO_COMMON_FORM', detail = 'MESSAGE_VARIANT_REFUSED'): void {
  expect(candidate).toMatchObject({ usable: false, forms: [], reasons: [{ code, blame: SIGN_ERRORS[code].blame, message: SIGN_ERRORS[code].message, remedy: SIGN_ERRORS[code].remedy, reason: { code: detail } }] });
  expect(candidate.regions['420100']).toMatchObject({ recognised: false, codes: [detail] });
  expect(thrown).toMatchObject({ code, outcome: 'not-signed', detail });
  expect({ events, jobs }).toEqual({ events: [], jobs: 0 });
}

describe.each(KINDS)('the form of a message by a key of kind %s', (kind) => {
  it.each(VARIANTS)('is %s where the entry names it alone and it is written, and nobody is asked where it is not', async (variant) => {
    const asked = await signs(softKey(companies(kind)[0]!), naming([variant]));
    if (WRITTEN[kind].includes(variant)) expectSigned(asked, variant);
    else expectRefused(asked, 'NO_COMMON_FORM');
  });
  it('is the first by preference, in whatever order an entry names several, and by the scene where it is silent', async () => {
    for (const judgement of [naming(VARIANTS), naming([...VARIANTS].reverse()), naming(undefined)]) expectSigned(await signs(softKey(companies(kind)[0]!), judgement), WRITTEN[kind][0]!);
    expectSigned(await signs(softKey(companies(kind)[0]!), sceneNaming(['attrs-za', 'cms'])), kind === 'SM2' ? 'attrs-za' : 'cms');
    expectRefused(await signs(softKey(companies(kind)[0]!), sceneNaming(['plain-content'])), 'NO_COMMON_FORM');
  });
});

describe('a form that the caller fixed', () => {
  const sm2 = (): SoftKey => softKey(companies('SM2')[0]!);
  it.each<[string, MessageForm, readonly MessageVariant[], MessageVariant | 'FORM_REFUSED' | 'NO_COMMON_FORM']>([
    ['accepted', { variant: 'attrs-za' }, ['za-content', 'attrs-za'], 'attrs-za'],
    ['refused, though another would do', { variant: 'attrs-za' }, ['za-content'], 'FORM_REFUSED'],
    ['refused the other way round', { variant: 'za-content' }, ['attrs-za', 'cms'], 'FORM_REFUSED'],
    ['refused, as every other', { variant: 'za-content' }, ['plain-content'], 'NO_COMMON_FORM'],
    ['by its level, which has room in attributes alone', { level: 'B-B' }, ['za-content', 'attrs-za'], 'attrs-za'],
    ['by its level, where attributes are refused', { level: 'B-B' }, ['za-content'], 'FORM_REFUSED'],
  ])('is %s', async (_, form, variants, ends) => {
    const asked = await signs(sm2(), naming(variants), form);
    if (ends === 'FORM_REFUSED' || ends === 'NO_COMMON_FORM') expectRefused(asked, ends);
    else expectSigned(asked, ends);
  });
  it('and that this key does not write is no question of the list', async () => {
    for (const [key, form] of [[sm2(), { variant: 'cms' }], [softKey(companies('P-256')[0]!), { variant: 'attrs-za' }], [sm2(), { variant: 'za-content', level: 'B-B' }]] as const) {
      const { candidate, thrown, jobs } = await signs(key, naming(VARIANTS), form);
      expect(candidate).toMatchObject({ usable: false, forms: [], reasons: [{ code: 'VARIANT_UNSUPPORTED' }] });
      expect(thrown).toMatchObject({ code: 'VARIANT_UNSUPPORTED' });
      expect(jobs).toBe(0);
    }
  });
  it('is refused also where indeterminate messages are taken: nobody is asked to confirm what the list refuses', async () => {
    expectRefused(await signs(sm2(), { ...naming(['attrs-za']), accept: ['passed', 'indeterminate'] }, { variant: 'za-content' }), 'FORM_REFUSED');
  });
});

describe('an RSA key', () => {
  const rsa = (...offers: readonly SoftKey['credential']['algorithms'][number][]): SoftKey => {
    const soft = softKey(companies('RSA-2048')[0]!);
    const key = createPrivateKey({ key: Buffer.from(companies('RSA-2048')[0]!.sign.key.pkcs8Der), format: 'der', type: 'pkcs8' });
    return {
      credential: { ...soft.credential, algorithms: offers },
      sign: ({ value }) => new Uint8Array(nodeSign('sha256', value, key)),
    };
  };
  const PKCS1 = ALGORITHM['RSA-2048'];
  const names = ['RSASSA-PKCS1-v1_5-SHA-256', 'RSASSA-PSS'];
  const end = async (key: SoftKey, judgement: Judgement, change: Partial<SigningSessionInput> = {}): Promise<unknown> =>
    createSigningSession(await inputFor(createSoftAdapter({ keys: [key], accepts: ['tbs'] }), 1, judgement, bench().ports, change)).then(async (session) => {
      const event = last(await play(session));
      return event.type === 'done' ? event.signatures[0]!.report.signers[0]!.signatureAlgorithm : event;
    }, ({ code, detail }: { code: string; detail?: string }) => [code, detail]);

  const retired = (name: string): Judgement => withAlgorithms(names, { [name]: AT - 1 });
  it('signs with the padding that the policy accepts', async () => {
    expect(await end(rsa(PKCS1, PSS_CHOICE), withAlgorithms(names))).toBe('RSASSA-PKCS1-v1_5-SHA-256');
    expect(await end(rsa(PKCS1, PSS_CHOICE), retired('RSASSA-PSS'))).toBe('RSASSA-PKCS1-v1_5-SHA-256');
    expect(await end(rsa(PSS_CHOICE), retired('RSASSA-PSS'))).toEqual(['NO_COMMON_FORM', 'ALGORITHM_REFUSED']);
    expect(await end(rsa(PKCS1, PSS_CHOICE), retired('RSASSA-PSS'), { form: { pss: PSS } })).toEqual(['FORM_REFUSED', 'ALGORITHM_REFUSED']);
  });
  it('has the other padding left where the policy retired one, though then its chain is refused as well', async () => {
    const input = await inputFor(createSoftAdapter({ keys: [rsa(PKCS1, PSS_CHOICE)], accepts: ['tbs'] }), 1, judged, bench().ports);
    expect(await select(input, judged)).toMatchObject({ usable: true, forms: [{ variant: 'cms' }, { variant: 'cms', pss: PSS }] });
    const candidate = await select(input, retired('RSASSA-PKCS1-v1_5-SHA-256'));
    expect(candidate.forms).toEqual([{ variant: 'cms', pss: PSS }]);
    expect(candidate.reasons.map(({ code }) => code)).not.toContain('NO_COMMON_FORM');
    expect(candidate.usable).toBe(false);
  });
  it('has digests for every padding that may be chosen', () => {
    const large = { ...PSS_CHOICE, digest: 'SHA-384', pss: { hash: 'SHA-384', mgfHash: 'SHA-384', saltLength: 48 } } as const;
    const wanted = (form: MessageForm, ...offers: SoftKey['credential']['algorithms'][number][]): string[] =>
      digestsForSigning(10, { credential: rsa(...offers).credential as SigningSessionInput['credential'], algorithms, form, signingTime: AT }).map(({ algorithm }) => algorithm);
    expect(wanted({}, PKCS1)).toEqual(['SHA-256']);
    expect(wanted({}, PKCS1, large)).toEqual(['SHA-256', 'SHA-384']);
    expect(wanted({ pss: large.pss }, PKCS1, large)).toEqual(['SHA-384']);
  });
});

describe('what was chosen', () => {
  const PIN = { type: 'pin', value: '135790' } as const;
  const provider = (): ReturnType<typeof createScriptedProvider> => createScriptedProvider([softKey(companies('SM2')[0]!)], { pin: PIN.value, maxPerAuthorisation: 1 });

  it('is in the snapshot, and stays in another process, whatever its list would choose', async () => {
    const { adapter, made } = provider();
    const { ports, snapshots } = bench();
    const session = await createSigningSession(await inputFor(adapter, 2, naming(['attrs-za']), ports));
    expect(session.snapshot()).toMatchObject({ state: { form: { variant: 'attrs-za' } } });
    await play(session, { PIN }, (event) => { if (event.type === 'item') void session.cancel(); });
    expect(made).toEqual(['i0']);
    const resume = async (snapshot: JsonObject, judgement: Judgement): Promise<readonly SigningEvent[]> => play(resumeSigningSession(snapshot, { adapter, algorithms, judgement, ports: bench().ports }), { PIN });

    const refused = await resume(snapshots.at(-1)!, naming(['za-content']));
    expect(refused.some(({ type }) => type === 'challenge')).toBe(false);
    expect(last(refused)).toMatchObject({ type: 'failed', error: { code: 'FORM_REFUSED', detail: 'MESSAGE_VARIANT_REFUSED' }, failed: [{ itemId: 'i0', error: { code: 'VERDICT_NOT_PASSED' } }] });
    expect(made).toEqual(['i0']);

    const done = last(await resume(snapshots.at(-1)!, naming(VARIANTS)));
    expect(done).toMatchObject({ type: 'done', signatures: [{ itemId: 'i0' }, { itemId: 'i1' }] });
    expect(done.type === 'done' && done.signatures.map(({ report }) => report.signers[0]!.messageVariant)).toEqual(['attrs-za', 'attrs-za']);
    expect(made).toEqual(['i0', 'i1']);
  });
  it('is no snapshot without it', async () => {
    const { adapter } = provider();
    const session = await createSigningSession(await inputFor(adapter, 1, judged, bench().ports));
    const { state: { form: _, ...state }, ...outer } = session.snapshot() as { state: JsonObject };
    expect(() => resumeSigningSession({ ...outer, state }, { adapter, algorithms, judgement: judged, ports: bench().ports })).toThrowError(expect.objectContaining({ code: 'SNAPSHOT_INVALID' }));
  });
});

describe('of all that may be asked, made and accepted', () => {
  it('the first that is all three is chosen, and where there is none the credential says so', async () => {
    const inputs = new Map<Kind, SigningSessionInput>();
    for (const kind of KINDS) inputs.set(kind, await inputFor(createSoftAdapter({ keys: [softKey(companies(kind)[0]!)] }), 1, judged, bench().ports));
    await fc.assert(fc.asyncProperty(
      fc.constantFrom(...KINDS), fc.subarray([...VARIANTS]), fc.constantFrom<MessageForm>({}, {}, { level: 'B-B' }, { variant: 'za-content' }, { variant: 'attrs-za' }, { variant: 'cms' }),
      async (kind, named, form) => {
        const candidate = await select(inputs.get(kind)!, naming(named), form);
        const made = WRITTEN[kind].filter((variant) => (form.variant ?? variant) === variant && !(form.level !== undefined && variant === 'za-content'));
        const taken = made.filter((variant) => named.includes(variant));
        expect(candidate.forms.map(({ variant }) => variant)).toEqual(taken);
        const other = WRITTEN[kind].some((variant) => named.includes(variant)) ? 'FORM_REFUSED' : 'NO_COMMON_FORM';
        expect(candidate.reasons.map(({ code }) => code)).toEqual(taken.length > 0 ? [] : made.length > 0 ? [other] : ['VARIANT_UNSUPPORTED']);
      },
    ), { numRuns: 30 });
  });
});
