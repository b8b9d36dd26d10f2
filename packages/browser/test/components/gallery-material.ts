/** What the states of the gallery are made of: invented companies, staged files, sessions that stop where they are to be seen. */
import type { Challenge, SigningEvent, SigningPlan, SignErrorJson } from '@hefu/sign';
import { SignError } from '@hefu/sign';
import type { Report } from '@hefu/verify';
import type {
  CertificateView, DigestedFile, FileDigester, FileToSign, HefuCertificatePicker, HefuFileDigest, HefuQr, HefuReport, HefuSign, QrView, SessionInPage, SignFlow,
} from '../../src/components/index.js';
import { BrowserError } from '../../src/error.js';

/** The gallery's clock stands still, so that a picture is the same tomorrow. */
export const NOW: number = Date.UTC(2026, 5, 1, 1, 50);
Date.now = () => NOW;
export const DAY = 86_400_000;

export const certificates: readonly CertificateView[] = [
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

/** One that can sign and has no twin, and an encryption certificate by itself. */
export const single: readonly CertificateView[] = [certificates[0]!];
export const encryptionOnly: readonly CertificateView[] = [{
  ...certificates[1]!, ref: 'e', reasons: [{ code: 'CERTIFICATE_NOT_FOR_SIGNING', message: { zh: '这是加密证书，不能用于签名。', en: 'This certificate encrypts and cannot sign.' }, remedy: { zh: '请选择同一单位的签名证书。', en: 'Choose the signing certificate of the same company.' } }],
}];
export const expiring: readonly CertificateView[] = [{ ...certificates[2]!, ref: 'today', notAfter: NOW + 3600_000 }, { ...certificates[2]!, ref: 'soon' }, { ...certificates[0]!, ref: 'same', sameKeyAs: 'soon', issuer: '荆岭 SM2 CA' }];

export const file = (name: string, size: number): File => {
  const one = new File([''], name, { lastModified: NOW });
  Object.defineProperty(one, 'size', { value: size });
  return one;
};
export const digests = (seed: number): DigestedFile['digests'] => ['SHA-256', 'SM3'].map((algorithm, i) => ({ algorithm, prefix: new Uint8Array(0), value: Uint8Array.from({ length: 32 }, (_, at) => (at * 37 + seed + i) & 0xff) }));

export const never: Promise<never> = new Promise<never>(() => undefined);
/** Answers by what a file is called, so that a list of files can be seen in every state at once. */
const staged: FileDigester = async (one, { signal, onProgress }) => {
  if (one.name.includes('投标文件')) {
    onProgress({ done: one.size * 0.62, total: one.size, rate: 411e6, remainingMs: 1900 });
    return new Promise((_, reject) => signal.addEventListener('abort', () => reject(new BrowserError('ABORTED', 'stopped'))));
  }
  if (one.name.includes('资质')) throw new BrowserError('FILE_CHANGED', 'changed');
  if (one.name.includes('保函')) throw new BrowserError('FILE_UNREADABLE', 'gone');
  return { name: one.name, size: one.size, lastModified: one.lastModified, resumedAt: one.name.includes('图纸') ? 300e6 : 0, digests: digests(one.name.includes('清单') ? 5 : 1) };
};

const plan = (items: number, confirmations: number, mode: SigningPlan['mode']): SigningPlan => ({ mode, authorisations: mode === 'manifest' ? [['manifest']] : Array.from({ length: Math.max(1, confirmations) }, (_, i) => Array.from({ length: items / Math.max(1, confirmations) }, (__, j) => `i${i}-${j}`)), confirmations, calls: 1, hashBound: true, steps: [['qr']] }) as SigningPlan;
export const begun = (items = 3, confirmations = 1, mode: SigningPlan['mode'] = 'each'): SigningEvent[] => [{ type: 'plan', plan: plan(items, confirmations, mode), verificationCode: '4821' }, { type: 'phase', phase: 'authorising', authorisation: 1, of: confirmations }];
export const signed = (items: number, verified: number, confirmations = 1): SigningEvent[] => [...begun(items, confirmations), { type: 'phase', phase: 'signing', authorisation: confirmations, of: confirmations }, ...Array.from({ length: verified }, (_, i): SigningEvent => ({ type: 'item', itemId: String(i), state: 'verified' }))];
export const qr: Extract<Challenge, { type: 'qr' }> = { type: 'qr', id: 'QR', payload: 'https://sign.example/s#job=8f2c41d09a77&t=1', expiresAt: NOW + 95_000, shortCode: '7KQ4-2MXD', verificationCode: '4821', deepLink: 'hefusign://confirm/8f2c41d09a77' };
export const error = (code: ConstructorParameters<typeof SignError>[0], options = {}): SignErrorJson => new SignError(code, '', options).toJSON();

/** What a bid consists of: one name too long for a line, one that would read backwards from its middle on. */
export const bid: readonly FileToSign[] = [
  { name: '投标文件（商务标）.pdf', size: 2.04e9 }, { name: '滨江大道综合管廊工程施工图纸与工程量清单汇总（含设计变更第三次修订版）-终稿.zip', size: 734e6 }, { name: '报价清单\u202excod.xlsx', size: 48_200 },
  { name: '资质证明.pdf', size: 12e6 }, { name: '投标保函.pdf', size: 2.1e6 },
];

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

export function sign(events: readonly SigningEvent[] | undefined, { views = certificates, left = 3 * 3600_000, named = [], ...more }: Partial<SignFlow> & { readonly views?: readonly CertificateView[]; readonly left?: number; readonly named?: readonly FileToSign[] } = {}): HefuSign {
  const element = document.createElement('hefu-sign');
  element.files = named;
  element.deadline = NOW + left;
  element.flow = { ...flow(events, views), ...more };
  return element;
}

export function picker(views: readonly CertificateView[]): HefuCertificatePicker {
  const element = document.createElement('hefu-certificate-picker');
  element.certificates = views;
  return element;
}

export function qrOf(change: Partial<QrView>, whole = true): HefuQr {
  const element = document.createElement('hefu-qr');
  element.challenge = whole ? { ...qr, ...change } : (change as QrView);
  return element;
}

const SIZES: Readonly<Record<string, number>> = { '图纸与工程量.zip': 734e6, '报价清单.xlsx': 48_200, '资质证明.pdf': 12e6, '投标保函.pdf': 2.1e6, '投标文件（商务标）.pdf': 2.04e9, '投标文件（技术标）.pdf': 386e6, '图纸与工程量（副本）.zip': 734e6 };

export function files(...names: readonly string[]): HefuFileDigest {
  const element = document.createElement('hefu-file-digest');
  element.setAttribute('multiple', '');
  element.digester = staged;
  queueMicrotask(() => element.add(names.map((name) => file(name, SIZES[name]!))));
  return element;
}

export function report(which: string): HefuReport {
  const element = document.createElement('hefu-report');
  element.setAttribute('download', '');
  void fetch(`./${which}.json`).then(async (answer) => { element.report = (await answer.json()) as Report; });
  return element;
}

