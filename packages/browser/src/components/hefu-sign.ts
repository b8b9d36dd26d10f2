import { SignError, type Challenge, type TerminalEvent } from '@hefu/sign';
import type { CertificateView } from './certificate-view.js';
import { h, type Child, type VirtualNode } from './dom.js';
import { clockText, spanText } from './format.js';
import type { HefuCertificatePicker } from './hefu-certificate-picker.js';
import { challengeView } from './sign-challenge.js';
import { elsewhereView, endedView, failureView, type EndingHost } from './sign-ending.js';
import { FILES_STYLE, filesView, totalText, type FileToSign } from './sign-files.js';
import type { SessionInPage, SignFlow, SigningElsewhere } from './sign-flow.js';
import { afterEvent, answered, itemCount, resent, STARTED, type Running, type SignState } from './sign-state.js';
import { TEXTS, type TextName } from './texts.js';
import { TimedElement } from './timed-element.js';

const STYLE = `${FILES_STYLE}
.deadline{margin-bottom:.9rem}
.near{font-weight:600}
.notice.warn{margin-bottom:.75rem}
.row>.plain{margin-inline-start:-.6rem}
.named+*{margin-top:.4rem}
.body>*+*,.panel>*+*,.panel>div>*+*{margin-top:.75rem}
.panel{padding:min(1.1rem,4vw);border:1px solid var(--_line);border-radius:var(--_radius);background:var(--_surface)}
.secret input{flex:1 1 8rem;min-width:0;max-width:18rem;min-height:2.75rem;padding:.4rem .8rem;border:1px solid var(--_quiet);border-radius:var(--_radius);background:var(--_surface);font-size:1.125rem;letter-spacing:.08em}
input[aria-invalid=true]{border-color:var(--_bad);box-shadow:inset 0 0 0 1px var(--_bad)}
.secret{margin-top:.4rem}
.help{margin:.35rem 0 .75rem}
.choices{display:grid;gap:.5rem;max-width:24rem}
.choices button{text-align:start}
.spin{display:inline-block;width:1.1em;height:1.1em;margin-inline-end:.6em;vertical-align:-.15em;border:3px solid var(--_line);border-top-color:var(--_accent);border-radius:50%;animation:turn 1s linear infinite}
@keyframes turn{to{transform:rotate(1turn)}}
.body>.actions{margin-top:1rem}
.outcome{align-items:flex-start}
.outcome>div{margin:0}
.outcome p{margin-top:.25rem}
@media (prefers-reduced-motion:reduce){.spin{border:3px dotted var(--_accent)}}
@media (forced-colors:active){.spin{border-top-color:Highlight}}
`;

/** What another window did not answer, and still can. */
const ASKED_AGAIN: readonly string[] = ['POPUP_BLOCKED', 'POPUP_CLOSED', 'USER_TIMEOUT'];

/** The second half of a double click on the button that began it is no cancel, which then stands in its place. */
const DOUBLE_CLICK_MS = 600;

/** From here on a deadline is shown as near. */
const NEAR_MS = 10 * 60_000;

/** An element that is put in again so soon was moved, and not removed. */
const MOVE_MS = 1000;

/** An address with less left than this may be too old by the time it is opened. */
const ADDRESS_MS = 5000;

/** Nobody is made to wait longer than this on a provider's word. */
const MAX_WAIT_MS = 3_600_000;

type OAuthChallenge = Extract<Challenge, { type: 'oauth' }>;

/**
 * The whole of signing in a page: choose a certificate, confirm by PIN, code, phone or window, watch, and know how it
 * ended and what to do next. It holds no key and no secret longer than the answer takes.
 * @fires hefu-signed the `done` event, with messages and reports
 * @fires hefu-sign-failed the `failed` event, or `{ error }` when it could not begin
 * @fires hefu-sign-cancelled the `cancelled` event
 */
export class HefuSign extends TimedElement {
  static override observedAttributes: string[] = ['lang'];
  private how: SignFlow | undefined;
  private state: SignState = { at: 'loading' };
  private session: SessionInPage | undefined;
  private stop = new AbortController();
  private chosen: string | undefined;
  private shown = false;
  private problem = '';
  private noWindow = false;
  private closing: number | undefined;
  private toSign: readonly FileToSign[] = [];
  private focusNext = false;
  private begunAt = -Infinity;
  /** The step that is shown, in words; what a screen reader was told of it. */
  private step = '';
  private told = '';
  private spoken = '';
  /** Someone is at work in here; Safari gives a clicked button no focus to know it by. */
  private touched = false;
  /** Runs that were left behind must not draw any more. */
  private turn = 0;
  private opened = false;
  private leaving: ReturnType<typeof setTimeout> | undefined;
  /** When it may be tried again, of this page's own time. */
  private retryAt: number | undefined;
  /** Who waits for an address that is not too old. */
  private renewal: { readonly take: (challenge: OAuthChallenge) => void; readonly end: (error: SignError) => void } | undefined;

  constructor() {
    super(STYLE, 1000);
    this.root.addEventListener('click', () => { this.touched = true; });
  }

  get flow(): SignFlow | undefined {
    return this.how;
  }

  set flow(flow: SignFlow | undefined) {
    if (flow === this.how) return;
    this.how = flow;
    this.opened = false;
    if (this.isConnected) void this.open();
  }

  /** Closing time, epoch milliseconds, server time. */
  get deadline(): number | undefined {
    return this.closing;
  }

  set deadline(at: number | undefined) {
    this.closing = at;
    this.changed();
  }

  /** What is to be signed, by name: shown before and while it is. */
  get files(): readonly FileToSign[] {
    return this.toSign;
  }

  set files(files: readonly FileToSign[]) {
    this.toSign = files;
    this.changed();
  }

  override connectedCallback(): void {
    super.connectedCallback();
    clearTimeout(this.leaving);
    window.addEventListener('online', this.redraw);
    window.addEventListener('offline', this.redraw);
    if (this.how !== undefined && !this.opened) void this.open();
  }

  /** Whoever moves a node takes it out and puts it in again: that ends nothing. */
  override disconnectedCallback(): void {
    super.disconnectedCallback();
    window.removeEventListener('online', this.redraw);
    window.removeEventListener('offline', this.redraw);
    clearTimeout(this.leaving);
    this.leaving = setTimeout(() => this.leave(), MOVE_MS);
  }

  /** Removed for good. What runs elsewhere goes on, and a later `resume` takes it up; what runs in this page nobody would follow. */
  private leave(): void {
    const { session } = this;
    this.turn++;
    this.opened = false;
    this.session = undefined;
    if (session?.leave !== undefined) session.leave();
    else void session?.cancel('user').catch(() => undefined);
    this.stop.abort();
    this.go({ at: 'loading' });
  }

  private readonly redraw = (): void => this.changed();

  /** Reads the certificates again, unless a signing is under way. */
  async reload(): Promise<void> {
    if (this.session === undefined) await this.open();
  }

  private async open(): Promise<void> {
    const turn = ++this.turn;
    const flow = this.how!;
    this.opened = true;
    this.stop.abort();
    this.stop = new AbortController();
    this.go({ at: 'loading' });
    try {
      const interrupted = await flow.resume?.(this.stop.signal);
      if (turn !== this.turn) return;
      if (interrupted !== undefined) return await this.follow(interrupted, turn);
      const found = await flow.elsewhere?.(this.stop.signal);
      if (turn !== this.turn) return;
      if (found !== undefined) return this.go({ at: 'elsewhere', found });
      const certificates = await flow.certificates(this.stop.signal);
      if (turn === this.turn) this.go({ at: 'choosing', certificates });
    } catch (error) {
      if (turn === this.turn) this.broken(error);
    }
  }

  private async begin(): Promise<void> {
    const { chosen } = this;
    if (chosen === undefined || this.state.at === 'running') return;
    this.begunAt = performance.now();
    await this.run((signal) => this.how!.begin(chosen, signal));
  }

  private async resume(): Promise<void> {
    const resume = this.how?.resume;
    if (resume === undefined) return this.open();
    await this.run((signal) => resume.call(this.how, signal));
  }

  /** @param end once it is followed, so that what became of it is known */
  private async takeOver(found: SigningElsewhere, end: boolean): Promise<void> {
    await this.run((signal) => found.takeOver(signal), end);
    if (!end || this.state.at !== 'ended') return;
    const { event } = this.state;
    if (event.type === 'cancelled' && event.outcome === 'not-signed') await this.open();
  }

  private async run(start: (signal: AbortSignal) => Promise<SessionInPage | undefined>, end = false): Promise<void> {
    const turn = ++this.turn;
    this.stop = new AbortController();
    this.go(STARTED);
    try {
      const session = await start(this.stop.signal);
      // One that runs elsewhere has not begun by this, or is another's to end.
      if (turn !== this.turn) return void (session?.leave === undefined && session?.cancel('superseded').catch(() => undefined));
      if (session === undefined) return void this.open();
      const following = this.follow(session, turn);
      if (end) await session.cancel('superseded').catch(() => undefined);
      await following;
    } catch (error) {
      if (turn === this.turn) this.broken(error);
    }
  }

  /** Refused since the same is being signed already: where, and whether to go on there, is for the person to say. */
  private async lookElsewhere(turn: number): Promise<void> {
    const found = await this.how?.elsewhere?.(this.stop.signal).catch(() => undefined);
    if (found !== undefined && turn === this.turn) this.go({ at: 'elsewhere', found });
  }

  private async follow(session: SessionInPage, turn: number): Promise<void> {
    this.session = session;
    let state: SignState = STARTED;
    this.go(state);
    try {
      for await (const event of session.run()) {
        if (turn !== this.turn) return;
        if (this.state.at !== 'running') break;
        const before: Running = this.state;
        state = afterEvent(before, event);
        if (event.type === 'challenge' && (before.challenge?.id !== event.challenge.id || event.challenge.type === 'pin' || event.challenge.type === 'otp')) this.focusNext = true;
        if (event.type === 'challenge') {
          this.clearProblem();
          if (event.challenge.type === 'oauth') this.renewal?.take(event.challenge);
        }
        if (before.challenge !== undefined && state.at === 'running' && state.challenge === undefined) this.focusNext = true;
        if (state.at === 'ended') {
          this.session = undefined;
          this.go(state);
          this.tell(state.event);
          if (state.event.type === 'failed' && state.event.error.code === 'ACTION_PENDING' && turn === this.turn) await this.lookElsewhere(turn);
          return;
        }
        this.state = state;
        this.changed();
      }
      if (turn === this.turn && this.state.at === 'running') throw new SignError('NETWORK', 'the session ended without an end', { outcome: 'unknown', retry: 'reconcile' });
    } finally {
      this.renewal?.end(new SignError('ABORTED', 'the signing ended'));
      if (turn === this.turn) this.session = undefined;
    }
  }

  private tell(event: TerminalEvent): void {
    this.emit(event.type === 'done' ? 'hefu-signed' : event.type === 'failed' ? 'hefu-sign-failed' : 'hefu-sign-cancelled', event);
  }

  private broken(cause: unknown): void {
    this.session = undefined;
    const error = (cause instanceof SignError ? cause : new SignError('NETWORK', 'the page could not begin', { cause })).toJSON();
    this.go({ at: 'broken', error });
    this.emit('hefu-sign-failed', { error });
    if (error.code === 'ACTION_PENDING') void this.lookElsewhere(this.turn);
  }

  private go(state: SignState): void {
    this.state = state;
    this.clearProblem();
    const wait = waitOf(state);
    this.retryAt = wait === 0 ? undefined : performance.now() + wait;
    this.shown = false;
    this.focusNext = state.at !== 'loading';
    this.changed();
  }

  private clearProblem(): void {
    this.problem = '';
    this.noWindow = false;
  }

  protected override render(): readonly Child[] {
    const left = this.closing === undefined ? undefined : this.closing - this.now();
    const body = this.body();
    if (this.step !== this.told) {
      this.told = this.step;
      // The heading that gets the focus is read out; a step that comes by itself is told here. Never both.
      const wait = this.retryAt === undefined ? '' : this.t('waitFor', spanText(waitOf(this.state), this.language));
      this.spoken = this.focusNext && this.mayFocus ? wait : `${this.step} ${wait}`.trim();
    }
    if (this.retryAt !== undefined && this.retryAt <= performance.now()) {
      this.retryAt = undefined;
      this.spoken = this.t('againNow');
    }
    return [
      left !== undefined && h('p', { key: 'deadline', class: left < NEAR_MS ? 'deadline time near bad kind' : 'deadline time quiet', role: 'timer' }, left <= 0 ? this.t('deadlinePassed') : this.t('deadlineIn', left < 3_600_000 ? clockText(left) : spanText(left, this.language))),
      h('div', { key: 'offline', role: 'status' }, !navigator.onLine && h('p', { class: 'notice warn' }, this.t('offline'))),
      h('div', { key: this.state.at, class: 'body' }, body),
      h('p', { key: 'live', class: 'hidden', role: 'status' }, this.spoken),
    ];
  }

  /** Never takes the focus from elsewhere in the page. */
  private get mayFocus(): boolean {
    return this.hadFocus || (this.touched && document.activeElement === document.body);
  }

  protected override rendered(): void {
    if (!this.focusNext) return;
    this.focusNext = false;
    const to = this.root.querySelector<HTMLElement>(this.state.at === 'choosing' ? 'hefu-certificate-picker' : '.panel input') ?? this.root.querySelector<HTMLElement>('h2');
    // Elements within are drawn at the end of this turn.
    if (to !== null && this.mayFocus) void Promise.resolve().then(() => to.focus());
  }

  private body(): readonly Child[] {
    const { state } = this;
    switch (state.at) {
      case 'loading': return [this.heading(this.t('loading'), true)];
      case 'choosing': return this.choosing(state.certificates);
      case 'running': return this.running(state);
      case 'elsewhere': return elsewhereView(state.found, this.endingHost());
      case 'broken': return failureView(state.error, 0, 0, this.endingHost());
      case 'ended': return endedView(state.event, state.total, this.endingHost());
    }
  }

  private choosing(certificates: readonly CertificateView[]): readonly Child[] {
    const closed = this.closing !== undefined && this.closing <= this.now();
    const usable = certificates.some((each) => each.usable);
    this.step = this.t('chooseCertificate');
    return [
      h('hefu-certificate-picker', { '.certificates': certificates, exportparts: 'option,chosen,refused', 'onhefu-select': this.select, 'onhefu-refresh': () => void this.open() }),
      ...(usable && this.toSign.length > 0 ? [h('h3', { key: 'named', class: 'named' }, this.t('toSign')), ...this.named()] : []),
      closed && h('p', { key: 'closed', class: 'notice bad', role: 'alert' }, this.t('deadlineHelp')),
      usable && h('div', { key: 'actions', class: 'row actions' }, h('button', { type: 'button', class: 'primary', part: 'start', disabled: closed, onclick: () => void this.startChosen() }, this.t('start'))),
    ];
  }

  private named(): readonly Child[] {
    return filesView(this.toSign, (name, ...values) => this.t(name, ...values));
  }

  private readonly select = (event: Event): void => {
    this.chosen = (event as CustomEvent<{ ref: string }>).detail.ref;
  };

  private async startChosen(): Promise<void> {
    this.chosen = this.root.querySelector<HefuCertificatePicker>('hefu-certificate-picker')?.value || this.chosen;
    if (this.chosen !== undefined && this.chosen !== '') await this.begin();
  }

  private running(state: Running): readonly Child[] {
    const { plan, phase, challenge } = state;
    const phaseText = phase === undefined ? this.t('working') : this.t(`phase_${phase.phase}`);
    const total = itemCount(state);
    const size = totalText(this.toSign);
    const title = challenge === undefined ? phaseText : phase !== undefined && phase.of > 1 ? this.t('confirmationOf', phase.authorisation, phase.of) : this.t('phase_waiting-user');
    return [
      this.heading(title, challenge === undefined),
      plan !== undefined && h('p', { key: 'plan', class: 'tags' },
        h('span', { class: 'tag' }, plan.mode === 'manifest' ? this.t('manifestMode') : size === undefined ? this.t('files', total) : this.t('filesOf', total, size)),
        h('span', { class: 'tag' }, plan.confirmations === 0 ? this.t('noConfirmation') : this.t('confirmations', plan.confirmations))),
      challenge !== undefined && h('div', { key: `challenge/${challenge.type}`, class: 'panel', part: 'panel' }, this.challenge(challenge, state.asked)),
      ...this.named(),
      state.verified > 0 && h('div', { key: 'progress' },
        h('progress', { max: total, value: state.verified, 'aria-labelledby': 'verified' }), h('p', { id: 'verified', class: 'small quiet time' }, this.t('verified', state.verified, total))),
      h('div', { key: 'warnings', role: 'status' }, state.warnings.filter((code) => `warn_${code}` in TEXTS).map((code) => h('p', { key: code, class: 'notice warn small' }, this.t(`warn_${code}` as TextName)))),
      h('div', { key: 'actions', class: 'row actions' }, h('button', { type: 'button', part: 'cancel', onclick: () => void this.cancel() }, this.t('cancel'))),
    ];
  }

  private challenge(challenge: NonNullable<Running['challenge']>, asked: number): readonly Child[] {
    return challengeView(challenge, {
      t: (name, ...values) => this.t(name, ...values), now: () => this.now(), asked, shown: this.shown, problem: this.problem, noWindow: this.noWindow, clockOffset: this.clockOffset,
      show: (shown) => { this.shown = shown; this.changed(); },
      complain: (problem) => { this.problem = problem; this.focusNext = true; this.changed(); },
      answer: (answer) => {
        const { state, session } = this;
        if (state.at !== 'running' || session === undefined) return;
        this.state = answer.type === 'resend' ? resent(state) : answered(state);
        this.focusNext = true;
        this.changed();
        void Promise.resolve(session.answer(challenge.id, answer)).catch((error: unknown) => this.broken(error));
      },
      authorise: (how) => void this.outside(challenge.id, () => (challenge.type === 'oauth' && this.how?.authorise !== undefined ? this.how.authorise(this.fresh(challenge), how, this.stop.signal) : Promise.resolve({ type: 'oauth-failed', reason: 'popup-blocked' } as const))),
      authenticate: () => void this.outside(challenge.id, () => (challenge.type === 'webauthn' && this.how?.authenticate !== undefined ? this.how.authenticate(challenge, this.stop.signal) : Promise.resolve({ type: 'cancel' } as const))),
      again: () => void this.restart(),
    });
  }

  /** What another window or an authenticator answers. */
  private async outside(id: string, ask: () => Promise<Parameters<SessionInPage['answer']>[1]>): Promise<void> {
    const { session, turn } = this;
    if (session === undefined) return;
    this.clearProblem();
    this.changed();
    try {
      const answer = await ask();
      if (turn !== this.turn) return;
      await session.answer(id, answer);
    } catch (error) {
      if (turn !== this.turn || this.session !== session) return;
      // No window, or one that was closed, is no answer: the question stands, and can be answered in another way.
      if (error instanceof SignError && ASKED_AGAIN.includes(error.code)) {
        const { message, remedy } = error.toJSON();
        this.problem = `${message[this.language]}${this.language === 'en' ? ' ' : ''}${remedy[this.language]}`;
        this.noWindow = error.code === 'POPUP_BLOCKED';
        return this.changed();
      }
      // The signing would wait on, and bar the next one from the same files.
      await session.cancel('error').catch(() => undefined);
      if (turn === this.turn) this.broken(error);
    }
  }

  /** Cancels and says so as soon as it is known. */
  private async cancel(): Promise<void> {
    if (performance.now() - this.begunAt < DOUBLE_CLICK_MS) return;
    const { session, turn } = this;
    this.stop.abort();
    if (session === undefined) {
      this.turn++;
      return this.open();
    }
    await session.cancel('user').catch((error: unknown) => { if (turn === this.turn) this.broken(error); });
  }

  /** A QR code that ran out: the old authorisation is ended first, then it begins anew. */
  private async restart(): Promise<void> {
    await this.session?.cancel('superseded').catch(() => undefined);
    await this.begin();
  }

  /** An address that was shown too long ago leads nowhere: the session has another made, and asks with that. */
  private async fresh(challenge: OAuthChallenge): Promise<OAuthChallenge> {
    const { session } = this;
    if (session === undefined || challenge.expiresAt === undefined || challenge.expiresAt - this.now() > ADDRESS_MS) return challenge;
    const renewed = new Promise<OAuthChallenge>((take, end) => { this.renewal = { take, end }; });
    renewed.catch(() => undefined);
    // One that makes no other has only this.
    return (await session.answer(challenge.id, { type: 'resend' })) === 'accepted' ? renewed : challenge;
  }

  private endingHost(): EndingHost {
    return {
      language: this.language, wait: this.retryAt === undefined ? 0 : Math.max(0, this.retryAt - performance.now()),
      t: (name, ...values) => this.t(name, ...values), now: () => this.now(), heading: (text, lines) => this.heading(text, false, lines),
      open: () => void this.open(), resume: () => void this.resume(),
      again: () => void (this.chosen === undefined ? this.open() : this.begin()),
      takeOver: (found, end) => void this.takeOver(found, end),
    };
  }

  /** The heading of a step. What stands below it in words is told with it. */
  private heading(text: string, turning = false, lines: readonly string[] = []): VirtualNode {
    this.step = [text, ...lines].join(' ');
    return h('h2', { key: 'title', tabindex: -1 }, turning && h('span', { class: 'spin' }), text);
  }
}

/** How long a provider wants to be left alone after this, milliseconds. */
function waitOf(state: SignState): number {
  const ms = (state.at === 'broken' ? state.error : state.at === 'ended' && state.event.type === 'failed' ? state.event.error : undefined)?.retryAfterMs ?? 0;
  return Number.isFinite(ms) && ms > 0 ? Math.min(ms, MAX_WAIT_MS) : 0;
}
