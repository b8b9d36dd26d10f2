import type { CertificateView } from './certificate-view.js';
import { h, type Child, type VirtualNode } from './dom.js';
import { HefuElement } from './element.js';
import { dayText } from './format.js';

const STYLE = `
.list>li+li{margin-top:.6rem}
.option{display:flex;gap:.8rem;padding:.9rem 1rem;border:1px solid var(--_line);border-radius:var(--_radius);background:var(--_surface);cursor:pointer}
.option:hover{background:var(--_tint)}
.option.chosen{border-color:var(--_accent);box-shadow:inset 0 0 0 1px var(--_accent)}
.option.no{cursor:default;background:var(--_tint)}
input{flex:none;width:1.15rem;height:1.15rem;margin:.25rem 0 0;accent-color:var(--_accent)}
.body{flex:1;min-width:0}
.holder{font-weight:600;overflow-wrap:anywhere}
.facts{display:flex;flex-wrap:wrap;gap:.15rem .9rem;color:var(--_quiet);font-size:.875rem;overflow-wrap:anywhere}
.tags{display:flex;flex-wrap:wrap;gap:.35rem;margin-top:.4rem}
.why{margin-top:.5rem;font-size:.9375rem}
.why p+p{margin-top:.15rem}
.why .message{color:var(--_bad);font-weight:600}
fieldset{border:0;margin:0;padding:0;min-width:0}
legend{padding:0;margin-bottom:.7rem}
.others{margin-top:1.1rem}
.others h3{margin-bottom:.5rem;color:var(--_quiet)}
`;

const DAY = 86_400_000;
/** A certificate this near its end may not outlive the procedure it is used in. */
const SOON_DAYS = 30;

/** A signing certificate with its encryption twin. */
interface Entry {
  readonly main: CertificateView;
  readonly twin?: CertificateView;
}

/**
 * Certificates to choose from: what can be used here first, and of each other one why it cannot and what to do.
 * Form-associated: its value is the chosen `ref`.
 * @fires hefu-select `{ ref }`
 * @fires hefu-refresh when the list is to be read again
 */
export class HefuCertificatePicker extends HefuElement {
  static formAssociated: boolean = true;
  static override observedAttributes: string[] = ['lang', 'value'];
  private readonly internals: ElementInternals = this.attachInternals();
  private views: readonly CertificateView[] = [];
  private chosen: string | undefined;

  constructor() {
    super(STYLE);
  }

  get certificates(): readonly CertificateView[] {
    return this.views;
  }

  set certificates(views: readonly CertificateView[]) {
    this.views = views;
    if (!views.some(({ ref, usable }) => usable && ref === this.chosen)) this.choose(undefined);
    // With one that can be used there is nothing to choose.
    const usable = entriesOf(views).filter(({ main }) => main.usable);
    if (this.chosen === undefined && usable.length === 1) this.choose(usable[0]!.main.ref);
    this.changed();
  }

  /** The chosen `ref`, or ''. */
  get value(): string {
    return this.chosen ?? '';
  }

  set value(ref: string) {
    this.choose(this.views.some((view) => view.usable && view.ref === ref) ? ref : undefined);
    this.changed();
  }

  override attributeChangedCallback(name: string, old: string | null, value: string | null): void {
    if (name === 'value') this.value = value ?? '';
    super.attributeChangedCallback(name, old, value);
  }

  formResetCallback(): void {
    this.value = this.getAttribute('value') ?? '';
  }

  private choose(ref: string | undefined): void {
    this.chosen = ref;
    this.internals.setFormValue(ref ?? null);
  }

  protected override render(): readonly Child[] {
    const entries = entriesOf(this.views);
    const usable = entries.filter(({ main }) => main.usable);
    const others = entries.filter(({ main }) => !main.usable);
    if (entries.length === 0) {
      return [h('div', { class: 'notice', role: 'status' }, h('div', {}, h('p', {}, this.t('noCertificates')), h('p', { class: 'quiet' }, this.t('noCertificatesHelp')), h('p', {}, h('button', { type: 'button', class: 'plain', onclick: () => this.emit('hefu-refresh') }, this.t('refresh')))))];
    }
    return [
      usable.length > 0
        ? h('fieldset', { key: 'usable' }, h('legend', {}, h('h2', {}, this.t('chooseCertificate'))), h('ul', { class: 'list' }, usable.map((entry) => this.option(entry))))
        : h('div', { key: 'none', class: 'notice warn', role: 'status' }, h('span', { class: 'mark', 'aria-hidden': 'true' }, '!'), h('p', {}, this.t('noneUsable'))),
      others.length > 0 && h('section', { key: 'others', class: 'others' }, h('h3', {}, this.t('notUsableHere', others.length)), h('ul', { class: 'list' }, others.map((entry) => this.refused(entry)))),
    ];
  }

  private option({ main, twin }: Entry): VirtualNode {
    const chosen = main.ref === this.chosen;
    return h('li', { key: main.ref },
      h('label', { class: chosen ? 'option chosen' : 'option', part: chosen ? 'option chosen' : 'option' },
        h('input', { type: 'radio', name: 'certificate', '.checked': chosen, onchange: () => { this.choose(main.ref); this.changed(); this.emit('hefu-select', { ref: main.ref }); } }),
        h('div', { class: 'body' }, this.summary(main, twin))));
  }

  private refused({ main, twin }: Entry): VirtualNode {
    return h('li', { key: main.ref },
      h('div', { class: 'option no', part: 'option refused' },
        h('div', { class: 'body' }, this.summary(main, twin),
          h('div', { class: 'why' }, main.reasons.slice(0, 2).map(({ message, remedy }) => [
            h('p', { class: 'message' }, message[this.language]),
            h('p', {}, this.t('whatToDo'), remedy[this.language]),
          ]).flat()))));
  }

  private summary(view: CertificateView, twin: CertificateView | undefined): VirtualNode {
    const days = Math.floor((view.notAfter - Date.now()) / DAY);
    const life = days < 0 ? this.t('expired') : days === 0 ? this.t('lastDay') : days <= SOON_DAYS ? this.t('daysLeft', days) : this.t('validUntil', dayText(view.notAfter));
    const lifeClass = days < 0 ? 'tag bad' : days <= SOON_DAYS ? 'tag warn' : 'tag';
    const kind = view.use === 'encrypt' ? this.t('encryptionOnly') : twin === undefined ? this.t('signingOnly') : this.t('signingPair');
    return h('div', {},
      h('p', { class: 'holder' }, view.holder),
      h('p', { class: 'facts' },
        view.uscc !== undefined && h('span', {}, view.uscc),
        view.issuer !== '' && h('span', {}, this.t('issuedBy', view.issuer))),
      h('p', { class: 'tags' },
        view.notAfter > 0 && h('span', { class: lifeClass }, life), h('span', { class: 'tag' }, kind),
        view.confirmedBy?.map((factor) => h('span', { class: 'tag' }, this.t(`factor_${factor}`))),
        view.sameKeyAs !== undefined && h('span', { class: 'tag warn' }, this.t('sameKey'))),
      view.regions !== undefined && view.usable && h('p', { class: 'small quiet' }, this.t('countsIn', view.regions.join(this.language === 'zh' ? '、' : ', '))));
  }
}

/** Pairs as CAs issue them (GM/T 0034): an encryption certificate stands beside the signing one of its holder and issuer, and by itself only where there is none. */
function entriesOf(views: readonly CertificateView[]): readonly Entry[] {
  const sameHolder = (a: CertificateView, b: CertificateView): boolean => a.holder === b.holder && a.uscc === b.uscc && a.issuer === b.issuer;
  const signing = views.filter(({ use }) => use !== 'encrypt');
  const encrypting = views.filter(({ use }) => use === 'encrypt');
  const taken = new Set<CertificateView>();
  const entries = signing.map((main): Entry => {
    const twin = encrypting.find((each) => !taken.has(each) && sameHolder(main, each));
    if (twin === undefined) return { main };
    taken.add(twin);
    return { main, twin };
  });
  return [...entries, ...encrypting.filter((each) => !taken.has(each)).map((main) => ({ main }))];
}
