import type { JsonValue } from '../json.js';
import type { Bilingual } from '../refusal.js';
import type { Change, ChangeCode, ChangeSeverity, DocumentDiff, TrustChange } from './model.js';

type Subject = Change['subject'];

/** A value in the one spelling in which equal values are equal: members sorted, `null` members absent. */
export function canonical(value: unknown): string {
  return JSON.stringify(value, (_, each: unknown) => {
    if (typeof each !== 'object' || each === null || Array.isArray(each)) return each;
    return Object.fromEntries(Object.entries(each).filter(([, member]) => member !== null && member !== undefined).sort(([a], [b]) => (a < b ? -1 : 1)));
  }) ?? 'null';
}

export function same(a: unknown, b: unknown): boolean {
  return canonical(a ?? null) === canonical(b ?? null);
}

/** A set of values against another, by their canonical form. */
export function setChanges<T>(before: readonly T[], after: readonly T[]): { readonly added: readonly T[]; readonly removed: readonly T[] } {
  const [old, now] = [new Set(before.map(canonical)), new Set(after.map(canonical))];
  return { added: after.filter((each) => !old.has(canonical(each))), removed: before.filter((each) => !now.has(canonical(each))) };
}

/** Collects changes of one subject. */
export class ChangeLog {
  readonly changes: Change[] = [];

  add(code: ChangeCode, severity: ChangeSeverity, subject: Subject, member: string, sentence: Bilingual, more: { before?: unknown; after?: unknown; trust?: readonly TrustChange[] } = {}): void {
    const { before, after, trust } = more;
    this.changes.push({
      code,
      severity,
      subject,
      member,
      ...(before !== undefined && { before: before as JsonValue }),
      ...(after !== undefined && { after: after as JsonValue }),
      ...(trust !== undefined && { trust }),
      sentence,
    });
  }

  /**
   * Walks the members of two objects. What differs goes to its handler; what has none, or whose handler finds no
   * words for it, is reported all the same: nothing that changes the bytes' meaning stays unsaid.
   */
  members(before: object, after: object, subject: Subject, handlers: Readonly<Record<string, ((member: string) => void) | undefined>>, prefix = ''): void {
    for (const name of new Set([...Object.keys(before), ...Object.keys(after)])) {
      const [old, now] = [memberOf(before, name), memberOf(after, name)];
      if (same(old, now)) continue;
      const count = this.changes.length;
      const handler = Object.hasOwn(handlers, name) ? handlers[name] : undefined;
      // Where readers take an empty array at all, it means what the absent member means.
      if (handler !== undefined && isNothing(old) && isNothing(now)) continue;
      handler?.(prefix + name);
      if (this.changes.length > count) continue;
      this.add('MEMBER_CHANGED', 'dangerous', subject, prefix + name, {
        zh: `成员 ${prefix}${name} 有变化，本版本不了解其含义，请直接比对 JSON。`,
        en: `Member ${prefix}${name} changes in a way this version does not understand: compare the JSON itself.`,
      }, { before: old, after: now });
    }
  }

  diff(type: DocumentDiff['type'], id: string, from: number | undefined, to: number): DocumentDiff {
    const count = (severity: ChangeSeverity): number => this.changes.filter((change) => change.severity === severity).length;
    return { type, id, from, to, changes: this.changes, counts: { dangerous: count('dangerous'), widens: count('widens'), narrows: count('narrows'), neutral: count('neutral') } };
  }
}

function isNothing(value: unknown): boolean {
  return value === undefined || value === null || (Array.isArray(value) && value.length === 0);
}

/** Handlers for members whose change is told by their two values. */
export function tellPlainly(log: ChangeLog, before: object, after: object, subject: Subject): (code: ChangeCode, severity: ChangeSeverity, zh: string, en: string) => (member: string) => void {
  return (code, severity, zh, en) =>
    (member) =>
      log.add(code, severity, subject, member, { zh: `${zh}：${shown(before, member)} → ${shown(after, member)}。`, en: `${en}: ${shown(before, member)} → ${shown(after, member)}.` }, { before: memberOf(before, member), after: memberOf(after, member) });
}

/** A member's value as text; `–` when it is not there. */
export function shown(value: object, member: string): string {
  const held = memberOf(value, member) ?? '–';
  return typeof held === 'string' ? held : canonical(held);
}

export function memberOf(value: object, name: string): unknown {
  return Object.hasOwn(value, name) ? (value as Readonly<Record<string, unknown>>)[name] : undefined;
}

/** Elements of two arrays by a key they are known by. */
export function pair<T>(before: readonly T[], after: readonly T[], key: (value: T) => string): readonly { readonly key: string; readonly before: T | undefined; readonly after: T | undefined }[] {
  const [old, now] = [new Map(before.map((each) => [key(each), each])), new Map(after.map((each) => [key(each), each]))];
  return [...new Set([...old.keys(), ...now.keys()])].map((each) => ({ key: each, before: old.get(each), after: now.get(each) }));
}
