import { HefuElement } from './element.js';

/** An element that counts down, by the server's clock. */
export abstract class TimedElement extends HefuElement {
  private readonly everyMs: number;
  private offset = 0;
  private timer: ReturnType<typeof setInterval> | undefined;

  constructor(style: string, everyMs: number) {
    super(style);
    this.everyMs = everyMs;
  }

  /** Server time minus the clock of this machine, milliseconds. */
  get clockOffset(): number {
    return this.offset;
  }

  set clockOffset(ms: number) {
    this.offset = ms;
    this.changed();
  }

  /** Epoch milliseconds, by the server. */
  protected now(): number {
    return Date.now() + this.offset;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.timer = setInterval(() => this.changed(), this.everyMs);
  }

  disconnectedCallback(): void {
    clearInterval(this.timer);
  }
}
