import { hexOf } from '@hefu/pki';
import type { Bilingual } from '@hefu/verify';
import { copyText } from './copy.js';
import { h, type Child, type VirtualNode } from './dom.js';
import { FormElement } from './form-element.js';
import { octets, spanText } from './format.js';
import { digestFile } from '../digest/digest-file.js';
import { BROWSER_ERRORS } from '../error-texts.js';
import { BrowserError } from '../error.js';

/** How far a file is. */
export interface FileProgress {
  /** Octets. */
  readonly done: number;
  readonly total: number;
  /** Octets per second; absent until known. */
  readonly rate?: number;
  /** Milliseconds; absent until known. */
  readonly remainingMs?: number;
}

/** What `digestFile` of this package resolves with, as far as it is shown. */
export interface DigestedFile {
  readonly name: string;
  readonly size: number;
  readonly lastModified: number;
  readonly digests: readonly { readonly algorithm: string; readonly prefix: Uint8Array; readonly value: Uint8Array }[];
  readonly resumedAt: number;
}

export type FileDigester = (file: File, options: { readonly signal: AbortSignal; readonly onProgress: (progress: FileProgress) => void }) => Promise<DigestedFile>;

/** What went wrong, for a person; errors of this package carry it. */
interface Told {
  readonly code: string;
  readonly message: Bilingual;
  readonly remedy: Bilingual;
}

interface Entry {
  readonly id: number;
  readonly file: File;
  state: 'waiting' | 'reading' | 'done' | 'failed' | 'cancelled';
  progress?: FileProgress;
  result?: DigestedFile;
  told?: Told;
  stop?: AbortController;
}

/** More at once belong into an archive; each is also an item to sign. */
const MAX_FILES = 300;

const STYLE = `
.drop{display:block;padding:1.4rem 1rem;border:2px dashed var(--_quiet);border-radius:var(--_radius);background:var(--_tint);text-align:center;cursor:pointer;transition:border-color .12s}
.drop.over,.drop:hover{border-color:var(--_accent)}
.drop.over{border-style:solid;background:var(--_surface)}
.drop.off{cursor:not-allowed;opacity:.6}
.drop:focus-within{outline:3px solid var(--_accent);outline-offset:2px}
.choose{color:var(--_accent);font-weight:600;text-decoration:underline;text-underline-offset:.2em}
.notice{margin-top:.6rem}
.files>li{padding:.7rem 0}
.files>li+li{border-top:1px solid var(--_line)}
.head{gap:.2rem .8rem}
.name{font-weight:600}
.meta{display:flex;flex-wrap:wrap;gap:0 .8rem;color:var(--_quiet);font-size:.875rem}
progress{margin:.4rem 0}
.digest{display:grid;grid-template-columns:4.5rem minmax(0,1fr) auto;gap:0 .6rem;align-items:center}
@media (max-width:30rem){.digest{grid-template-columns:minmax(0,1fr) auto}.digest .algorithm{grid-column:1/-1}}
`;

/**
 * Files dropped or chosen, digested one after the other where they are, with progress and a way out for each.
 * Form-associated: its value is the digests as JSON (`[{ name, size, digests: { 'SHA-256': hex, … } }]`), and it is
 * invalid until every file is done.
 * @fires hefu-digests `{ files: DigestedFile[], complete: boolean }` on every change
 */
export class HefuFileDigest extends FormElement {
  static override observedAttributes: string[] = ['lang', 'multiple', 'disabled'];
  private entries: readonly Entry[] = [];
  private running = false;
  private over = false;
  private announced = '';
  private copied = '';
  private refusal = '';
  private next = 1;
  /** How a file is digested. Default `digestFile` of this package, which keeps nothing: give it a store for files that outlive a reload. */
  digester: FileDigester = (file, options) => digestFile(file, options);

  constructor() {
    super(STYLE);
  }

  /** Files that are done, in their order. */
  get files(): readonly DigestedFile[] {
    return this.entries.flatMap(({ result }) => (result === undefined ? [] : [result]));
  }

  /** The files themselves, in the same order. */
  get sources(): readonly File[] {
    return this.entries.flatMap(({ result, file }) => (result === undefined ? [] : [file]));
  }

  get complete(): boolean {
    return this.entries.length > 0 && this.entries.every(({ state }) => state === 'done');
  }

  get value(): string {
    return JSON.stringify(this.files.map(({ name, size, digests }) => ({ name, size, digests: Object.fromEntries(digests.filter(({ prefix }) => prefix.length === 0).map(({ algorithm, value }) => [algorithm, hexOf(value)])) })));
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.settle();
  }

  disconnectedCallback(): void {
    for (const entry of this.entries) entry.stop?.abort();
  }

  /** Adds files as if they had been dropped. */
  add(files: Iterable<File>): void {
    const added = [...files];
    const single = !this.hasAttribute('multiple');
    const kept = single ? [] : this.entries;
    if (single) for (const entry of this.entries) entry.stop?.abort();
    const room = (single ? 1 : MAX_FILES) - kept.length;
    this.refusal = added.length > room ? this.t('tooManyFiles', single ? 1 : MAX_FILES) : '';
    // The same file chosen again is the same file.
    const isKnown = (file: File): boolean => kept.some((entry) => entry.file.name === file.name && entry.file.size === file.size && entry.file.lastModified === file.lastModified && (entry.state === 'waiting' || entry.state === 'reading' || entry.state === 'done'));
    this.entries = [...kept, ...added.slice(0, room).filter((file) => !isKnown(file)).map((file): Entry => ({ id: this.next++, file, state: 'waiting' }))];
    this.settle();
    void this.run();
  }

  clear(): void {
    for (const entry of this.entries) entry.stop?.abort();
    this.entries = [];
    this.settle();
  }

  formResetCallback(): void {
    this.clear();
  }

  private async run(): Promise<void> {
    if (this.running) return;
    this.running = true;
    try {
      for (;;) {
        const entry = this.entries.find(({ state }) => state === 'waiting');
        if (entry === undefined) return;
        await this.digest(entry);
      }
    } finally {
      this.running = false;
    }
  }

  private async digest(entry: Entry): Promise<void> {
    const stop = new AbortController();
    Object.assign(entry, { state: 'reading', stop, progress: undefined, told: undefined });
    this.changed();
    try {
      const result = await this.digester(entry.file, { signal: stop.signal, onProgress: (progress) => { entry.progress = progress; this.changed(); } });
      Object.assign(entry, { state: 'done', result });
      this.announced = `${entry.file.name}: ${this.t('digestDone')}`;
    } catch (error) {
      if (!stop.signal.aborted) {
        Object.assign(entry, { state: 'failed', told: toldOf(error) });
        this.announced = `${entry.file.name}: ${entry.told?.message[this.language] ?? ''}`;
      } else {
        entry.state = 'cancelled';
        this.announced = `${entry.file.name}: ${this.t('digestCancelled')}`;
      }
    } finally {
      delete entry.stop;
      this.settle();
    }
  }

  private drop(entry: Entry): void {
    entry.stop?.abort();
    if (entry.state !== 'reading') this.entries = this.entries.filter((each) => each !== entry);
    this.settle();
  }

  private retry(entry: Entry): void {
    entry.state = 'waiting';
    this.settle();
    void this.run();
  }

  /** Tells form and page where it stands. */
  private settle(): void {
    this.internals.setFormValue(this.files.length === 0 ? null : this.value);
    if (this.complete) this.internals.setValidity({});
    else this.internals.setValidity({ valueMissing: true }, this.t('requiredFiles'), this.root.querySelector('input') ?? undefined);
    this.changed();
    this.emit('hefu-digests', { files: this.files, complete: this.complete });
  }

  protected override render(): readonly Child[] {
    const { disabled } = this;
    const drop = (event: Event): void => {
      event.preventDefault();
      this.over = false;
      if (!disabled) this.add((event as DragEvent).dataTransfer?.files ?? []);
    };
    const hover = (over: boolean) => (event: Event): void => {
      event.preventDefault();
      if (this.over === over || disabled) return;
      this.over = over;
      this.changed();
    };
    return [
      h('label', { key: 'drop', class: disabled ? 'drop off' : this.over ? 'drop over' : 'drop', part: 'drop', ondragover: hover(true), ondragleave: hover(false), ondrop: drop },
        h('input', { class: 'hidden', type: 'file', multiple: this.hasAttribute('multiple'), disabled, onchange: (event: Event) => { const input = event.target as HTMLInputElement; this.add(input.files ?? []); input.value = ''; } }),
        h('p', {}, this.over ? this.t('dropNow') : [this.t('dropFiles'), h('span', { class: 'choose' }, this.t('chooseFiles'))]),
        h('p', { class: 'small quiet' }, this.t('filesStayHere'))),
      this.refusal !== '' && h('p', { key: 'refusal', class: 'notice warn', role: 'alert' }, this.refusal),
      this.entries.length > 0 && h('ul', { key: 'files', class: 'files' }, this.entries.map((entry) => this.entry(entry))),
      this.complete && this.entries.length > 1 && h('p', { key: 'total', class: 'quiet small' }, this.t('allDigested', this.entries.length, octets(this.entries.reduce((sum, { file }) => sum + file.size, 0)))),
      h('p', { key: 'live', class: 'hidden', role: 'status' }, this.announced),
    ];
  }

  private entry(entry: Entry): VirtualNode {
    const { id, file, state, progress, result, told } = entry;
    const { disabled } = this;
    const reading = state === 'reading';
    const share = progress === undefined || progress.total === 0 ? 0 : Math.min(1, progress.done / progress.total);
    const twin = result === undefined ? undefined : this.entries.find((other) => other.id < id && other.result !== undefined && sameDigests(other.result, result));
    return h('li', { key: id, part: `file ${state}` },
      h('div', { class: 'head row' },
        h('div', {},
          h('p', { class: 'name' }, file.name),
          h('p', { class: 'meta time' },
            h('span', {}, file.size === 0 ? this.t('emptyFile') : octets(file.size)),
            state === 'waiting' && h('span', {}, this.t('waiting')),
            reading && h('span', {}, `${this.t('reading')} ${Math.floor(share * 100)}%`),
            reading && progress?.rate !== undefined && h('span', {}, this.t('rate', octets(progress.rate))),
            reading && progress?.remainingMs !== undefined && h('span', {}, this.t('timeLeft', spanText(progress.remainingMs, this.language))),
            state === 'done' && h('span', { class: 'good kind' }, `✓ ${this.t('digestDone')}`),
            state === 'cancelled' && h('span', { class: 'warn kind' }, this.t('digestCancelled')),
            result !== undefined && result.resumedAt > 0 && h('span', {}, this.t('resumedFrom', octets(result.resumedAt))),
            twin !== undefined && h('span', {}, this.t('duplicate', twin.file.name)))),
        !disabled && h('span', { class: 'row' },
          (state === 'failed' || state === 'cancelled') && h('button', { type: 'button', 'aria-label': this.t('againFile', file.name), onclick: () => this.retry(entry) }, this.t('again')),
          h('button', { type: 'button', class: 'plain', 'aria-label': reading ? this.t('cancelFile', file.name) : this.t('removeFile', file.name), onclick: () => this.drop(entry) }, reading ? this.t('cancel') : this.t('remove')))),
      reading && h('progress', { value: share, 'aria-label': this.t('fileProgress', file.name) }),
      told !== undefined && state === 'failed' && h('div', { class: 'notice bad' }, h('p', { class: 'kind' }, told.message[this.language]), h('p', {}, this.t('whatToDo'), told.remedy[this.language])),
      result !== undefined && h('details', {}, h('summary', {}, this.t('showDigests')), result.digests.filter(({ prefix }) => prefix.length === 0).map(({ algorithm, value }) => {
        const hex = hexOf(value);
        return h('div', { class: 'digest', key: algorithm }, h('span', { class: 'algorithm quiet small' }, algorithm), h('span', { class: 'code' }, hex), h('button', { type: 'button', class: 'plain', 'aria-label': `${this.t('copy')} ${algorithm}`, onclick: () => void copyText(hex).then((done) => { this.copied = done ? hex : ''; this.changed(); }) }, this.copied === hex ? this.t('copied') : this.t('copy')));
      })));
  }
}

function sameDigests(a: DigestedFile, b: DigestedFile): boolean {
  return a.size === b.size && a.digests.every(({ value }, index) => hexOf(value) === hexOf(b.digests[index]?.value ?? new Uint8Array(0)));
}

/** Errors of this package carry their texts; what else is thrown is a file that cannot be read. */
function toldOf(error: unknown): Told {
  const { code, texts } = error instanceof BrowserError ? error : { code: 'FILE_UNREADABLE' as const, texts: BROWSER_ERRORS.FILE_UNREADABLE };
  return { code, ...texts };
}
