import { encodePem } from '@hefu/pki';
import type { AcceptSigner, SignerRelation } from '@hefu/trust-list';
import { SignedXml } from 'xml-crypto';
import { XmlRefusal } from './parse-xml.js';
import { digestAlgorithms, signatureAlgorithms } from './signature-algorithms.js';
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
 * @throws XmlRefusal
 */
export async function verifyXmlSignature(text: string, document: Document, signers: readonly Uint8Array[], accept: AcceptSigner): Promise<VerifiedXml> {
  const root = document.documentElement;
  const signature = theSignature(root);
  const position = checkForm(root, signature);
  const { chain, relation } = await signerOf(signature, signers, accept);
  const candidates = chain === undefined ? signers : [chain[0]!];
  let detail = 'no certificate given';
  for (const signer of candidates) {
    const outcome = verifyWith(text, signature, signer, position);
    if ('signed' in outcome) return { ...outcome, signer, relation: relation ?? 'given' };
    ({ detail } = outcome);
  }
  throw new XmlRefusal('IMPORT_SIGNATURE_INVALID', detail);
}

function verifyWith(text: string, signature: Element, signer: Uint8Array, position: number): { readonly signed: string; readonly algorithm: string } | { readonly detail: string } {
  const verifier = new SignedXml({ publicCert: encodePem('CERTIFICATE', signer), getCertFromKeyInfo: () => null });
  verifier.SignatureAlgorithms = signatureAlgorithms();
  verifier.HashAlgorithms = digestAlgorithms();
  verifier.CanonicalizationAlgorithms = pick(verifier.CanonicalizationAlgorithms, [ENVELOPED, EXCLUSIVE_C14N]);
  // The one spelling of the two elements that may be referenced; each spelling looked for costs a walk through the document.
  verifier.idAttributes = ['Id'];
  try {
    verifier.loadSignature(signature);
    if (!verifier.checkSignature(text)) return { detail: 'a digest differs' };
    const signed = verifier.getSignedReferences()[position];
    return signed === undefined ? { detail: 'the document is not among what was signed' } : { signed, algorithm: String(verifier.signatureAlgorithm) };
  } catch (error) {
    return { detail: error instanceof Error ? error.message.slice(0, 200) : 'unknown' };
  }
}

function theSignature(root: Element): Element {
  const all = [...descendants(root)].filter(({ namespaceURI, localName }) => localName === 'Signature' && namespaceURI === DS);
  if (all.length === 0) throw new XmlRefusal('IMPORT_UNSIGNED', 'no ds:Signature');
  if (all.length > 1 || all[0]!.parentNode !== root) throw form(`${all.length} signatures, or not a child of the root`);
  return all[0]!;
}

/**
 * Everything about the signature that decides what it covers. Element by element, because a library that looks for names anywhere below would
 * find the first one somebody put there.
 * @returns index of the reference to the document
 */
function checkForm(root: Element, signature: Element): number {
  const parts = elementsOf(signature);
  const names = parts.map(({ namespaceURI, localName }) => (namespaceURI === DS ? localName : `other ${localName}`));
  if (!/^SignedInfo SignatureValue( KeyInfo)?( Object)*$/.test(names.join(' '))) throw form(`parts ${names.join(' ').slice(0, 100)}`);
  const seen = new Set<string>();
  for (const { localName } of descendants(root)) {
    if (!SINGLE.has(localName)) continue;
    if (seen.has(localName)) throw form(`${localName} more than once`);
    seen.add(localName);
  }
  const info = parts[0]!;
  const inner = elementsOf(info);
  if (!/^CanonicalizationMethod SignatureMethod( Reference)+$/.test(inner.map(({ namespaceURI, localName }) => (namespaceURI === DS ? localName : 'other')).join(' '))) throw form('SignedInfo has other parts');
  if (inner[0]!.getAttribute('Algorithm') !== EXCLUSIVE_C14N || elementsOf(inner[0]!).length > 0) throw form(`canonicalization ${inner[0]!.getAttribute('Algorithm') ?? ''}`);
  if (!Object.hasOwn(signatureAlgorithms(), inner[1]!.getAttribute('Algorithm') ?? '')) throw form(`signature algorithm ${inner[1]!.getAttribute('Algorithm') ?? ''}`);
  // More than the SignatureValue's text would be read differently by different readers.
  if (elementsOf(parts[1]!).length > 0) throw form('SignatureValue has elements');

  const references = inner.slice(2);
  const documents = references.flatMap((reference, index) => (isReferenceToDocument(reference, root) ? [index] : []));
  if (documents.length !== 1) throw form(`${documents.length} references to the document`);
  for (const [index, reference] of references.entries()) {
    const transforms = childrenNamed(childNamed(reference, DS, 'Transforms'), DS, 'Transform').map((transform) => transform.getAttribute('Algorithm'));
    if (!Object.hasOwn(digestAlgorithms(), childNamed(reference, DS, 'DigestMethod')?.getAttribute('Algorithm') ?? '')) throw form('digest algorithm');
    if (index === documents[0]) {
      if (transforms.join(' ') !== `${ENVELOPED} ${EXCLUSIVE_C14N}`) throw form(`transforms ${transforms.join(' ')}`);
    } else if (transforms.join(' ') !== EXCLUSIVE_C14N || !isReferenceToProperties(reference, signature)) {
      throw form(`reference to ${reference.getAttribute('URI') ?? ''}`);
    }
  }
  return documents[0]!;
}

/** Elements that the whole document may hold once, in any namespace: the library finds them by local name. */
const SINGLE: ReadonlySet<string> = new Set(['SignedInfo', 'SignatureValue', 'CanonicalizationMethod', 'SignatureMethod']);

function isReferenceToDocument(reference: Element, root: Element): boolean {
  if (!reference.hasAttribute('URI')) return false;
  const uri = reference.getAttribute('URI');
  return uri === '' || (root.hasAttribute('Id') && uri === `#${root.getAttribute('Id')}`);
}

/** XAdES: the SignedProperties of this very signature. */
function isReferenceToProperties(reference: Element, signature: Element): boolean {
  if (reference.getAttribute('Type') !== SIGNED_PROPERTIES) return false;
  const properties = childrenNamed(signature, DS, 'Object').flatMap((object) => childrenNamed(object, XADES, 'QualifyingProperties')).flatMap((qualifying) => childrenNamed(qualifying, XADES, 'SignedProperties'));
  return properties.length === 1 && properties[0]!.hasAttribute('Id') && reference.getAttribute('URI') === `#${properties[0]!.getAttribute('Id')}`;
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

function pick<T>(from: Record<string, T>, names: readonly string[]): Record<string, T> {
  return Object.fromEntries(Object.entries(from).filter(([name]) => names.includes(name)));
}

function form(detail: string): XmlRefusal {
  return new XmlRefusal('IMPORT_SIGNATURE_FORM', detail);
}
