import { HefuCertificatePicker } from './hefu-certificate-picker.js';
import { HefuFileDigest } from './hefu-file-digest.js';
import { HefuQr } from './hefu-qr.js';
import { HefuReport } from './hefu-report.js';
import { HefuSign } from './hefu-sign.js';

/** Registers all elements, once; a page that has registered one under its name keeps it. On a server it does nothing. */
export function defineElements(): void {
  if (globalThis.customElements === undefined) return;
  for (const [name, element] of [['hefu-qr', HefuQr], ['hefu-certificate-picker', HefuCertificatePicker], ['hefu-file-digest', HefuFileDigest], ['hefu-report', HefuReport], ['hefu-sign', HefuSign]] as const) {
    if (customElements.get(name) === undefined) customElements.define(name, element);
  }
}
