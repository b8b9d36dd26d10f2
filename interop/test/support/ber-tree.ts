/**
 * One element of a BER encoding. Read here by itself and not with Hefu's reader, so that a test can say which octets
 * mean what without asking the code under test.
 */
export interface BerNode {
  readonly tag: number;
  /** Offset of the identifier octet. */
  readonly start: number;
  readonly contentStart: number;
  readonly contentEnd: number;
  /** One past the element, end-of-contents octets included. */
  readonly end: number;
  readonly children: readonly BerNode[];
}

/** The tree of a whole encoding, definite and indefinite lengths. @throws Error when it is none */
export function berTree(bytes: Uint8Array): BerNode {
  const root = element(bytes, 0);
  if (root.end !== bytes.length) throw new Error('octets after the element');
  return root;
}

function element(bytes: Uint8Array, start: number): BerNode {
  const tag = octet(bytes, start);
  const first = octet(bytes, start + 1);
  const constructed = (tag & 0x20) !== 0;
  if (first === 0x80) {
    const children: BerNode[] = [];
    let at = start + 2;
    while (!(octet(bytes, at) === 0 && octet(bytes, at + 1) === 0)) {
      const child = element(bytes, at);
      children.push(child);
      at = child.end;
    }
    return { tag, start, contentStart: start + 2, contentEnd: at, end: at + 2, children };
  }
  let contentStart = start + 2;
  let length = first;
  if (first > 0x80) {
    length = 0;
    for (let i = 0; i < (first & 0x7f); i++) length = length * 256 + octet(bytes, contentStart++);
  }
  const end = contentStart + length;
  if (end > bytes.length) throw new Error('an element reaches beyond the octets');
  const children: BerNode[] = [];
  if (constructed) for (let at = contentStart; at < end; at = children.at(-1)!.end) children.push(element(bytes, at));
  return { tag, start, contentStart, contentEnd: end, end, children };
}

function octet(bytes: Uint8Array, at: number): number {
  const value = bytes[at];
  if (value === undefined) throw new Error('the octets end too early');
  return value;
}
