import type { Challenge, ChallengeAnswer } from '@hefu/sign';
import { alternativesOf } from '@hefu/sign';
import { h, type Child } from './dom.js';
import { clockText } from './format.js';
import type { TextName } from './texts.js';

/** What a question needs of the element that asks it. */
export interface ChallengeHost {
  t(name: TextName, ...values: readonly (string | number)[]): string;
  /** Epoch milliseconds, by the server. */
  now(): number;
  /** How often it was asked; more than once means that the last answer was wrong. */
  readonly asked: number;
  readonly shown: boolean;
  readonly problem: string;
  /** The browser opened no window for the last click. */
  readonly noWindow: boolean;
  readonly clockOffset: number;
  show(shown: boolean): void;
  complain(problem: string): void;
  answer(answer: ChallengeAnswer): void;
  authorise(how: 'popup' | 'redirect'): void;
  authenticate(): void;
  again(): void;
}

/** The part of the page that asks a user for one thing. */
export function challengeView(challenge: Challenge, host: ChallengeHost): readonly Child[] {
  const { t } = host;
  switch (challenge.type) {
    case 'pin':
    case 'otp': return secretForm(challenge, host);
    case 'qr': return [h('hefu-qr', { key: 'qr', exportparts: 'qr,frame,verification-code,short-code,deep-link', '.challenge': challenge, '.clockOffset': host.clockOffset, 'onhefu-qr-refresh': () => host.again() })];
    case 'push': return [
      h('h3', {}, t('push')), h('p', {}, t('pushHelp')),
      challenge.verificationCode !== undefined && h('div', {}, h('p', { class: 'quiet' }, t('compareCode')), h('p', { class: 'number', part: 'verification-code' }, challenge.verificationCode)),
      h('p', { class: 'time quiet', role: 'timer' }, t('remaining', clockText(challenge.expiresAt - host.now()))),
    ];
    case 'oauth': return authorisation(challenge, host);
    case 'webauthn': return [h('h3', {}, t('webauthn')), h('button', { type: 'button', class: 'primary', onclick: () => host.authenticate() }, t('webauthnStart'))];
    case 'choose': return [
      h('h3', {}, t('choose')),
      h('div', { class: 'choices' }, challenge.among.map((plan, index) => h('button', { type: 'button', key: index, onclick: () => host.answer({ type: 'choose', index }) },
        (alternativesOf(plan)[0] ?? []).map(({ factor, label }) => label ?? t(`factor_${factor}`)).join(' + ')))),
    ];
  }
}

/** Where no window opens, the page itself goes there and comes back. */
function authorisation({ preferred }: Extract<Challenge, { type: 'oauth' }>, { t, problem, noWindow, authorise }: ChallengeHost): readonly Child[] {
  const inPage = noWindow || preferred === 'redirect';
  const window = h('button', { key: 'window', type: 'button', class: inPage ? 'plain' : 'primary', onclick: () => authorise('popup') }, t('oauthOpen'));
  const page = h('button', { key: 'page', type: 'button', class: inPage ? 'primary' : 'plain', onclick: () => authorise('redirect') }, t(inPage ? 'oauthGo' : 'oauthHere'));
  return [
    h('h3', {}, t(preferred === 'redirect' ? 'oauthPage' : 'oauth')),
    problem !== '' && h('p', { key: 'problem', class: 'help', role: 'alert' }, problem),
    h('div', { class: 'row' }, ...(preferred === 'redirect' ? [page] : inPage ? [page, window] : [window, page])),
  ];
}

function secretForm(challenge: Extract<Challenge, { type: 'pin' | 'otp' }>, host: ChallengeHost): readonly Child[] {
  const { t, asked, problem } = host;
  const { type, id, format, attemptsLeft } = challenge;
  const resendIn = challenge.type === 'otp' && challenge.resendAfter !== undefined ? Math.ceil((challenge.resendAfter - host.now()) / 1000) : undefined;
  const left = attemptsLeft === undefined ? '' : t('attempts', attemptsLeft);
  const submit = (event: Event): void => {
    event.preventDefault();
    const input = (event.target as HTMLFormElement).elements.namedItem('secret') as HTMLInputElement;
    const { value } = input;
    if (value === '') return host.complain(t('required'));
    if (format === 'N' && !/^\d+$/.test(value)) return host.complain(t('digitsOnly'));
    // It leaves the page's memory as far as a page can see to that.
    input.value = '';
    host.answer({ type, value });
  };
  const help = [problem !== '' ? problem : asked > 1 ? t(type === 'pin' ? 'pinWrong' : 'otpWrong') : '', asked > 1 ? left : ''].filter((part) => part !== '').join(' ').replace('。 ', '。');
  return [h('form', { key: `${type}/${id}/${asked}`, novalidate: true, autocomplete: 'off', onsubmit: submit },
    h('label', { for: 'secret' }, h('h3', {}, t(type))),
    h('div', { class: 'row secret' },
      h('input', {
        id: 'secret', name: 'secret', type: type === 'otp' || host.shown ? 'text' : 'password', inputmode: format === 'N' ? 'numeric' : 'text', maxlength: 256,
        autocomplete: type === 'otp' ? 'one-time-code' : 'off', autocapitalize: 'off', spellcheck: 'false', required: true, 'aria-describedby': 'secret-help', 'aria-invalid': help !== '' ? 'true' : 'false',
      }),
      type === 'pin' && h('button', { type: 'button', class: 'plain', 'aria-pressed': String(host.shown), onclick: () => host.show(!host.shown) }, host.shown ? t('hideSecret') : t('showSecret'))),
    h('p', { id: 'secret-help', class: 'help bad kind', role: 'alert' }, help),
    h('div', { class: 'row' },
      h('button', { type: 'submit', class: 'primary' }, t('confirm')),
      resendIn !== undefined && h('button', { type: 'button', class: 'plain', disabled: resendIn > 0, onclick: () => host.answer({ type: 'resend' }) }, resendIn > 0 ? t('resendIn', resendIn) : t('resend'))))];
}
