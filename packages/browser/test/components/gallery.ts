/** Every state of every element, for looking at and for axe; the page asks for one by `?state=…&lang=…`, or for several. */
import type { Challenge, SigningEvent, SigningPlan, SignErrorJson } from '@hefu/sign';
import { SignError } from '@hefu/sign';
import type { Report } from '@hefu/verify';
import {
  defineElements, type CertificateView, type DigestedFile, type FileDigester, type HefuCertificatePicker, type HefuFileDigest, type HefuQr, type HefuReport, type HefuSign, type SessionInPage, type SignFlow,
} from '../../src/components/index.js';
import { BrowserError } from '../../src/error.js';

const NOW = Date.now();
const DAY = 86_400_000;

const certificates: readonly CertificateView[] = [
  { ref: 'a', holder: '楚江市第一建筑工程有限公司', uscc: '91420100MA4K2X7Q3T', issuer: '楚江电子认证 SM2 CA', use: 'sign', notAfter: NOW + 300 * DAY, usable: true, reasons: [], regions: ['武汉', '黄石', '鄂州'], confirmedBy: ['qr'] },
  { ref: 'a2', holder: '楚江市第一建筑工程有限公司', uscc: '91420100MA4K2X7Q3T', issuer: '楚江电子认证 SM2 CA', use: 'encrypt', notAfter: NOW + 300 * DAY, usable: false, reasons: [] },
  { ref: 'b', holder: '楚江市第一建筑工程有限公司', uscc: '91420100MA4K2X7Q3T', issuer: '荆岭 RSA CA', use: 'sign', notAfter: NOW + 12 * DAY + 3600_000, usable: true, reasons: [], regions: ['武汉'], confirmedBy: ['pin', 'otp-online'] },
  {
    ref: 'c', holder: '楚江市第一建筑工程有限公司', uscc: '91420100MA4K2X7Q3T', issuer: '江淮认证 CA', use: 'sign', notAfter: NOW - 5 * DAY, usable: false,
    reasons: [{ code: 'CERT_EXPIRED', message: { zh: '证书已于5天前过期。', en: 'The certificate expired five days ago.' }, remedy: { zh: '请在签发机构办理更新，或改用其他证书。', en: 'Have it renewed by its CA, or use another certificate.' } }],
  },
  {
    ref: 'd', holder: '楚江市第一建筑工程有限公司', uscc: '91420100MA4K2X7Q3T', issuer: '西川云签 CA', use: 'sign', notAfter: NOW + 100 * DAY, usable: false,
    reasons: [{ code: 'CERT_NOT_TRUSTED', message: { zh: '该 CA 在本平台所在地区（鄂州）暂停受理。', en: 'This CA is suspended in the region of this platform (Ezhou).' }, remedy: { zh: '请改用其他证书，或向平台咨询恢复时间。', en: 'Use another certificate, or ask the platform when it will be accepted again.' } }],
  },
];

const file = (name: string, size: number): File => {
  const one = new File([''], name, { lastModified: NOW });
  Object.defineProperty(one, 'size', { value: size });
  return one;
};
const digests = (seed: number): DigestedFile['digests'] => ['SHA-256', 'SM3'].map((algorithm, i) => ({ algorithm, prefix: new Uint8Array(0), value: Uint8Array.from({ length: 32 }, (_, at) => (at * 37 + seed + i) & 0xff) }));

const never = new Promise<never>(() => undefined);
const staged: FileDigester = async (one, { onProgress }) => {
  if (one.name.includes('投标文件')) {
    onProgress({ done: one.size * 0.62, total: one.size, rate: 411e6, remainingMs: 1800_000 * 0.001 * 1000 });
    return never;
  }
  if (one.name.includes('资质')) throw new BrowserError('FILE_CHANGED', 'changed');
  return { name: one.name, size: one.size, lastModified: one.lastModified, resumedAt: one.name.includes('图纸') ? 300e6 : 0, digests: digests(one.name.includes('清单') ? 5 : 1) };
};

const plan = (items: number, confirmations: number): SigningPlan => ({ mode: 'each', authorisations: Array.from({ length: Math.max(1, confirmations) }, (_, i) => Array.from({ length: items / Math.max(1, confirmations) }, (__, j) => `i${i}-${j}`)), confirmations, calls: 1, hashBound: true, steps: [['qr']] }) as SigningPlan;
const begun = (items = 3, confirmations = 1): SigningEvent[] => [{ type: 'plan', plan: plan(items, confirmations), verificationCode: '4821' }, { type: 'phase', phase: 'authorising', authorisation: 1, of: confirmations }];
const qr: Challenge = { type: 'qr', id: 'QR', payload: 'https://sign.example/s#job=8f2c41d09a77&t=1', expiresAt: NOW + 95_000, shortCode: '7KQ4-2MXD', verificationCode: '4821', deepLink: 'hefusign://confirm/8f2c41d09a77' };
const error = (code: ConstructorParameters<typeof SignError>[0], options = {}): SignErrorJson => new SignError(code, '', options).toJSON();

const session = (events: readonly SigningEvent[]): SessionInPage => ({
  async *run() {
    yield* events;
    if (!['done', 'failed', 'cancelled'].includes(events[events.length - 1]?.type ?? '')) await never;
  },
  answer: () => 'accepted',
  cancel: async () => undefined,
});
const flow = (events: readonly SigningEvent[] | undefined, views = certificates): SignFlow => ({
  certificates: async () => views,
  begin: async () => session(events ?? []),
  ...(events === undefined ? {} : { resume: async () => session(events) }),
});

function sign(events: readonly SigningEvent[] | undefined, views?: readonly CertificateView[]): HefuSign {
  const element = document.createElement('hefu-sign') as HefuSign;
  element.deadline = NOW + 9 * 60_000 + 30_000;
  element.flow = flow(events, views);
  return element;
}

function picker(views: readonly CertificateView[]): HefuCertificatePicker {
  const element = document.createElement('hefu-certificate-picker') as HefuCertificatePicker;
  element.certificates = views;
  return element;
}

function qrOf(change: Partial<Extract<Challenge, { type: 'qr' }>>): HefuQr {
  const element = document.createElement('hefu-qr') as HefuQr;
  element.challenge = { ...(qr as Extract<Challenge, { type: 'qr' }>), ...change };
  return element;
}

function files(names: readonly (readonly [string, number])[]): HefuFileDigest {
  const element = document.createElement('hefu-file-digest') as HefuFileDigest;
  element.setAttribute('multiple', '');
  element.digester = staged;
  queueMicrotask(() => element.add(names.map(([name, size]) => file(name, size))));
  return element;
}

function report(which: string): HefuReport {
  const element = document.createElement('hefu-report') as HefuReport;
  element.setAttribute('download', '');
  void fetch(`./${which}.json`).then(async (answer) => { element.report = (await answer.json()) as Report; });
  return element;
}

export const STATES: Readonly<Record<string, () => HTMLElement>> = {
  'picker-choice': () => picker(certificates),
  'picker-none-usable': () => picker(certificates.filter(({ usable }) => !usable)),
  'picker-empty': () => picker([]),
  'qr-waiting': () => qrOf({}),
  'qr-expired': () => qrOf({ expiresAt: NOW - 1 }),
  'files-empty': () => files([]),
  'files-reading': () => files([['图纸与工程量.zip', 734e6], ['报价清单.xlsx', 48_200], ['资质证明.pdf', 12e6], ['投标文件（商务标）.pdf', 2.04e9]]),
  'files-done': () => files([['图纸与工程量.zip', 734e6], ['报价清单.xlsx', 48_200]]),
  'report-passed': () => report('passed'),
  'report-failed': () => report('failed'),
  'report-indeterminate': () => report('indeterminate'),
  'sign-loading': () => { const element = sign(undefined); element.flow = { certificates: () => never, begin: () => never }; return element; },
  'sign-choose': () => sign(undefined),
  'sign-pin': () => sign([...begun(), { type: 'challenge', challenge: { type: 'pin', id: 'PIN', label: 'PIN', format: 'N' } }]),
  'sign-pin-wrong': () => sign([...begun(), { type: 'challenge', challenge: { type: 'pin', id: 'PIN', label: 'PIN', format: 'N', attemptsLeft: 3 } }, { type: 'challenge', challenge: { type: 'pin', id: 'PIN', label: 'PIN', format: 'N', attemptsLeft: 2 } }]),
  'sign-otp': () => sign([...begun(), { type: 'challenge', challenge: { type: 'otp', id: 'OTP', label: 'OTP', format: 'N', resendAfter: NOW + 42_000 } }]),
  'sign-qr': () => sign([...begun(300, 3), { type: 'phase', phase: 'waiting-user', authorisation: 1, of: 3 }, { type: 'challenge', challenge: qr }]),
  'sign-push': () => sign([...begun(), { type: 'challenge', challenge: { type: 'push', id: 'P', channel: 'app', expiresAt: NOW + 60_000, verificationCode: '4821' } }]),
  'sign-oauth': () => sign([...begun(), { type: 'challenge', challenge: { type: 'oauth', id: 'O', url: 'https://id.example/', state: 's', redirectUri: 'https://page.example/', preferred: 'popup' } }]),
  'sign-choose-factor': () => sign([...begun(), { type: 'challenge', challenge: { type: 'choose', id: 'C', among: [{ factor: 'pin', id: 'PIN' }, { op: 'and', of: [{ factor: 'otp-online', id: 'OTP' }, { factor: 'push', id: 'PUSH' }] }] } }]),
  'sign-signing': () => sign([...begun(12), { type: 'phase', phase: 'signing', authorisation: 1, of: 1 }, ...Array.from({ length: 7 }, (_, i): SigningEvent => ({ type: 'item', itemId: `i0-${i}`, state: 'verified' })), { type: 'warning', code: 'CLOCK_SKEWED' }]),
  'sign-done': () => sign([...begun(), { type: 'done', signatures: [1, 2, 3].map((n) => ({ itemId: `i0-${n}`, message: new Uint8Array(), report: {} as Report })) }]),
  'sign-refused': () => sign([...begun(), { type: 'failed', error: error('USER_REFUSED'), signatures: [], failed: [] }]),
  'sign-unknown': () => sign([...begun(), { type: 'failed', error: error('OUTCOME_UNKNOWN'), signatures: [], failed: [] }]),
  'sign-partly': () => sign([...begun(), { type: 'failed', error: error('NETWORK'), signatures: [{ itemId: 'i0-0', message: new Uint8Array(), report: {} as Report }], failed: [] }]),
  'sign-deadline': () => sign([...begun(), { type: 'failed', error: error('DEADLINE_TOO_CLOSE'), signatures: [], failed: [] }]),
  'sign-cancelled': () => sign([...begun(), { type: 'cancelled', reason: 'user', outcome: 'not-signed', kept: [] }]),
};

defineElements();
const query = new URLSearchParams(location.search);
document.documentElement.lang = query.get('lang') ?? 'zh-CN';
for (const state of (query.get('state') ?? '').split(',')) {
  const made = STATES[state]?.();
  if (made !== undefined) document.querySelector('main')!.append(made);
}
