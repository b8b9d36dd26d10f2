import { encode } from 'uqr';
import { copyText } from './copy.js';
import { h, type Child } from './dom.js';
import { clockText } from './format.js';
import { TimedElement } from './timed-element.js';

/** What is shown: a `qr` challenge of `@hefu/sign`. Times are epoch milliseconds. */
export interface QrView {
  readonly payload: string;
  readonly expiresAt: number;
  readonly refreshAt?: number;
  readonly deepLink?: string;
  readonly shortCode?: string;
  readonly verificationCode: string;
  /** The phone has read it, where the provider says so: what is left is done there. */
  readonly scanned?: boolean;
}

const STYLE = `
.qr{display:flex;flex-wrap:wrap;gap:1rem 1.6rem;align-items:center}
.frame{position:relative;flex:none;width:min(14rem,100%);padding:.75rem;border:1px solid var(--_line);border-radius:var(--_radius);background:#fff;color:#1b2127;forced-color-adjust:none}
svg{display:block;width:100%;height:auto;shape-rendering:crispEdges}
.over{position:absolute;top:0;right:0;bottom:0;left:0;display:flex;flex-direction:column;align-items:center;justify-content:center;gap:.6rem;padding:.5rem;text-align:center;font-weight:600}
.side{flex:1 1 12rem;min-width:0}
.side>*+*{margin-top:.6rem}
.row>.plain{margin-inline-start:-.6rem}
a.button{display:flex;align-items:center;justify-content:center;width:100%;text-align:center;text-decoration:none}
@media (max-width:26rem){.frame{margin:auto}}
`;

/** From here on it is shown as about to expire, seconds. */
const NEAR = 15;

/** Countdowns are announced at these many seconds and not at each. */
const ANNOUNCED: readonly number[] = [60, 30, 10];

/**
 * A QR code that is confirmed on a phone: rotating, with its time left, the code to compare, a short code to copy, and a
 * link to the app where the page is on the phone itself.
 * @fires hefu-qr-refresh when a new one is asked for
 */
export class HefuQr extends TimedElement {
  private view: QrView | undefined;
  private drawn: { readonly payload: string; readonly size: number; readonly path: string } | undefined;
  private copied: 'yes' | 'no' | undefined;
  private announced = '';

  constructor() {
    super(STYLE, 500);
  }

  get challenge(): QrView | undefined {
    return this.view;
  }

  set challenge(view: QrView | undefined) {
    if (view?.shortCode !== this.view?.shortCode) this.copied = undefined;
    this.view = view;
    this.changed();
  }

  protected override render(): readonly Child[] {
    const { view } = this;
    if (view === undefined) return [];
    const left = view.expiresAt - this.now();
    const gone = left <= 0;
    const onPhone = view.deepLink !== undefined && isSafeLink(view.deepLink) && matchMedia('(pointer: coarse)').matches;
    const seconds = Math.ceil(left / 1000);
    if (gone) this.announced = this.t('qrExpired');
    else if (ANNOUNCED.includes(seconds)) this.announced = this.t('secondsLeft', seconds);
    const scanned = view.scanned === true && !gone;
    if (scanned) this.announced = this.t('scanned');
    const { size, path } = this.draw(view.payload);
    return [
      h('div', { class: 'qr', part: 'qr' },
        onPhone && !gone && h('a', { key: 'app', class: 'button primary', part: 'deep-link', href: view.deepLink, rel: 'noreferrer' }, this.t('openApp')),
        h('div', { key: 'frame', class: 'frame', part: 'frame' },
          // What is over, or was scanned, is not there to be scanned by another.
          h('svg', { viewBox: `0 0 ${size} ${size}`, role: 'img', 'aria-label': this.t(gone ? 'qrExpired' : scanned ? 'scanned' : 'scanAlt') }, h('path', { d: gone || scanned ? '' : path, fill: '#000' })),
          gone && h('div', { class: 'over' }, h('button', { type: 'button', class: 'primary', onclick: () => this.emit('hefu-qr-refresh', undefined) }, this.t('qrNew'))),
          scanned && h('div', { class: 'over good', 'aria-hidden': 'true' }, h('span', { class: 'symbol' }, '✓'))),
        h('div', { key: 'side', class: 'side' },
          h('h3', {}, this.t(gone ? 'qrExpired' : scanned ? 'scanned' : 'scan')),
          gone ? h('p', {}, this.t('qrExpiredHelp')) : h('div', {}, h('p', { class: 'quiet' }, this.t('compareCode')), h('p', { class: 'number', part: 'verification-code' }, view.verificationCode)),
          !gone && h('p', { class: `time ${seconds <= NEAR ? 'bad kind' : 'quiet'}`, role: 'timer' }, this.t('remaining', clockText(left))),
          view.shortCode !== undefined && !gone && !scanned && h('div', { class: 'row small' },
            h('span', { class: 'quiet' }, this.t('cannotScan')), h('span', { class: 'code', part: 'short-code' }, view.shortCode),
            h('button', { type: 'button', class: 'plain', onclick: () => void this.copy(view.shortCode!) }, this.copied === 'yes' ? this.t('copied') : this.copied === 'no' ? this.t('copyByHand') : this.t('copyCode'))))),
      h('p', { key: 'live', class: 'hidden', role: 'status' }, this.announced),
    ];
  }

  private async copy(text: string): Promise<void> {
    this.copied = (await copyText(text)) ? 'yes' : 'no';
    this.changed();
  }

  /** One path for all dark modules, with the quiet zone of ISO/IEC 18004 §6.3.8. */
  private draw(payload: string): NonNullable<HefuQr['drawn']> {
    if (this.drawn?.payload === payload) return this.drawn;
    const { size, data } = encode(payload, { ecc: 'M', border: 4 });
    let path = '';
    for (let y = 0; y < size; y++) {
      for (let x = 0; x < size; x++) {
        if (data[y]![x] !== true) continue;
        const from = x;
        while (x + 1 < size && data[y]![x + 1] === true) x++;
        path += `M${from} ${y}h${x - from + 1}v1H${from}z`;
      }
    }
    return (this.drawn = { payload, size, path });
  }
}

/** A link comes from a provider: an app's scheme or https, never a script. */
function isSafeLink(link: string): boolean {
  return /^[a-z][a-z0-9+.-]*:/i.test(link) && !/^(?:javascript|data|vbscript|blob|file):/i.test(link);
}
