import type { CertificateView } from './certificate-view.js';
import { h, type Child, type VirtualNode } from './dom.js';
import { FormElement } from './form-element.js';
import { dayText } from './format.js';

const STYLE = `
li+li{margin-top:.6rem}
.option{display:flex;gap:.8rem;padding:min(.9rem,4vw);border:1px solid var(--_line);border-radius:var(--_radius);background:var(--_surface);cursor:pointer}
label.option:hover{border-color:var(--_accent)}
.option.chosen{border-color:var(--_accent);box-shadow:inset 0 0 0 1px var(--_accent)}
.option.no{cursor:auto;border-style:dashed}
fieldset:disabled .option{cursor:not-allowed;opacity:.6}
input{flex:none;width:1.25rem;height:1.25rem;margin:.2rem 0 0;accent-color:var(--_accent)}
.body{flex:1;min-width:0}
.holder,.message{font-weight:600}
.facts{display:flex;flex-wrap:wrap;gap:0 .9rem;color:var(--_quiet);font-size:.875rem}
.tags{margin:.35rem 0}
.why{margin-top:.5rem}
fieldset{border:0;margin:0;padding:0;min-width:0}
legend{padding:0;margin-bottom:.7rem}
.others{margin-top:1.2rem}
.others h3{margin-bottom:.5rem}
.empty>*+*{margin-top:.3rem}
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
 * Form-associated: its value is the chosen `ref`; `required` makes it invalid without one.
 * @fires hefu-select `{ ref }`
 * @fires hefu-refresh when the list is to be read again
 */
export class HefuCertificatePicker extends FormElement {
  static override observedAttributes: string[] = ['lang', 'value', 'required'];
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
    if (name === 'required') this.choose(this.chosen);
    super.attributeChangedCallback(name, old, value);
  }

  formResetCallback(): void {
    this.value = this.getAttribute('value') ?? '';
  }

  private choose(ref: string | undefined): void {
    this.chosen = ref;
    this.internals.setFormValue(ref ?? null);
    this.validate();
  }

  /** With where a form that is sent too early moves the focus to. */
  private validate(): void {
    if (this.chosen !== undefined || !this.hasAttribute('required')) this.internals.setValidity({});
    else this.internals.setValidity({ valueMissing: true }, this.t('requiredCertificate'), this.root.querySelector('input') ?? undefined);
  }

  protected override rendered(): void {
    this.validate();
  }

  protected override render(): readonly Child[] {
    const entries = entriesOf(this.views);
    const usable = entries.filter(({ main }) => main.usable);
    const others = entries.filter(({ main }) => !main.usable);
    return [
      entries.length === 0 && h('div', { key: 'empty', class: 'notice empty' }, h('h2', {}, this.t('noCertificates')), h('p', {}, this.t('noCertificatesHelp'))),
      usable.length > 0
        ? h('fieldset', { key: 'usable', disabled: this.disabled }, h('legend', {}, h('h2', {}, this.t('chooseCertificate'))), h('ul', {}, usable.map((entry) => this.option(entry))))
        : entries.length > 0 && h('h2', { key: 'none', class: 'notice warn' }, this.t('noneUsable')),
      others.length > 0 && h('section', { key: 'others', class: 'others' }, h('h3', {}, this.t('notUsableHere', others.length)), h('ul', {}, others.map((entry) => this.refused(entry)))),
      // What was bought, renewed or unlocked elsewhere meanwhile is there only after asking again.
      usable.length === 0 && h('p', { key: 'refresh', class: 'others' }, h('button', { type: 'button', class: 'primary', onclick: () => this.emit('hefu-refresh', undefined) }, this.t('refresh'))),
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
            h('p', { class: 'message bad kind' }, message[this.language]),
            h('p', {}, this.t('whatToDo'), remedy[this.language]),
          ]).flat()))));
  }

  private summary(view: CertificateView, twin: CertificateView | undefined): VirtualNode {
    const days = Math.floor((view.notAfter - Date.now()) / DAY);
    const life = days < 0 ? this.t('expired') : days === 0 ? this.t('lastDay') : days <= SOON_DAYS ? this.t('daysLeft', days) : this.t('validUntil', dayText(view.notAfter));
    const kind = view.use === 'encrypt' ? this.t('encryptionOnly') : twin === undefined ? this.t('signingOnly') : this.t('signingPair');
    const list = (names: readonly string[]): string => names.join(this.language === 'zh' ? '、' : ', ');
    return h('div', {},
      h('p', { class: 'holder' }, view.holder),
      h('p', { class: 'facts' }, view.uscc !== undefined && h('span', {}, view.uscc), view.issuer !== '' && h('span', {}, this.t('issuedBy', view.issuer))),
      h('p', { class: 'tags' },
        view.notAfter > 0 && h('span', { class: `tag ${days < 0 ? 'bad' : days <= SOON_DAYS ? 'warn' : ''}` }, life), h('span', { class: 'tag' }, kind),
        view.sameKeyAs !== undefined && h('span', { class: 'tag warn' }, this.t('sameKey'))),
      view.usable && h('p', { class: 'facts' },
        view.confirmedBy !== undefined && h('span', {}, this.t('confirmedBy', view.confirmedBy.map((factor) => this.t(`factor_${factor}`)).join(' + '))),
        view.regions !== undefined && h('span', {}, this.t('countsIn', list(view.regions)))));
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
