import { patch, type Child } from './dom.js';
import type { HefuEventDetails } from './events.js';
import { baseSheet, sheetOf } from './style.js';
import { TEXTS, type Text, type TextName } from './texts.js';

export type Lang = 'zh' | 'en';

/** On a server, where pages are rendered before there are elements, these modules load all the same. */
const Base: typeof HTMLElement = globalThis.HTMLElement ?? (class {} as unknown as typeof HTMLElement);

/** What all elements share: a shadow root with the common style, a language, one rendering per turn. */
export abstract class HefuElement extends Base {
  static observedAttributes: string[] = ['lang'];
  protected readonly root: ShadowRoot;
  private scheduled = false;
  /** Whether the focus was in here when the last rendering began. */
  protected hadFocus = false;

  constructor(style: string) {
    super();
    this.root = this.attachShadow({ mode: 'open' });
    this.root.adoptedStyleSheets = [baseSheet(), sheetOf(style)];
  }

  connectedCallback(): void {
    this.changed();
  }

  attributeChangedCallback(_name: string, _old: string | null, _value: string | null): void {
    this.changed();
  }

  /** Of the nearest `lang`, that of the host around a shadow root included: Chinese unless it says English. */
  protected get language(): Lang {
    const around = (from: Element | undefined): string => {
      const found = from?.closest('[lang]')?.getAttribute('lang');
      return found ?? (from === undefined ? '' : around((from.getRootNode() as Partial<ShadowRoot>).host));
    };
    return /^en\b/i.test(around(this)) ? 'en' : 'zh';
  }

  protected t(name: TextName, ...values: readonly (string | number)[]): string {
    return fill(TEXTS[name], this.language, values);
  }

  protected abstract render(): readonly Child[];

  /** Renders in this turn's end; as often as it is called, once. */
  protected changed(): void {
    if (this.scheduled) return;
    this.scheduled = true;
    void Promise.resolve().then(() => {
      this.scheduled = false;
      if (!this.isConnected) return;
      const focused = this.root.activeElement;
      this.hadFocus = focused !== null;
      const at = this.focusable().indexOf(focused as HTMLElement);
      patch(this.root, this.render());
      // What had the focus is gone: whoever works by keyboard goes on where it was.
      if (at >= 0 && this.root.activeElement === null) {
        const left = this.focusable();
        left[Math.min(at, left.length - 1)]?.focus();
      }
      this.rendered();
    });
  }

  /** After a rendering. */
  protected rendered(): void {
    // For those who want to move the focus.
  }

  protected emit<Type extends keyof HefuEventDetails>(type: Type, detail: HefuEventDetails[Type]): void {
    this.dispatchEvent(new CustomEvent(type, { detail, bubbles: true, composed: true }));
  }

  private focusable(): readonly HTMLElement[] {
    return [...this.root.querySelectorAll<HTMLElement>('button:not([disabled]),input,a,summary')];
  }
}

function fill(text: Text, lang: Lang, values: readonly (string | number)[]): string {
  return text[lang === 'zh' ? 0 : 1].replace(/\{(\d)\}/g, (_, index: string) => String(values[Number(index)] ?? ''));
}
