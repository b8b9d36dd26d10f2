import { expect } from 'vitest';
import { createScriptedProvider, type Script, type ScriptedProvider } from '../../src/conformance/scripted-provider.js';
import { createSigningSession, SIGN_ERRORS, type ChallengeAnswer, type Judgement, type Outcome, type SignErrorCode, type SigningEvent, type SigningSession, type SigningSessionInput, type SoftKey, type TerminalEvent } from '../../src/index.js';
import { bench, companies, inputFor, play, softKey, type Bench } from '../session/bench.js';

/** Long enough to be found in any encoding, and in nothing by chance. */
export const PIN = '73051946820517';
export const OTP = '91827364554637';
export const RIGHT: Answers = { PIN: { type: 'pin', value: PIN }, OTP: { type: 'otp', value: OTP }, OAUTH: () => undefined };
type Answers = NonNullable<Parameters<typeof play>[1]>;

/** What a test may do while a signing runs. */
export interface Scene extends Bench {
  readonly provider: ScriptedProvider;
  readonly session: SigningSession;
}

/** One of the fifty failures of the signing of bids, as a user meets it. */
export interface Failure {
  /** As counted in the list of failures. */
  readonly number: number;
  readonly what: string;
  readonly script?: Script;
  readonly keys?: readonly SoftKey[];
  readonly items?: number;
  readonly answers?: Answers;
  readonly change?: (input: SigningSessionInput, bench: Bench) => Partial<SigningSessionInput>;
  readonly each?: (event: SigningEvent, scene: Scene) => void;
  readonly ends:
    | 'done'
    | { readonly cancelled: Outcome }
    /** Before there is a session. */
    | { readonly throws: SignErrorCode; readonly detail?: string }
    | { readonly code: SignErrorCode; readonly outcome: Outcome; readonly detail?: string };
  /** Values the provider made, at most one for each item in any case. */
  readonly made?: number;
  /** Signatures handed over. Default: all for `done`, none otherwise. */
  readonly signed?: number;
  readonly more?: (end: TerminalEvent, events: readonly SigningEvent[], scene: Scene) => void;
}

/** Runs it, and holds its end, its words and its silence to what is expected. */
export async function prove(failure: Failure, judgement: Judgement): Promise<void> {
  const { script = {}, keys = [softKey(companies('SM2')[0]!), softKey(companies('P-256')[0]!, 'key-2')], items = 1, ends } = failure;
  const provider = createScriptedProvider(keys, script);
  const at = bench();
  const input = await inputFor(provider.adapter, items, judgement, at.ports);
  const changed = { ...input, ...failure.change?.(input, at) };
  if (typeof ends === 'object' && 'throws' in ends) {
    const { throws: code, ...rest } = ends;
    await expect(createSigningSession(changed)).rejects.toThrowError(expect.objectContaining({ code, outcome: 'not-signed', ...rest }));
    demandWords(SIGN_ERRORS[code]);
    return;
  }
  const session = await createSigningSession(changed);
  const scene: Scene = { ...at, provider, session };
  const events = await play(session, { ...RIGHT, ...failure.answers }, (event) => failure.each?.(event, scene));
  const end = events.at(-1) as TerminalEvent;
  if (ends === 'done') expect(end).toMatchObject({ type: 'done' });
  else if ('cancelled' in ends) expect(end).toMatchObject({ type: 'cancelled', outcome: ends.cancelled });
  else {
    expect(end).toMatchObject({ type: 'failed', error: ends });
    const { message, remedy } = (end as Extract<TerminalEvent, { type: 'failed' }>).error;
    expect({ message, remedy }).toEqual({ message: SIGN_ERRORS[ends.code].message, remedy: SIGN_ERRORS[ends.code].remedy });
    demandWords({ message, remedy });
  }
  const signatures = end.type === 'cancelled' ? [] : end.signatures;
  expect(signatures).toHaveLength(failure.signed ?? (ends === 'done' ? items : 0));
  for (const { report } of signatures) expect(report.conclusion).toBe('passed');
  expect(new Set(provider.made).size).toBe(provider.made.length);
  expect(provider.mostLive()).toBeLessThanOrEqual(1);
  if (failure.made !== undefined) expect(provider.made).toHaveLength(failure.made);
  if (ends !== 'done' && ('cancelled' in ends ? ends.cancelled : ends.outcome) === 'not-signed' && signatures.length === 0) expect(provider.made).toEqual([]);
  failure.more?.(end, events, scene);
  demandSilence(events, scene);
}

function demandWords({ message, remedy }: Pick<(typeof SIGN_ERRORS)[SignErrorCode], 'message' | 'remedy'>): void {
  for (const { zh, en } of [message, remedy]) {
    expect(zh).toMatch(/[\u4e00-\u9fff].*。$/u);
    expect(en).toMatch(/^[A-Z][^\u4e00-\u9fff]*\.$/u);
  }
}

/** No PIN, code or token anywhere that is kept, shown, logged or sent as an address. */
function demandSilence(events: readonly SigningEvent[], { provider, snapshots, journal, session }: Scene): void {
  const text = JSON.stringify([events, snapshots, journal, session.snapshot(), provider.sent.map(({ address }) => address)], (_, value: unknown) => (value instanceof Uint8Array ? Buffer.from(value).toString('latin1') : value));
  for (const secret of [PIN, OTP, ...provider.secrets]) {
    for (const form of [secret, Buffer.from(secret).toString('base64').replace(/=+$/, '').slice(0, -1), Buffer.from(secret).toString('hex')]) expect(text.includes(form), 'a secret was left behind').toBe(false);
  }
}

/** Answers an authorisation server’s challenge with what comes back from it. */
export function returning(change: (state: string, issuer: string | undefined) => ChallengeAnswer): NonNullable<Failure['each']> {
  return (event, { session }) => {
    if (event.type === 'challenge' && event.challenge.type === 'oauth') session.answer('OAUTH', change(event.challenge.state, event.challenge.issuer));
  };
}
