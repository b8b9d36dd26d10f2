import { note, type UpdateNote } from '../note.js';
import { instantText } from '../open-document.js';
import { QUORUM_CODES } from '../quorum.js';
import { refuse, type Refusal, type RefusalDetails } from '../refuse.js';
import type { Codec, Delegator, Expiring, Held, HeldPointer, Pin, Taken, Waiting } from './codec.js';

/** The document that an update cannot go on without. */
export interface Want {
  readonly kind: 'root' | 'pointer' | 'list';
  readonly name: string;
  /** Undefined where the latest is wanted. */
  readonly version?: number;
  /** Octets it must have, and must not go beyond. */
  readonly length?: number;
  readonly digest?: string;
  readonly maxBytes: number;
}

/** A list with the delegator under which it was verified. */
export interface HeldList<R, L> {
  readonly held: Held<L>;
  readonly delegator: Delegator<R, L>;
}

/** What is in hand. Files that were only stored are candidates: verified under the root of the end, else passed over. */
export interface InHand<R, P, L> {
  /** From the first trusted one to the current. */
  readonly roots: readonly Held<R>[];
  readonly pointers: ReadonlyMap<string, HeldPointer<P> | Uint8Array>;
  readonly lists: ReadonlyMap<string, HeldList<R, L> | Uint8Array>;
  /** Latest `issued` of anything accepted so far. */
  readonly highWater: number;
}

export interface Finished<R, P, L> {
  /** Why there is nothing new to use; what was in hand stays in use. */
  readonly failure?: Refusal;
  readonly roots: readonly Held<R>[];
  readonly pointers: ReadonlyMap<string, HeldPointer<P>>;
  readonly lists: ReadonlyMap<string, HeldList<R, L>>;
  /** Lists that could not be had, with why. */
  readonly missing: ReadonlyMap<string, Refusal>;
  /** Earlier versions of lists that are missing: what their next version is held to. */
  readonly retained: ReadonlyMap<string, HeldList<R, L>>;
  readonly highWater: number;
}

/** One update under way: an immutable value, replaced by {@link offer} and {@link pass}. */
export interface Update<R, P, L> {
  readonly codec: Codec<R, P, L>;
  /** Now: one instant for the whole update (rule R7). */
  readonly at: number;
  readonly inHand: InHand<R, P, L>;
  readonly want: Want | undefined;
  /** Why the last file offered was refused; the document is still wanted. */
  readonly refusal: Refusal | undefined;
  readonly finished: Finished<R, P, L> | undefined;
  readonly notes: readonly UpdateNote[];
  readonly refusals: readonly { readonly want: Want; readonly refusal: Refusal }[];
  readonly roots: readonly Held<R>[];
  readonly pointers: ReadonlyMap<string, HeldPointer<P>>;
  /** Pointers that new ones are held to. */
  readonly baselines: ReadonlyMap<string, HeldPointer<P>>;
  /** Whether pointers in hand were dropped because keys were rotated (rule R6, fast-forward recovery). */
  readonly dropped: boolean;
  readonly lists: ReadonlyMap<string, HeldList<R, L>>;
  readonly missing: ReadonlyMap<string, Refusal>;
  readonly retained: ReadonlyMap<string, HeldList<R, L>>;
  readonly queue: readonly Waiting<R, L>[];
  /** The list wanted, and the one in hand that it is held to. */
  readonly entry: (Waiting<R, L> & { readonly current: HeldList<R, L> | undefined }) | undefined;
}

/** Begins an update. It says what it wants in `want`; once `finished` is there it wants nothing more. */
export async function begin<R, P, L>(codec: Codec<R, P, L>, inHand: InHand<R, P, L>, options: { readonly at: number; readonly clockSkew: number }): Promise<Update<R, P, L>> {
  const { at, clockSkew } = options;
  const update: Update<R, P, L> = {
    codec, at, inHand, want: undefined, refusal: undefined, finished: undefined, notes: [], refusals: [], roots: inHand.roots, pointers: new Map(), baselines: new Map(), dropped: false,
    lists: new Map(), missing: new Map(), retained: new Map(), queue: [], entry: undefined,
  };
  if (at < inHand.highWater - clockSkew) return fail(update, refuse('CLOCK_BEHIND', { expected: `≥ ${instantText(inHand.highWater)}`, actual: instantText(at) }));
  return wantRoot(update);
}

/**
 * Takes a file for the document wanted. When it is refused the update stays where it was, with `refusal` set:
 * another mirror's file may be offered, or the document passed.
 */
export async function offer<R, P, L>(update: Update<R, P, L>, bytes: Uint8Array): Promise<Update<R, P, L>> {
  const { want } = update;
  if (want === undefined) throw new TypeError('this update wants nothing');
  const sized = checkSize(want, bytes);
  if (sized !== undefined) return refused(update, sized);
  switch (want.kind) {
    case 'root':
      return offerRoot(update, bytes);
    case 'pointer':
      return offerPointer(update, want, bytes);
    default:
      return offerList(update, want, bytes);
  }
}

/**
 * Says that the document wanted is not to be had. After a refusal that is why; otherwise, a root that does not
 * exist ends the chain of roots, and anything else, or `unreachable`, is a failure.
 */
export async function pass<R, P, L>(update: Update<R, P, L>, options: { readonly unreachable?: boolean } = {}): Promise<Update<R, P, L>> {
  const { want, refusal } = update;
  if (want === undefined) throw new TypeError('this update wants nothing');
  if (want.kind === 'root' && refusal === undefined && options.unreachable !== true) return endOfRoots(update);
  const why = refusal ?? refuse('TL_NOT_FETCHED', { actual: `${want.name}${want.version === undefined ? '' : ` ${want.version}`}` });
  return want.kind === 'list' ? giveUpList(update, why) : fail(update, why);
}

function checkSize(want: Want, bytes: Uint8Array): Refusal | undefined {
  if (bytes.length > want.maxBytes) return refuse('TL_TOO_LARGE', { expected: `≤ ${want.maxBytes} octets`, actual: `${bytes.length}` });
  if (want.length !== undefined && bytes.length !== want.length) return refuse('TL_NOT_AS_LISTED', { expected: `${want.length} octets`, actual: `${bytes.length}` });
  return undefined;
}

function rootOf<R>(update: { readonly roots: readonly Held<R>[] }): Held<R> {
  return update.roots.at(-1)!;
}

function refused<R, P, L>(update: Update<R, P, L>, refusal: Refusal, notes: readonly UpdateNote[] = []): Update<R, P, L> {
  return { ...update, refusal, notes: [...update.notes, ...notes], refusals: [...update.refusals, { want: update.want!, refusal }] };
}

function fail<R, P, L>(update: Update<R, P, L>, failure: Refusal): Update<R, P, L> {
  return finish(update, failure);
}

function finish<R, P, L>(update: Update<R, P, L>, failure?: Refusal): Update<R, P, L> {
  const { roots, pointers, lists, missing, retained, inHand } = update;
  const issued = [...roots, ...pointers.values(), ...[...lists.values()].map(({ held }) => held)].map((held) => held.issued ?? -Infinity);
  const highWater = Math.max(inHand.highWater, ...issued);
  return { ...update, want: undefined, refusal: undefined, finished: { ...(failure && { failure }), roots, pointers, lists, missing, retained, highWater } };
}

// Roots (rule R1).

function wantRoot<R, P, L>(update: Update<R, P, L>): Update<R, P, L> | Promise<Update<R, P, L>> {
  const { codec, roots, inHand } = update;
  const { value, version } = rootOf(update);
  const limits = codec.limits(value);
  if (roots.length - inHand.roots.length >= limits.maxRootSteps) return endOfRoots(update);
  return { ...update, refusal: undefined, want: { kind: 'root', name: 'root', version: version + 1, maxBytes: limits.maxRootBytes } };
}

async function offerRoot<R, P, L>(update: Update<R, P, L>, bytes: Uint8Array): Promise<Update<R, P, L>> {
  const current = rootOf(update);
  const taken = await update.codec.takeRoot(bytes, current);
  if (taken.refusal !== undefined) return refused(update, taken.refusal, taken.notes);
  const { held, notes } = taken;
  if (held.version <= current.version) return refused(update, refuse('TL_ROLLBACK', { expected: `${current.version + 1}`, actual: `${held.version}` }), notes);
  if (held.version !== current.version + 1) return refused(update, refuse('TL_ROOT_SKIPPED', { expected: `${current.version + 1}`, actual: `${held.version}` }), notes);
  return wantRoot({ ...update, roots: [...update.roots, held], notes: [...update.notes, ...notes] });
}

async function endOfRoots<R, P, L>(update: Update<R, P, L>): Promise<Update<R, P, L>> {
  const root = rootOf(update);
  // Those on the way may have expired: they only hand on to the next.
  if (isRefusedExpired(update, 'root', root)) return fail(update, refuse('TL_ROOT_EXPIRED', expiry(update, root)));
  return wantPointer({ ...update, ...(await pointerBaselines(update, root)) }, 0);
}

function isRefusedExpired<T>(update: { readonly codec: { readonly refusesExpired: readonly Expiring[] }; readonly at: number }, kind: Expiring, held: Held<T>): boolean {
  return update.at >= held.expires && update.codec.refusesExpired.includes(kind);
}

function expiry(update: { readonly at: number }, held: { readonly expires: number }): RefusalDetails {
  return { expected: `> ${instantText(update.at)}`, actual: instantText(held.expires) };
}

// Pointers (rule R6).

/** The pointers in hand that new ones are held to: all signed by keys that still may, and none when such a key was just taken away. */
async function pointerBaselines<R, P, L>(update: Update<R, P, L>, root: Held<R>): Promise<{ readonly baselines: ReadonlyMap<string, HeldPointer<P>>; readonly dropped: boolean }> {
  const { codec, inHand } = update;
  const steps = update.roots.slice(inHand.roots.length - 1);
  // Step by step: a key taken away and given back was taken away.
  if (steps.some((step, index) => index > 0 && codec.rotated(steps[index - 1]!.value, step.value))) return { baselines: new Map(), dropped: true };
  const baselines = new Map<string, HeldPointer<P>>();
  for (const name of codec.pointers) {
    const stored = inHand.pointers.get(name);
    if (stored === undefined) continue;
    const isVerified = !(stored instanceof Uint8Array);
    const held = isVerified && steps.length === 1 ? stored : heldOf(await codec.takePointer(name, isVerified ? stored.bytes : stored, root.value, undefined));
    if (held !== undefined) baselines.set(name, held);
  }
  return { baselines, dropped: false };
}

function heldOf<H>(taken: Taken<H>): H | undefined {
  return taken.refusal === undefined ? taken.held : undefined;
}

function pinOf<R, P, L>(update: Update<R, P, L>, index: number): Pin | undefined {
  const { codec, pointers } = update;
  return index === 0 ? undefined : pointers.get(codec.pointers[index - 1]!)!.pins.get(codec.pointers[index]!);
}

async function wantPointer<R, P, L>(update: Update<R, P, L>, index: number): Promise<Update<R, P, L>> {
  const { codec, baselines } = update;
  const name = codec.pointers[index];
  const root = rootOf(update).value;
  if (name === undefined) {
    const top = codec.top(root);
    return nextList({ ...update, queue: [{ name: top, delegator: { root }, path: [] }] });
  }
  const pin = pinOf(update, index);
  if (index > 0 && pin === undefined) return fail(update, refuse('TL_NOT_LISTED', { actual: name }));
  const held = baselines.get(name);
  if (pin !== undefined && held !== undefined && isPinned(pin, held) && !isRefusedExpired(update, 'pointer', held)) {
    return wantPointer({ ...update, pointers: new Map(update.pointers).set(name, held) }, index + 1);
  }
  return { ...update, refusal: undefined, want: { kind: 'pointer', name, ...pin, maxBytes: codec.limits(root).maxPointerBytes } };
}

function isPinned<T>(pin: Pin, held: Held<T>): boolean {
  return held.version === pin.version && (pin.digest === undefined || pin.digest === held.digest);
}

async function offerPointer<R, P, L>(update: Update<R, P, L>, want: Want, bytes: Uint8Array): Promise<Update<R, P, L>> {
  const { codec, baselines } = update;
  const index = codec.pointers.indexOf(want.name);
  const taken = await codec.takePointer(want.name, bytes, rootOf(update).value, pinOf(update, index));
  if (taken.refusal !== undefined) return refused(update, taken.refusal, taken.notes);
  const before = baselines.get(want.name);
  const refusal = checkPointer(update, want, taken.held, before);
  if (refusal !== undefined) return refused(update, refusal, taken.notes);
  // Of one version, the one in hand.
  const held = before !== undefined && before.version === taken.held.version ? before : taken.held;
  if (isRefusedExpired(update, 'pointer', held)) return refused(update, refuse('TL_EXPIRED', expiry(update, held)), taken.notes);
  return wantPointer({ ...update, pointers: new Map(update.pointers).set(want.name, held), notes: [...update.notes, ...taken.notes] }, index + 1);
}

function checkPointer<R, P, L>(update: Update<R, P, L>, want: Want, held: HeldPointer<P>, before: HeldPointer<P> | undefined): Refusal | undefined {
  const root = rootOf(update);
  if (want.version !== undefined && held.version !== want.version) return refuse('TL_NOT_AS_LISTED', { expected: `${want.name} ${want.version}`, actual: `${held.version}` });
  if (held.root !== undefined && held.root > root.version) return refuse('TL_ROOT_HIDDEN', { expected: `root ${held.root}`, actual: `${root.version}` });
  if (before === undefined) return undefined;
  const evidence = [before.bytes, held.bytes];
  if (held.version < before.version) return refuse('TL_ROLLBACK', { expected: `≥ ${before.version}`, actual: `${held.version}` });
  if (held.version === before.version) {
    if (held.digest === before.digest || update.codec.equivocation === 'ignore') return undefined;
    return refuse('TL_EQUIVOCATION', { expected: before.digest, actual: held.digest, evidence });
  }
  for (const [name, pin] of before.pins) {
    const now = held.pins.get(name);
    if (now === undefined) return refuse('TL_ENTRY_DISAPPEARED', { expected: `${name} ${pin.version}`, actual: 'none', evidence });
    if (now.version < pin.version) return refuse('TL_ROLLBACK', { expected: `${name} ≥ ${pin.version}`, actual: `${now.version}`, evidence });
    if (now.version === pin.version && now.digest !== pin.digest && update.codec.equivocation === 'refuse') return refuse('TL_EQUIVOCATION', { expected: `${name} ${pin.digest}`, actual: `${now.digest}`, evidence });
  }
  return undefined;
}

// Lists (rules R3 to R5 are the codec's, by the list in hand).

async function nextList<R, P, L>(update: Update<R, P, L>): Promise<Update<R, P, L>> {
  const [next, ...queue] = update.queue;
  if (next === undefined) return finish(update);
  const { codec, lists, missing, inHand } = update;
  const { name, path } = next;
  const here = { ...update, queue, entry: { ...next, current: undefined } };
  if (lists.has(name) || missing.has(name)) {
    return nextList({ ...here, notes: [...update.notes, note('TL_DELEGATED_TWICE', `名单 ${name} 被重复授权，以先到者为准。`, `List ${name} is delegated to more than once; the first delegation holds.`)] });
  }
  const { maxDepth, maxLists, maxListBytes } = codec.limits(rootOf(update).value);
  if (path.length > maxDepth) return giveUpList(here, refuse('TL_TOO_DEEP', { expected: `≤ ${maxDepth}`, actual: [...path, name].join(' → ') }));
  if (lists.size + missing.size >= maxLists) return giveUpList(here, refuse('TL_TOO_MANY_LISTS', { expected: `≤ ${maxLists}`, actual: name }));
  const pin = update.pointers.get(codec.pointers.at(-1)!)!.pins.get(name);
  if (pin === undefined) return giveUpList(here, refuse('TL_NOT_LISTED', { actual: name }));

  const { current, notes } = await reverify(codec, next, rootOf(update).value, inHand.lists.get(name));
  const state = { ...here, entry: { ...next, current }, notes: [...update.notes, ...notes] };
  if (current !== undefined && isUnder(current, next) && isPinned(pin, current.held) && !isRefusedExpired(update, 'list', current.held)) return takeIn(state, next, current.held, (refusal) => giveUpList(state, refusal));
  return { ...state, refusal: undefined, want: { kind: 'list', name, ...pin, maxBytes: maxListBytes } };
}

/** The list in hand, when those who must sign it now have signed it: verified again unless its delegator is the very same. */
async function reverify<R, P, L>(
  codec: Codec<R, P, L>, { name, delegator }: Waiting<R, L>, root: R, stored: HeldList<R, L> | Uint8Array | undefined,
): Promise<{ readonly current: HeldList<R, L> | undefined; readonly notes: readonly UpdateNote[] }> {
  if (stored === undefined) return { current: undefined, notes: [] };
  const isVerified = !(stored instanceof Uint8Array);
  if (isVerified && isUnder(stored, { delegator })) return { current: stored, notes: [] };
  const taken = await codec.takeList(name, isVerified ? stored.held.bytes : stored, { delegator, root, current: undefined, pin: undefined });
  if (taken.refusal === undefined) return { current: { held: taken.held, delegator }, notes: [] };
  const lost = note('TL_BASELINE_LOST', `手中的名单 ${name} 不再满足要求（${taken.refusal.code}），新名单未与它比对。`, `List ${name} in hand no longer satisfies what is asked of it (${taken.refusal.code}); the new one is not held to it.`);
  // Narrower terms make it no longer fit for use, yet its history stands; other signers make it nobody's word.
  return isVerified && !QUORUM_CODES.has(taken.refusal.code) ? { current: stored, notes: [] } : { current: undefined, notes: [lost] };
}

function isUnder<R, L>(list: HeldList<R, L>, { delegator }: { readonly delegator: Delegator<R, L> }): boolean {
  return list.delegator.root === delegator.root && list.delegator.list === delegator.list;
}

async function offerList<R, P, L>(update: Update<R, P, L>, want: Want, bytes: Uint8Array): Promise<Update<R, P, L>> {
  const { codec, pointers, entry } = update;
  const pin = pointers.get(codec.pointers.at(-1)!)!.pins.get(want.name)!;
  const taken = await codec.takeList(want.name, bytes, { delegator: entry!.delegator, root: rootOf(update).value, current: entry!.current?.held.value, pin });
  if (taken.refusal !== undefined) return refused(update, taken.refusal, taken.notes);
  const { held, notes } = taken;
  if (!isPinned(pin, held)) return refused(update, refuse('TL_NOT_AS_LISTED', { expected: `${pin.version} ${pin.digest ?? ''}`, actual: `${held.version} ${held.digest}` }), notes);
  if (isRefusedExpired(update, 'list', held)) return refused(update, refuse('TL_EXPIRED', expiry(update, held)), notes);
  return takeIn({ ...update, notes: [...update.notes, ...notes] }, entry!, held, (refusal) => refused(update, refusal));
}

function takeIn<R, P, L>(
  update: Update<R, P, L>, { name, delegator, path }: Waiting<R, L>, held: Held<L>, otherwise: (refusal: Refusal) => Update<R, P, L> | Promise<Update<R, P, L>>,
): Update<R, P, L> | Promise<Update<R, P, L>> {
  const { codec, queue, lists } = update;
  const below = [...path, name];
  const children = codec.children(held.value);
  const circle = codec.cycles === 'refuse' ? children.find((child) => below.includes(child)) : undefined;
  if (circle !== undefined) return otherwise(refuse('TL_DELEGATION_CYCLE', { actual: [...below, circle].join(' → ') }));
  const waiting = children.map((child): Waiting<R, L> => ({ name: child, delegator: { list: held.value }, path: below }));
  return nextList({ ...update, want: undefined, refusal: undefined, entry: undefined, lists: new Map(lists).set(name, { held, delegator }), queue: codec.order(held.value, waiting, queue) });
}

/** Without its top list an update is nothing; without another it goes on, and says so. */
function giveUpList<R, P, L>(update: Update<R, P, L>, why: Refusal): Update<R, P, L> | Promise<Update<R, P, L>> {
  const { entry, inHand, missing, retained } = update;
  const { name, path, current } = entry!;
  if (path.length === 0) return fail(update, why);
  const stored = inHand.lists.get(name);
  const kept = current ?? (stored instanceof Uint8Array ? undefined : stored);
  return nextList({
    ...update, want: undefined, refusal: undefined, entry: undefined, missing: new Map(missing).set(name, why), retained: kept === undefined ? retained : new Map(retained).set(name, kept),
  });
}
