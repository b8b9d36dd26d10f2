import { HefuElement } from './element.js';

/** An element that is a field of a form: has a name and a value, can be disabled, and can be invalid. */
export abstract class FormElement extends HefuElement {
  static formAssociated: boolean = true;
  protected readonly internals: ElementInternals = this.attachInternals();

  get form(): HTMLFormElement | null {
    return this.internals.form;
  }

  get validity(): ValidityState {
    return this.internals.validity;
  }

  get validationMessage(): string {
    return this.internals.validationMessage;
  }

  /** Whether what is chosen here can be sent; fires `invalid` where not. */
  checkValidity(): boolean {
    return this.internals.checkValidity();
  }

  /** The same, and shows the person what is missing. */
  reportValidity(): boolean {
    return this.internals.reportValidity();
  }

  /** What is chosen, or the first there is to choose. Not `delegatesFocus`: that would move the focus at a click on any text. */
  override focus(options?: FocusOptions): void {
    this.root.querySelector<HTMLElement>('input:checked,input,button')?.focus(options);
  }

  formDisabledCallback(): void {
    this.changed();
  }

  protected get disabled(): boolean {
    return this.matches(':disabled');
  }
}
