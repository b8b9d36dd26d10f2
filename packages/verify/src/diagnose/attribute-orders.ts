import { concatBytes, DerReader, PkiError, setOf, Tag } from '@hefu/pki';

/** More attributes than this are tried in their DER order only: 5! orders are 120 verifications. */
const MAX_PERMUTED = 5;

/** The same SET OF attributes in other orders, DER's first. */
export function* attributeOrders(set: Uint8Array): Generator<Uint8Array> {
  const attributes = elementsOf(set);
  if (attributes === undefined || attributes.length < 2) return;
  yield setOf(...attributes);
  if (attributes.length > MAX_PERMUTED) return;
  const header = set.subarray(0, set.length - attributes.reduce((sum, { length }) => sum + length, 0));
  let first = true;
  for (const order of permutations(attributes)) {
    // The order found is known to be wrong.
    if (!first) yield concatBytes(header, ...order);
    first = false;
  }
}

function elementsOf(set: Uint8Array): readonly Uint8Array[] | undefined {
  try {
    const inner = new DerReader(set).expect(Tag.SET, 'attributes').enter();
    const found: Uint8Array[] = [];
    while (!inner.done) found.push(inner.next().tlv());
    return found;
  } catch (error) {
    if (error instanceof PkiError) return undefined;
    throw error;
  }
}

function* permutations<T>(items: readonly T[]): Generator<readonly T[]> {
  if (items.length === 0) yield [];
  for (const [index, item] of items.entries()) {
    for (const rest of permutations(items.filter((_, i) => i !== index))) yield [item, ...rest];
  }
}
