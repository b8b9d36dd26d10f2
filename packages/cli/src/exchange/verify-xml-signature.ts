import type { AcceptSigner, SignerRelation } from '@hefu/trust-list';
import { ExclusiveCanonicalization } from 'xml-crypto';
import { strictDocument, XmlRefusal } from './parse-xml.js';
import { digestMatches, isDigestAlgorithm, isSignatureAlgorithm, signatureVerifies } from './signature-algorithms.js';
import { childNamed, childrenNamed, descendants, DS, elementsOf, textOf } from './xml-tree.js';

const ENVELOPED = 'http://www.w3.org/2000/09/xmldsig#enveloped-signature';
const EXCLUSIVE_C14N = 'http://www.w3.org/2001/10/xml-exc-c14n#';
const SIGNED_PROPERTIES = 'http://uri.etsi.org/01903#SignedProperties';
const XADES = 'http://uri.etsi.org/01903/v1.3.2#';

export interface VerifiedXml {
  /** The octets that were digested, as text: all that may be read afterwards. */
  readonly signed: string;
  readonly algorithm: string;
  /** DER. */
  readonly signer: Uint8Array;
  readonly relation: SignerRelation;
}

/**
 * Verifies the enveloped signature of a list (TS 119 612 §5.7, XAdES baseline B): one `ds:Signature`, a child of the root,
 * whose one reference to the document is the whole of it but the signature, in exclusive canonical form. What is given
 * back is that canonical form, so there is no other place for anything to be wrapped into.
 * The signed properties of XAdES, where they are, must verify as well; what they claim is not used.
 *
 * Core validation (XML Signature 1.1 §3.2) over the elements that the form check found in their places: nothing is
 * looked for anywhere in the document again, and the document is canonicalised once.
 * @throws XmlRefusal
 */
export async function verifyXmlSignature(document: Document, signers: readonly Uint8Array[], accept: AcceptSigner): Promise<VerifiedXml> {
  const root = document.documentElement;
  const signature = theSignature(root);
  const { info, covered, algorithm, value } = checkForm(root, signature);
  const { chain, relation } = await signerOf(signature, signers, accept);
  const signed = checkDigests(root, signature, covered);
  const candidates = chain === undefined ? signers : [chain[0]!];
  const signer = candidates.find((candidate) => signatureVerifies(algorithm, info, candidate, value));
  if (signer === undefined) throw new XmlRefusal('IMPORT_SIGNATURE_INVALID', 'the signature value');
  return { signed, algorithm, signer, relation: relation ?? 'given' };
}

/** What a reference covers, and the digest that was signed. */
interface Covered {
  readonly element: Element;
  readonly algorithm: string;
  readonly digest: string;
  readonly inclusive: readonly string[];
}

/** @returns the canonical form of the document without its signature */
function checkDigests(root: Element, signature: Element, covered: readonly Covered[]): string {
  let signed: string | undefined;
  for (const { element, algorithm, digest, inclusive } of covered) {
    const text = element === root ? withoutChild(root, signature, () => canonicalForm(root, inclusive)) : canonicalForm(element, inclusive);
    if (!digestMatches(algorithm, text, digest)) throw new XmlRefusal('IMPORT_SIGNATURE_INVALID', 'a digest differs');
    if (element === root) signed = text;
  }
  return signed!;
}

/** The enveloped-signature transform; the document is left as it was. */
function withoutChild<T>(parent: Element, child: Element, act: () => T): T {
  const next = child.nextSibling;
  parent.removeChild(child);
  try {
    return act();
  } finally {
    parent.insertBefore(child, next);
  }
}

/** Exclusive canonical form without comments. A list of prefixes asks for namespaces that are declared above (Exclusive XML Canonicalization §2.1). */
function canonicalForm(element: Element, inclusive: readonly string[] = []): string {
  return String(new ExclusiveCanonicalization().process(element, { inclusiveNamespacesPrefixList: [...inclusive], ancestorNamespaces: inclusive.length === 0 ? [] : namespacesAbove(element) }));
}

function namespacesAbove(element: Element): { prefix: string; namespaceURI: string }[] {
  const found = new Map<string, string>();
  for (let node = element.parentNode; node !== null && node.nodeType === 1; node = node.parentNode) {
    for (const attribute of Array.from((node as Element).attributes)) {
      if (attribute.prefix === 'xmlns' && !found.has(attribute.localName)) found.set(attribute.localName, attribute.value);
    }
  }
  return [...found].map(([prefix, namespaceURI]) => ({ prefix, namespaceURI }));
}

function theSignature(root: Element): Element {
  const all = [...descendants(root)].filter(({ namespaceURI, localName }) => localName === 'Signature' && namespaceURI === DS);
  if (all.length === 0) throw new XmlRefusal('IMPORT_UNSIGNED', 'no ds:Signature');
  if (all.length > 1 || all[0]!.parentNode !== root) throw form(`${all.length} signatures, or not a child of the root`);
  return all[0]!;
}

/**
 * Everything about the signature that decides what it covers. Element by element, because a reader that looks for names anywhere below would
 * find the first one somebody put there. What SignedInfo says is read from its canonical form, which is what was signed.
 */
function checkForm(root: Element, signature: Element): { readonly info: string; readonly algorithm: string; readonly value: string; readonly covered: readonly Covered[] } {
  const parts = elementsOf(signature);
  if (!/^SignedInfo SignatureValue( KeyInfo)?( Object)*$/.test(namesOf(parts))) throw form(`parts ${namesOf(parts).slice(0, 100)}`);
  const ids = new Map<string, number>();
  const seen = new Set<string>();
  for (const element of descendants(root)) {
    const { localName } = element;
    if (SINGLE.has(localName)) {
      if (seen.has(localName)) throw form(`${localName} more than once`);
      seen.add(localName);
    }
    // Text, elements, CDATA and comments have one canonical form among all readers; a list needs nothing else.
    for (let node = element.firstChild; node !== null; node = node.nextSibling) if (!TEXTS_AND_ELEMENTS.has(node.nodeType)) throw form(`a node of type ${node.nodeType}`);
    for (const id of idsOf(element)) ids.set(id, (ids.get(id) ?? 0) + 1);
  }
  const given = parts[0]!;
  const method = elementsOf(given)[0];
  if (method?.localName !== 'CanonicalizationMethod' || method.namespaceURI !== DS || method.getAttribute('Algorithm') !== EXCLUSIVE_C14N || elementsOf(method).length > 0) throw form(`canonicalization ${method?.getAttribute('Algorithm') ?? ''}`);
  const info = canonicalForm(given);
  const inner = elementsOf(strictDocument(info).documentElement);
  if (!/^CanonicalizationMethod SignatureMethod( Reference)+$/.test(namesOf(inner))) throw form('SignedInfo has other parts');
  const algorithm = inner[1]!.getAttribute('Algorithm') ?? '';
  if (!isSignatureAlgorithm(algorithm)) throw form(`signature algorithm ${algorithm}`);
  // More than the SignatureValue's text would be read differently by different readers.
  if (elementsOf(parts[1]!).length > 0) throw form('SignatureValue has elements');

  const covered = inner.slice(2).map((reference) => coveredBy(reference, root, signature));
  const documents = covered.filter(({ element }) => element === root).length;
  if (documents !== 1) throw form(`${documents} references to the document`);
  // Which of several elements of one Id was meant, readers disagree about.
  for (const reference of inner.slice(2)) {
    const uri = reference.getAttribute('URI') ?? '';
    if (uri !== '' && ids.get(uri.slice(1)) !== 1) throw new XmlRefusal('IMPORT_SIGNATURE_INVALID', `several elements of the Id ${uri.slice(1, 100)}`);
  }
  return { info, algorithm, value: textOf(parts[1]) ?? '', covered };
}

function coveredBy(reference: Element, root: Element, signature: Element): Covered {
  const parts = elementsOf(reference);
  if (namesOf(parts) !== 'Transforms DigestMethod DigestValue') throw form(`reference with ${namesOf(parts).slice(0, 100)}`);
  const [transforms, method, value] = parts as readonly [Element, Element, Element];
  const algorithm = method.getAttribute('Algorithm') ?? '';
  if (!isDigestAlgorithm(algorithm)) throw form('digest algorithm');
  if (elementsOf(value).length > 0) throw form('DigestValue has elements');
  const steps = elementsOf(transforms);
  const said = steps.map((step) => (step.localName === 'Transform' && step.namespaceURI === DS ? (step.getAttribute('Algorithm') ?? '') : 'other')).join(' ');
  const rest = { algorithm, digest: textOf(value) ?? '', inclusive: inclusivePrefixes(steps) };
  if (isReferenceToDocument(reference, root)) {
    if (said !== `${ENVELOPED} ${EXCLUSIVE_C14N}`) throw form(`transforms ${said}`);
    return { element: root, ...rest };
  }
  const properties = propertiesOf(reference, signature);
  if (said !== EXCLUSIVE_C14N || properties === undefined) throw form(`reference to ${reference.getAttribute('URI') ?? ''}`);
  return { element: properties, ...rest };
}

/** Of the canonicalisation, the last step; anything else within a transform changes what it does. */
function inclusivePrefixes(steps: readonly Element[]): readonly string[] {
  const within = steps.map(elementsOf);
  const [list, ...more] = within.at(-1) ?? [];
  if (within.slice(0, -1).some((each) => each.length > 0) || more.length > 0) throw form('a transform with elements');
  if (list === undefined) return [];
  if (list.localName !== 'InclusiveNamespaces' || list.namespaceURI !== EXCLUSIVE_C14N) throw form(`a transform with ${list.localName}`);
  return (list.getAttribute('PrefixList') ?? '').split(/\s+/).filter((prefix) => prefix !== '' && prefix !== '#default');
}

function namesOf(elements: readonly Element[]): string {
  return elements.map(({ namespaceURI, localName }) => (namespaceURI === DS ? localName : `other ${localName}`)).join(' ');
}

/** In any namespace, as readers differ in what they take for an Id. */
function idsOf(element: Element): readonly string[] {
  const found: string[] = [];
  for (let index = 0; index < element.attributes.length; index++) {
    const attribute = element.attributes[index]!;
    if (attribute.localName === 'Id') found.push(attribute.value);
  }
  return found;
}

/** Element, text, CDATA section, comment. */
const TEXTS_AND_ELEMENTS: ReadonlySet<number> = new Set([1, 3, 4, 8]);

/** Elements that the whole document may hold once, in any namespace: readers find them by local name. */
const SINGLE: ReadonlySet<string> = new Set(['SignedInfo', 'SignatureValue', 'CanonicalizationMethod', 'SignatureMethod']);

function isReferenceToDocument(reference: Element, root: Element): boolean {
  if (!reference.hasAttribute('URI')) return false;
  const uri = reference.getAttribute('URI');
  return uri === '' || (root.hasAttribute('Id') && uri === `#${root.getAttribute('Id')}`);
}

/** XAdES: the SignedProperties of this very signature. */
function propertiesOf(reference: Element, signature: Element): Element | undefined {
  if (reference.getAttribute('Type') !== SIGNED_PROPERTIES) return undefined;
  const properties = childrenNamed(signature, DS, 'Object').flatMap((object) => childrenNamed(object, XADES, 'QualifyingProperties')).flatMap((qualifying) => childrenNamed(qualifying, XADES, 'SignedProperties'));
  const [only] = properties;
  return properties.length === 1 && only!.hasAttribute('Id') && reference.getAttribute('URI') === `#${only!.getAttribute('Id')}` ? only : undefined;
}

/** The certificates of KeyInfo, when one of them is accepted; without any, those given are tried. */
async function signerOf(signature: Element, signers: readonly Uint8Array[], accept: AcceptSigner): Promise<{ readonly chain?: readonly Uint8Array[]; readonly relation?: SignerRelation }> {
  const carried = childrenNamed(childNamed(signature, DS, 'KeyInfo'), DS, 'X509Data')
    .flatMap((data) => childrenNamed(data, DS, 'X509Certificate'))
    .slice(0, 10)
    .map((element) => new Uint8Array(Buffer.from(textOf(element) ?? '', 'base64')));
  if (carried.length === 0) {
    if (signers.length === 0) throw new XmlRefusal('IMPORT_SIGNER_UNKNOWN', 'the signature carries no certificate, and none was given');
    return {};
  }
  const relation = await accept(carried);
  if (relation === undefined) throw new XmlRefusal('IMPORT_SIGNER_UNKNOWN', 'the certificate in KeyInfo');
  return { chain: carried, relation };
}

function form(detail: string): XmlRefusal {
  return new XmlRefusal('IMPORT_SIGNATURE_FORM', detail);
}
