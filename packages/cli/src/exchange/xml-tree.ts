/** The few ways in which lists are walked: by namespace and local name, among children only. */
export const DS = 'http://www.w3.org/2000/09/xmldsig#';
export const TSL = 'http://uri.etsi.org/02231/v2#';
export const TSL_ADDITIONAL = 'http://uri.etsi.org/02231/v2/additionaltypes#';

export function elementsOf(parent: Node): readonly Element[] {
  const found: Element[] = [];
  for (let node = parent.firstChild; node !== null; node = node.nextSibling) if (node.nodeType === 1) found.push(node as Element);
  return found;
}

export function childrenNamed(parent: Node | undefined, namespace: string, name: string): readonly Element[] {
  return parent === undefined ? [] : elementsOf(parent).filter((element) => element.namespaceURI === namespace && element.localName === name);
}

export function childNamed(parent: Node | undefined, namespace: string, name: string): Element | undefined {
  return childrenNamed(parent, namespace, name)[0];
}

/** Every element below, in document order, without recursion. */
export function* descendants(root: Element): Generator<Element> {
  const waiting: Element[] = [root];
  for (let element = waiting.pop(); element !== undefined; element = waiting.pop()) {
    yield element;
    waiting.push(...[...elementsOf(element)].reverse());
  }
}

export function textOf(element: Element | undefined): string | undefined {
  const text = element?.textContent?.trim();
  return text === '' ? undefined : text;
}
