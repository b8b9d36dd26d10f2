/** Every state of every element, for looking at and for axe; the page asks for one by `?state=…&lang=…`, or for several. */
import type { CancelReason, Challenge, SigningEvent } from '@hefu/sign';
import { SignError } from '@hefu/sign';
import { begun, bid, certificates, encryptionOnly, error, expiring, files, never, NOW, picker, qr, qrOf, report, sign, signed, single } from './gallery-material.js';
import { defineElements } from '../../src/components/index.js';

const asked = (challenge: Challenge, more: readonly SigningEvent[] = []): readonly SigningEvent[] => [...begun(), { type: 'phase', phase: 'waiting-user', authorisation: 1, of: 1 }, { type: 'challenge', challenge }, ...more];
const failed = (...args: Parameters<typeof error>): readonly SigningEvent[] => [...begun(), { type: 'failed', error: error(...args), signatures: [], failed: [] }];
const pin = (attemptsLeft?: number): Challenge => ({ type: 'pin', id: 'PIN', label: 'PIN', format: 'N', ...(attemptsLeft === undefined ? {} : { attemptsLeft }) });
const otp = (resendAfter: number): Challenge => ({ type: 'otp', id: 'OTP', label: 'OTP', format: 'N', attemptsLeft: 4, resendAfter });
const oauth = (preferred: 'popup' | 'redirect'): Challenge => ({ type: 'oauth', id: 'O', url: 'https://id.example/', state: 's', redirectUri: 'https://page.example/', preferred });

/** What a person does to an element before it looks like this. */
function then<E extends HTMLElement>(element: E, act: (within: ShadowRoot, element: E) => void): E {
  setTimeout(() => act(element.shadowRoot!, element), 60);
  return element;
}
const press = (selector: string) => (within: ShadowRoot): void => within.querySelector<HTMLElement>(selector)!.click();
const openAll = (within: ShadowRoot): void => within.querySelectorAll('details').forEach((details) => { details.open = true; });
const offline = <E>(make: () => E) => (): E => {
  Object.defineProperty(navigator, 'onLine', { value: false, configurable: true });
  return make();
};

export const STATES: Readonly<Record<string, () => HTMLElement>> = {
  'picker-empty': () => picker([]),
  'picker-one': () => picker(single),
  'picker-choice': () => picker(certificates),
  'picker-chosen': () => then(picker(certificates), (_, element) => { element.value = 'a'; }),
  'picker-expiring': () => picker(expiring),
  'picker-none-usable': () => picker(certificates.filter(({ ref, usable }) => !usable && ref !== 'a2')),
  'picker-encryption-only': () => picker(encryptionOnly),

  'qr-waiting': () => qrOf({}),
  'qr-rotating': () => qrOf({ refreshAt: NOW + 12_000, payload: 'https://sign.example/s#job=8f2c41d09a77&t=2' }),
  'qr-near': () => qrOf({ expiresAt: NOW + 9_000 }),
  'qr-expired': () => qrOf({ expiresAt: NOW - 1 }),
  'qr-scanned': () => qrOf({ scanned: true }),
  'qr-no-short-code': () => { const { shortCode: _, deepLink: __, ...rest } = qr; return qrOf(rest, false); },

  'files-empty': () => files(),
  'files-over': () => then(files(), (within) => within.querySelector('label')!.dispatchEvent(new DragEvent('dragover', { cancelable: true }))),
  'files-hashing': () => files('图纸与工程量.zip', '报价清单.xlsx', '投标文件（商务标）.pdf', '投标文件（技术标）.pdf'),
  'files-reading': () => files('图纸与工程量.zip', '报价清单.xlsx', '资质证明.pdf', '投标文件（商务标）.pdf'),
  'files-done': () => files('图纸与工程量.zip', '报价清单.xlsx'),
  'files-digests': () => then(files('报价清单.xlsx'), openAll),
  'files-duplicate': () => files('图纸与工程量.zip', '图纸与工程量（副本）.zip'),
  'files-changed': () => files('资质证明.pdf', '投标保函.pdf'),
  'files-cancelled': () => then(files('报价清单.xlsx', '投标文件（商务标）.pdf'), (within) => within.querySelector<HTMLElement>('li:nth-child(2) button')!.click()),
  'files-too-many': () => { const element = files('报价清单.xlsx', '资质证明.pdf'); element.removeAttribute('multiple'); return element; },
  'files-disabled': () => { const element = files('报价清单.xlsx'); element.setAttribute('disabled', ''); return element; },

  'report-none': () => document.createElement('hefu-report'),
  'report-passed': () => report('passed'),
  'report-failed': () => report('failed'),
  'report-indeterminate': () => report('indeterminate'),
  'report-no-texts': () => report('no-texts'),
  'report-details': () => { const element = report('failed'); const wait = setInterval(() => { if (element.shadowRoot!.querySelector('details') !== null) { clearInterval(wait); openAll(element.shadowRoot!); } }, 50); return element; },

  'sign-loading': () => sign(undefined, { certificates: () => never }),
  'sign-choose': () => sign(undefined),
  'sign-choose-files': () => sign(undefined, { views: single, named: bid.slice(0, 2) }),
  'sign-files': () => then(sign(begun(5, 1), { named: bid }), openAll),
  'sign-elsewhere': () => sign(undefined, { elsewhere: async () => ({ begunAt: NOW - 4 * 60_000, takeOver: () => never }) }),
  'sign-choose-none': () => sign(undefined, { views: [] }),
  'sign-starting': () => then(sign(undefined, { views: single, begin: () => never }), press('button.primary')),
  'sign-authorising': () => sign(begun(3, 1)),
  'sign-manifest': () => sign(begun(300, 1, 'manifest')),
  'sign-pin': () => sign(asked(pin())),
  'sign-pin-shown': () => then(sign(asked(pin())), (within) => { within.querySelector('input')!.value = '730519'; press('.secret button')(within); }),
  'sign-pin-empty': () => then(sign(asked(pin())), press('button.primary')),
  'sign-pin-wrong': () => sign(asked(pin(3), [{ type: 'challenge', challenge: pin(2) }])),
  'sign-otp': () => sign(asked(otp(NOW + 42_000))),
  'sign-otp-resend': () => sign(asked(otp(NOW - 1), [{ type: 'challenge', challenge: otp(NOW - 1) }])),
  'sign-qr': () => sign([...begun(300, 3), { type: 'phase', phase: 'waiting-user', authorisation: 1, of: 3 }, { type: 'challenge', challenge: qr }], { left: 9 * 60_000 + 30_000 }),
  'sign-qr-scanned': () => sign(asked({ ...qr, scanned: true })),
  'sign-qr-expired': () => sign(asked({ ...qr, expiresAt: NOW - 1 })),
  'sign-push': () => sign(asked({ type: 'push', id: 'P', channel: 'app', expiresAt: NOW + 58_000, verificationCode: '4821' })),
  'sign-push-call': () => sign(asked({ type: 'push', id: 'P', channel: 'sms', expiresAt: NOW + 58_000 })),
  'sign-oauth': () => sign(asked(oauth('popup'))),
  'sign-oauth-redirect': () => sign(asked(oauth('redirect'))),
  'sign-webauthn': () => sign(asked({ type: 'webauthn', id: 'W', publicKey: {} })),
  'sign-choose-factor': () => sign(asked({ type: 'choose', id: 'C', among: [{ factor: 'pin', id: 'PIN' }, { factor: 'qr', id: 'QR' }, { op: 'and', of: [{ factor: 'otp-online', id: 'OTP' }, { factor: 'push', id: 'PUSH' }] }] })),
  'sign-signing': () => sign(signed(12, 7)),
  'sign-signing-many': () => sign([...signed(300, 137, 3), { type: 'warning', code: 'SLOW_PROVIDER' }, { type: 'warning', code: 'CLOCK_SKEWED' }], { left: 8 * 60_000 }),
  'sign-assembling': () => sign([...signed(12, 11), { type: 'phase', phase: 'assembling', authorisation: 1, of: 1 }]),
  'sign-reconciling': () => sign([...begun(), { type: 'phase', phase: 'reconciling', authorisation: 1, of: 1 }]),
  'sign-offline': offline(() => sign(asked(qr))),
  'sign-done': () => sign([...begun(), { type: 'done', signatures: [1, 2, 3].map((n) => ({ itemId: `i0-${n}`, message: new Uint8Array(), report: {} as never })) }]),
  'sign-refused': () => sign(failed('USER_REFUSED')),
  'sign-expired': () => sign(failed('USER_TIMEOUT')),
  'sign-popup-blocked': () => sign(failed('POPUP_BLOCKED')),
  'sign-pin-locked': () => sign(failed('PIN_LOCKED', { attemptsLeft: 0 })),
  'sign-unavailable': () => sign(failed('PROVIDER_UNAVAILABLE', { retryAfterMs: 30_000 })),
  'sign-unknown': () => sign(failed('OUTCOME_UNKNOWN')),
  'sign-partly': () => sign([...begun(), { type: 'failed', error: error('NETWORK'), signatures: [{ itemId: 'i0-0', message: new Uint8Array(), report: {} as never }], failed: [] }]),
  'sign-cancelled': () => sign([...begun(), { type: 'cancelled', reason: 'user', outcome: 'not-signed', kept: [] }]),
  'sign-cancelled-kept': () => sign([...begun(), { type: 'cancelled', reason: 'user', outcome: 'signed', kept: ['i0-0', 'i0-1'] }]),
  'sign-ended-elsewhere': () => sign([...begun(), { type: 'cancelled', reason: 'superseded', outcome: 'not-signed', kept: [] }]),
  'sign-cancelled-unknown': () => sign([...begun(), { type: 'cancelled', reason: 'user', outcome: 'unknown', kept: [] }]),
  'sign-broken': () => sign(undefined, { certificates: () => Promise.reject(new SignError('NETWORK', 'down')) }),
  'sign-near': () => sign(undefined, { views: single, left: 4 * 60_000 + 5_000 }),
  'sign-passed': () => sign(undefined, { views: single, left: -1 }),
  'sign-too-close': () => sign(failed('DEADLINE_TOO_CLOSE'), { left: 61_000 }),
};

/**
 * A signing that goes on when `window.happens(event)` says so, for tests of what a step does to focus, announcements and the session; what is asked of
 * that is noted in `window.asked`.
 */
function driven(isElsewhere: boolean): HTMLElement {
  const waiting: SigningEvent[] = [];
  const noted: string[] = [];
  let wake = (): void => undefined;
  let [left, begun] = [false, false];
  const happens = (event: SigningEvent): void => { waiting.push(event); wake(); };
  const run = async function* (): AsyncGenerator<SigningEvent, void, void> {
    for (left = false, begun = true; !left;) {
      const next = waiting.shift();
      if (next !== undefined) yield next;
      else await new Promise<void>((resolve) => { wake = resolve; });
    }
  };
  const session = {
    run, answer: (_: string, { type }: { readonly type: string }) => { noted.push(type); return 'accepted' as const; },
    cancel: async (reason: CancelReason = 'user') => { noted.push(`cancel ${reason}`); begun = false; happens({ type: 'cancelled', reason, outcome: 'not-signed', kept: [] }); },
    leave: () => { noted.push('leave'); left = true; wake(); },
  };
  Object.assign(window, { happens, asked: noted });
  let elsewhere = isElsewhere;
  return sign(undefined, {
    views: single, begin: async () => session, resume: async () => (begun ? session : undefined),
    elsewhere: async () => (elsewhere ? { begunAt: NOW, takeOver: async () => { elsewhere = false; noted.push('taken over'); return session; } } : undefined),
    authorise: async (challenge) => { noted.push('window'); const { url, state } = await challenge; noted.push(url); return { type: 'oauth', code: 'c', state }; },
  });
}

defineElements();
const query = new URLSearchParams(location.search);
document.documentElement.lang = query.get('lang') ?? 'zh-CN';
if (query.has('touch')) Object.assign(window, { matchMedia: (asked: string) => ({ matches: asked === '(pointer: coarse)' }) });
for (const state of (query.get('state') ?? '').split(',')) {
  const isDriven = state.startsWith('driven');
  // Countdowns stand still in pictures.
  if (!isDriven) performance.now = () => 60_000;
  const made = isDriven ? driven(state === 'driven-elsewhere') : STATES[state]?.();
  if (made !== undefined) document.querySelector('main')!.append(made);
}
// For those who want to see them all.
document.documentElement.dataset['states'] = Object.keys(STATES).join(' ');
