/** A node as it should be; strings are text. */
export type Child = VirtualNode | string | number | false | undefined | null;

export interface VirtualNode {
  readonly tag: string;
  /** `on…`: listener; `.name`: property; else attribute, where `true` is the empty one and `false` and `undefined` are none. */
  readonly props: Readonly<Record<string, unknown>>;
  readonly children: readonly Child[];
}

const SVG = 'http://www.w3.org/2000/svg';
const SVG_TAGS: ReadonlySet<string> = new Set(['svg', 'path', 'circle', 'rect']);

/** Attributes an element has from its last rendering. */
const attributes = new WeakMap<Element, ReadonlySet<string>>();
/** Listeners by element and event name, so that a new rendering replaces and never adds. */
const listeners = new WeakMap<Element, Map<string, { handler: (event: Event) => void }>>();

export function h(tag: string, props: Readonly<Record<string, unknown>> | undefined, ...children: readonly (Child | readonly Child[])[]): VirtualNode {
  return { tag, props: props ?? {}, children: children.flat() as Child[] };
}

/**
 * Makes the content of a node what it should be and leaves alone what is so already: a field being typed in keeps its
 * focus, and a screen reader hears only of what changed. `key` tells siblings apart.
 */
export function patch(parent: Node, children: readonly Child[]): void {
  const wanted = children.filter((child): child is VirtualNode | string | number => child !== false && child !== undefined && child !== null);
  let at: ChildNode | null = parent.firstChild;
  for (const child of wanted) {
    const reusable = matching(at, child);
    if (reusable === undefined) parent.insertBefore(create(child), at);
    else {
      while (at !== null && at !== reusable) {
        const gone: ChildNode = at;
        at = at.nextSibling;
        gone.remove();
      }
      update(reusable, child);
      at = reusable.nextSibling;
    }
  }
  while (at !== null) {
    const gone: ChildNode = at;
    at = at.nextSibling;
    gone.remove();
  }
}

/** The next sibling, from here on, that can become this child; a key is found further on, anything else only right here. */
function matching(from: ChildNode | null, child: VirtualNode | string | number): ChildNode | undefined {
  if (from === null) return undefined;
  if (typeof child !== 'object') return from.nodeType === 3 ? from : undefined;
  const key = child.props['key'];
  if (key === undefined) return isLike(from, child) ? from : undefined;
  for (let node: ChildNode | null = from; node !== null; node = node.nextSibling) if (isLike(node, child)) return node;
  return undefined;
}

function isLike(node: ChildNode, { tag, props }: VirtualNode): boolean {
  return node.nodeType === 1 && (node as Element).localName === tag && keys.get(node) === props['key'];
}

const keys = new WeakMap<Node, unknown>();

function create(child: VirtualNode | string | number): ChildNode {
  if (typeof child !== 'object') return document.createTextNode(String(child));
  const element = SVG_TAGS.has(child.tag) ? document.createElementNS(SVG, child.tag) : document.createElement(child.tag);
  keys.set(element, child.props['key']);
  update(element, child);
  return element;
}

function update(node: ChildNode, child: VirtualNode | string | number): void {
  if (typeof child !== 'object') {
    if (node.nodeValue !== String(child)) node.nodeValue = String(child);
    return;
  }
  const element = node as Element;
  const names = new Set<string>();
  for (const [name, value] of Object.entries(child.props)) {
    if (name === 'key') continue;
    if (name.startsWith('on')) listen(element, name.slice(2).toLowerCase(), value as (event: Event) => void);
    else if (name.startsWith('.')) {
      const target = element as unknown as Record<string, unknown>;
      if (target[name.slice(1)] !== value) target[name.slice(1)] = value;
    } else if (value !== false && value !== undefined && value !== null) {
      names.add(name);
      const text = value === true ? '' : String(value);
      if (element.getAttribute(name) !== text) element.setAttribute(name, text);
    }
  }
  // What a person or a property has set is not ours to take away: an open `details` stays open.
  for (const name of attributes.get(element) ?? []) if (!names.has(name)) element.removeAttribute(name);
  attributes.set(element, names);
  patch(element, child.children);
}

function listen(element: Element, type: string, handler: (event: Event) => void): void {
  let own = listeners.get(element);
  if (own === undefined) listeners.set(element, (own = new Map()));
  const known = own.get(type);
  if (known !== undefined) {
    known.handler = handler;
    return;
  }
  const entry = { handler };
  own.set(type, entry);
  element.addEventListener(type, (event) => entry.handler(event));
}
