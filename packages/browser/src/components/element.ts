import { patch, type Child } from './dom.js';
import { baseSheet, sheetOf } from './style.js';
import { TEXTS, type Text, type TextName } from './texts.js';

export type Lang = 'zh' | 'en';

/** What all elements share: a shadow root with the common style, a language, one rendering per turn. */
export abstract class HefuElement extends HTMLElement {
  static observedAttributes: string[] = ['lang'];
  protected readonly root: ShadowRoot;
  private scheduled = false;

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

  /** Of the nearest `lang`: Chinese unless it says English. */
  protected get language(): Lang {
    const lang = this.closest('[lang]')?.getAttribute('lang') ?? 'zh-CN';
    return /^en\b/i.test(lang) ? 'en' : 'zh';
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
      patch(this.root, this.render());
      this.rendered();
    });
  }

  /** After a rendering. */
  protected rendered(): void {
    // For those who want to move the focus.
  }

  protected emit(type: string, detail?: unknown): void {
    this.dispatchEvent(new CustomEvent(type, { detail, bubbles: true, composed: true }));
  }
}

function fill(text: Text, lang: Lang, values: readonly (string | number)[]): string {
  return text[lang === 'zh' ? 0 : 1].replace(/\{(\d)\}/g, (_, index: string) => String(values[Number(index)] ?? ''));
}
