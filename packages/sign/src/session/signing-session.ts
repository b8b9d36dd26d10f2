import type { Algorithms } from '@hefu/crypto';
import { createJudgeCaches, isChallenge } from '@hefu/verify';
import type { Capabilities, Credential, JsonObject, SigningAdapter } from '../adapter/index.js';
import { SignError } from '../error.js';
import { manifestFile, writeManifest } from '../manifest.js';
import { requireContents } from './content-source.js';
import { MANIFEST_ITEM, planSigning } from './plan.js';
import type { MessageForm } from './message-form.js';
import { chooseAlgorithm, pinItem, type ItemToSign, type PinnedItem, type Preparation } from './prepare-items.js';
import type { Judgement, SessionPorts } from './ports.js';
import { runningSession, type SigningSession } from './running-session.js';
import { assessCredential } from './select-credential.js';
import { createServerClock, type ServerClock } from './server-clock.js';
import type { SessionLimits } from './session-limits.js';
import { readSnapshot } from './snapshot.js';

export interface SessionSurroundings {
  readonly adapter: SigningAdapter;
  readonly algorithms: Algorithms;
  readonly judgement: Judgement;
  readonly ports: SessionPorts;
  readonly limits?: Partial<SessionLimits>;
  /** With the platform's time already observed; default: one that has heard nobody. */
  readonly serverClock?: ServerClock;
}

export interface SigningSessionInput extends SessionSurroundings {
  /** The caller's idempotency key, `[A-Za-z0-9._-]{1,100}`. */
  readonly requestId: string;
  /** One that `selectCredential` found usable; judged again by `judgement` before anybody is asked for anything. */
  readonly credential: Credential;
  /** Of `adapter.discover`. */
  readonly capabilities: Capabilities;
  readonly items: readonly ItemToSign[];
  /** What the output asks of the message; what is left open is chosen by the CA's entry in the list, by key and provider, and by what is here of the items. */
  readonly form?: MessageForm;
  readonly manifest?: 'never' | 'when-needed' | 'always';
  readonly title: string;
  readonly lines?: readonly string[];
  readonly locale?: 'zh-CN' | 'en';
  /** Item labels may leave for the provider. Default false. */
  readonly shareLabels?: boolean;
  /** Closing time, epoch milliseconds, server time. */
  readonly deadline?: number;
  /** 统一社会信用代码 of the bidder, 18 characters: the certificate has to be this organisation's. */
  readonly uscc?: string;
}

/**
 * Signs items with a key that somebody else holds: plan, authorise, release, assemble, judge. Which message is made is settled here.
 * @throws SignError for what cannot be begun: CERT_UNKNOWN, ALGORITHM_UNSUPPORTED, FORM_REFUSED, NO_COMMON_FORM, BATCH_TOO_LARGE,
 * CONTENT_DIGEST_INVALID, CONTENT_IS_CHALLENGE, CONTENT_IS_ATTRIBUTES, CLOCK_SKEW; TypeError for ids that are none or stand twice
 */
export async function createSigningSession(input: SigningSessionInput): Promise<SigningSession> {
  const { requestId, adapter, credential, capabilities, algorithms, deadline, ports: { clock } } = input;
  if (!/^[A-Za-z0-9._-]{1,100}$/.test(requestId)) throw new TypeError('requestId has 1 to 100 characters of A-Z a-z 0-9 . _ -');
  for (const { itemId } of input.items) if (!/^[A-Za-z0-9._-]{1,64}$/.test(itemId)) throw new TypeError('an itemId has 1 to 64 characters of A-Z a-z 0-9 . _ -');
  const challenge = input.judgement.context.scene === 'login' ? undefined : input.items.find(({ content }) => isChallenge(content));
  if (challenge !== undefined) throw new SignError('CONTENT_IS_CHALLENGE', 'a login challenge is signed in the scene of a login, never as a document', { itemId: challenge.itemId });
  const serverClock = input.serverClock ?? createServerClock(clock);
  const plan = planSigning({ itemIds: input.items.map(({ itemId }) => itemId), credential, capabilities, ...(input.manifest === undefined ? {} : { manifest: input.manifest }) });
  const manifest = plan.mode === 'each' ? undefined : writeManifest(input.items.map(({ label, content }) => manifestFile(label, content, algorithms)));
  const judgement: Judgement = { caches: createJudgeCaches(), ...input.judgement };
  const signingTime = serverClock.signingTime();
  const items = manifest === undefined ? input.items : [{ itemId: MANIFEST_ITEM, label: 'manifest.json', content: manifest }];
  const forms = await acceptedForms({ ...input, judgement }, serverClock.now());
  const { form, pinned } = firstThatFits(forms, (each) => {
    const preparation: Preparation = { credential, algorithms, form: each, signingTime };
    chooseAlgorithm(preparation, capabilities);
    requireContents(items, preparation, capabilities, input.ports.reread !== undefined && manifest === undefined);
    return items.map((item) => pinItem(item, preparation));
  });
  return runningSession({ ...input, judgement, serverClock, contents: new Map(items.map(({ itemId, content }) => [itemId, content])) }, {
    requestId,
    adapter: { id: adapter.info.id, version: adapter.info.version },
    credential, capabilities, form, plan,
    items: pinned,
    ...(manifest === undefined ? {} : { manifest }),
    display: { title: input.title, lines: input.lines ?? [], locale: input.locale ?? 'zh-CN', shareLabels: input.shareLabels ?? false },
    signingTime,
    ...(deadline === undefined ? {} : { deadline }),
    ...(input.uscc === undefined ? {} : { uscc: input.uscc }),
    authorisations: plan.authorisations.map(() => ({ state: 'waiting', attempt: 1 })),
    released: [],
    failed: [],
    journal: { length: 0, hash: '0'.repeat(64) },
  });
}

/** Best first. What is against the credential itself is said when it is judged again, before anybody is asked. */
async function acceptedForms({ judgement, credential, capabilities, algorithms, form = {} }: SigningSessionInput, at: number): Promise<readonly MessageForm[]> {
  const { forms, reasons } = await assessCredential(credential, { ...judgement, capabilities, algorithms, form, at });
  const refused = reasons.find(({ code }) => code === 'FORM_REFUSED' || code === 'NO_COMMON_FORM');
  if (refused !== undefined) throw new SignError(refused.code, `the form is not accepted: ${refused.reason!.code}`, { detail: refused.reason!.code, verdict: [refused.reason!.code] });
  return forms.length === 0 ? [form] : forms;
}

/** A large content may fit one form and not another. @throws SignError why the best does not fit, where none does */
function firstThatFits(forms: readonly MessageForm[], pin: (form: MessageForm) => readonly PinnedItem[]): { readonly form: MessageForm; readonly pinned: readonly PinnedItem[] } {
  let first: SignError | undefined;
  for (const form of forms) {
    try {
      return { form, pinned: pin(form) };
    } catch (error) {
      if (!(error instanceof SignError)) throw error;
      first ??= error;
    }
  }
  throw first!;
}

/**
 * Goes on with a signing in another process, or after an end that left items unsigned. What may have been signed is asked
 * for before anything else.
 * @throws SignError SNAPSHOT_INVALID
 */
export function resumeSigningSession(snapshot: JsonObject, surroundings: SessionSurroundings): SigningSession {
  const state = readSnapshot(snapshot, surroundings.adapter.info);
  return runningSession({ ...surroundings, serverClock: surroundings.serverClock ?? createServerClock(surroundings.ports.clock), contents: new Map(state.manifest === undefined ? [] : [[MANIFEST_ITEM, state.manifest]]) }, { ...state, failed: state.failed.filter(({ outcome }) => outcome !== 'not-signed') });
}
