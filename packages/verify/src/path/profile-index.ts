import type { ExtensionRow, PathProfile, Presence, Role } from './profile.js';

/** The extension rows of a profile as they are asked for. */
export interface ProfileIndex {
  readonly byOid: ReadonlyMap<string, ExtensionRow>;
  /** Those that a certificate of each role must have, in the order of the table. */
  readonly requiredOfLeaf: readonly ExtensionRow[];
  readonly requiredOfCa: readonly ExtensionRow[];
  readonly requiredOfAnchor: readonly ExtensionRow[];
  /** Those with rules about values, in the order of the table. */
  readonly checked: readonly ExtensionRow[];
}

const INDEXES: WeakMap<PathProfile, ProfileIndex> = /* @__PURE__ */ new WeakMap();

/** Worked out once for each profile object. */
export function profileIndex(profile: PathProfile): ProfileIndex {
  let index = INDEXES.get(profile);
  if (index === undefined) INDEXES.set(profile, (index = indexOf(profile.extensions)));
  return index;
}

function indexOf(rows: readonly ExtensionRow[]): ProfileIndex {
  const requiredOf = (role: Role): readonly ExtensionRow[] => rows.filter((row) => presenceIn(row, role) === 'must');
  return {
    // Of two rows the first counts.
    byOid: new Map([...rows].reverse().map((row) => [row.oid, row])),
    requiredOfLeaf: requiredOf('leaf'),
    requiredOfCa: requiredOf('ca'),
    requiredOfAnchor: requiredOf('anchor'),
    checked: rows.filter(({ checks }) => checks !== undefined),
  };
}

/** What a row asks of certificates in this role. */
export function presenceIn(row: ExtensionRow, role: Role): Presence {
  return role === 'leaf' ? row.leaf : role === 'anchor' ? row.anchor ?? row.ca : row.ca;
}

/** What an index says must be there in this role. */
export function requiredIn({ requiredOfLeaf, requiredOfCa, requiredOfAnchor }: ProfileIndex, role: Role): readonly ExtensionRow[] {
  return role === 'leaf' ? requiredOfLeaf : role === 'anchor' ? requiredOfAnchor : requiredOfCa;
}
