import type { Report } from '@hefu/verify';

// Structured clone takes a fifth of what a verdict does, most of it names of members, which are the same in every report, and texts that the report
// before had too. So a report goes as what differs from one of its form: the place of each leaf that is another, and the leaf. Both sides begin anew with
// each answer, which arrives whole or not at all: nothing that happened to another batch can change what this one is told.

/** A report on its way: whole, and then whether its form is kept, which numbers it; or the number of a form kept, and place and leaf in turn. */
export type PostedReport = { readonly whole: Report; readonly kept: boolean } | readonly [form: number, ...differences: readonly Leaf[]];

type Leaf = string | number | boolean | null | undefined;

/** What reports have in common beside their leaves. */
type Form = typeof LEAF | { readonly names: readonly string[]; readonly members: readonly Form[] } | { readonly items: readonly Form[] };

interface Base {
  readonly form: Form;
  /** Of the last report of this form, in the order of a walk. */
  readonly leaves: Leaf[];
}

const LEAF = 'leaf';
/** Leaves of a form that is remembered; a report on one signer has 150. */
const MAX_LEAVES = 4_096;

/** The side that has the reports of one answer. What it posts is received in the same order. */
export class ReportSender {
  readonly #bases: Base[] = [];
  #last = 0;

  post(report: Report): PostedReport {
    for (let tried = 0; tried < this.#bases.length; tried++) {
      const number = (this.#last + tried) % this.#bases.length;
      const base = this.#bases[number]!;
      const walk = new Walk(base.leaves);
      if (!walk.compare(base.form, report)) continue;
      this.#last = number;
      apply(walk.differences, base);
      return [number, ...walk.differences];
    }
    const base = baseOf(report);
    if (base !== undefined) this.#last = this.#bases.push(base) - 1;
    return { whole: report, kept: base !== undefined };
  }
}

/** The side that reports are sent to: each is an object of its own. */
export class ReportReceiver {
  readonly #bases: Base[] = [];

  receive(posted: PostedReport): Report {
    if ('whole' in posted) {
      if (posted.kept) this.#bases.push(baseOf(posted.whole)!);
      return posted.whole;
    }
    const [number, ...differences] = posted;
    const base = this.#bases[number]!;
    apply(differences, base);
    return new Walk(base.leaves).build(base.form) as Report;
  }
}

/** Undefined for what is more than members, items and leaves, or very many of them: it goes as a clone every time. */
function baseOf(report: Report): Base | undefined {
  const leaves: Leaf[] = [];
  const form = formOf(report, leaves);
  return form && leaves.length <= MAX_LEAVES ? { form, leaves } : undefined;
}

function apply(differences: readonly Leaf[], { leaves }: Base): void {
  for (let at = 0; at < differences.length; at += 2) leaves[differences[at] as number] = differences[at + 1];
}

function formOf(value: unknown, leaves: Leaf[]): Form | undefined {
  if (isLeaf(value)) {
    leaves.push(value);
    return LEAF;
  }
  if (Array.isArray(value)) {
    const items = formsOf(value, leaves);
    return items && { items };
  }
  if (!isRecord(value)) return undefined;
  const names = Object.keys(value);
  // To assign it would change what the copy inherits.
  if (names.includes('__proto__')) return undefined;
  const members = formsOf(Object.values(value), leaves);
  return members && { names, members };
}

function formsOf(values: readonly unknown[], leaves: Leaf[]): readonly Form[] | undefined {
  const forms = values.map((value) => formOf(value, leaves));
  return forms.every((form) => form !== undefined) ? forms : undefined;
}

function isLeaf(value: unknown): value is Leaf {
  return typeof value === 'string' || value === null || value === undefined || typeof value === 'number' || typeof value === 'boolean';
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === Object.prototype;
}

/** Through a report and the leaves of another, in one order. */
class Walk {
  /** Place and leaf in turn. */
  readonly differences: Leaf[] = [];
  readonly #leaves: readonly Leaf[];
  #at = 0;

  constructor(leaves: readonly Leaf[]) {
    this.#leaves = leaves;
  }

  /** @returns false for a value of another form */
  compare(form: Form, value: unknown): boolean {
    if (form === LEAF) {
      if (!isLeaf(value)) return false;
      if (value !== this.#leaves[this.#at]) this.differences.push(this.#at, value);
      this.#at += 1;
      return true;
    }
    if ('items' in form) {
      const { items } = form;
      if (!Array.isArray(value) || value.length !== items.length) return false;
      for (let at = 0; at < items.length; at++) if (!this.compare(items[at]!, value[at])) return false;
      return true;
    }
    if (!isRecord(value)) return false;
    const { names, members } = form;
    let at = 0;
    for (const name in value) {
      if (names[at] !== name || !this.compare(members[at]!, value[name])) return false;
      at += 1;
    }
    return at === names.length;
  }

  build(form: Form): unknown {
    if (form === LEAF) return this.#leaves[this.#at++];
    if ('items' in form) return form.items.map((item) => this.build(item));
    const { names, members } = form;
    const value: Record<string, unknown> = {};
    for (let at = 0; at < names.length; at++) value[names[at]!] = this.build(members[at]!);
    return value;
  }
}
