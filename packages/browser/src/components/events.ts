import type { SignErrorJson, TerminalEvent } from '@hefu/sign';
import type { Report } from '@hefu/verify';
import type { HefuCertificatePicker } from './hefu-certificate-picker.js';
import type { DigestedFile, HefuFileDigest } from './hefu-file-digest.js';
import type { HefuQr } from './hefu-qr.js';
import type { HefuReport } from './hefu-report.js';
import type { HefuSign } from './hefu-sign.js';

type Ended<Type> = Extract<TerminalEvent, { readonly type: Type }>;

/** What the elements fire, by name: `CustomEvent`s that bubble out of shadow roots, with these details. */
export interface HefuEventDetails {
  'hefu-select': { readonly ref: string };
  'hefu-refresh': undefined;
  'hefu-qr-refresh': undefined;
  'hefu-digests': { readonly files: readonly DigestedFile[]; readonly complete: boolean };
  'hefu-report-download': { readonly report: Report };
  'hefu-signed': Ended<'done'>;
  /** The event of a signing that failed, or only why it could not begin. */
  'hefu-sign-failed': Ended<'failed'> | { readonly type?: undefined; readonly error: SignErrorJson };
  'hefu-sign-cancelled': Ended<'cancelled'>;
}

type HefuEvents = { [Name in keyof HefuEventDetails]: CustomEvent<HefuEventDetails[Name]> };

declare global {
  interface HTMLElementTagNameMap {
    'hefu-sign': HefuSign;
    'hefu-certificate-picker': HefuCertificatePicker;
    'hefu-qr': HefuQr;
    'hefu-file-digest': HefuFileDigest;
    'hefu-report': HefuReport;
  }
  interface GlobalEventHandlersEventMap extends HefuEvents {}
}
