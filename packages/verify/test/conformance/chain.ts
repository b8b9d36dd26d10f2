import { implicitPrimitive, integer, oid, sequence, type Certificate } from '@hefu/pki';
import { INTEROP, validatePath, type PathValidation, type ValidatePathOptions } from '../../src/index.js';
import { ALGORITHMS, AT, dn, extension, issueCertificate, newCa, newKey, type CaOptions, type IssueOptions, type TestCa } from '../path/issue.js';

/** Short chains written by what matters in them, validated from their bytes alone. */

/** `P1` is 1.3.6.1.4.1.55738.1, and so on; `any` is anyPolicy. */
export function policyOid(name: string): string {
  return name === 'any' ? '2.5.29.32.0' : `1.3.6.1.4.1.55738.${name.slice(1)}`;
}

export interface Link {
  /** Default: a CA of its own. `same` is self-issued: the name of the one above, with a new key. */
  readonly name?: 'same';
  /** `P1 P2`; absent is no extension. `P1:text` carries a CPS qualifier. */
  readonly policies?: string;
  /** `P1>P2 P3>P4` */
  readonly maps?: string;
  readonly explicit?: number;
  readonly noMapping?: number;
  readonly noAny?: number;
  readonly pathLength?: number;
  readonly extensions?: readonly Uint8Array[];
}

export const cps = (text: string): Uint8Array => sequence(oid('1.3.6.1.5.5.7.2.1'), Uint8Array.of(0x16, text.length, ...new TextEncoder().encode(text)));

export function policyExtensions({ policies, maps, explicit, noMapping, noAny }: Link): Uint8Array[] {
  const found: Uint8Array[] = [];
  if (policies !== undefined) {
    const informations = policies.split(' ').map((entry) => {
      const [policy, qualifier] = entry.split(':') as [string, string | undefined];
      return sequence(oid(policyOid(policy)), ...(qualifier === undefined ? [] : [sequence(cps(qualifier))]));
    });
    found.push(extension('2.5.29.32', sequence(...informations)));
  }
  if (maps !== undefined) {
    const pairs = maps.split(' ').map((pair) => sequence(...pair.split('>').map((policy) => oid(policyOid(policy)))));
    found.push(extension('2.5.29.33', sequence(...pairs), true));
  }
  if (explicit !== undefined || noMapping !== undefined) {
    const skip = (tag: number, count: number | undefined): Uint8Array[] => (count === undefined ? [] : [implicitPrimitive(tag, integer(count).subarray(2))]);
    found.push(extension('2.5.29.36', sequence(...skip(0, explicit), ...skip(1, noMapping)), true));
  }
  if (noAny !== undefined) found.push(extension('2.5.29.54', integer(noAny), true));
  return found;
}

const KEYS = Array.from({ length: 8 }, () => newKey('p256'));

/** A root, the CAs of all links but the last, and the leaf of the last. */
export function issueChain(links: readonly Link[], root: CaOptions = {}): { readonly root: TestCa; readonly candidates: readonly Certificate[]; readonly leaf: Certificate } {
  const top = newCa('O=Root', undefined, { key: KEYS[0]!, ...root });
  let above = top;
  const candidates: Certificate[] = [];
  for (const [index, link] of links.slice(0, -1).entries()) {
    const options = { key: KEYS[index + 1]!, extensions: [...policyExtensions(link), ...(link.extensions ?? [])], ...(link.pathLength === undefined ? {} : { pathLength: link.pathLength }) };
    above = link.name === 'same' ? newCa('', above, { subject: above.name, ...options }) : newCa(`O=CA ${index}`, above, options);
    candidates.push(above.certificate);
  }
  const last = links.at(-1)!;
  const leaf: IssueOptions = { subject: last.name === 'same' ? above.name : dn('O=Leaf'), key: KEYS[7]!, issuer: above, extensions: [...policyExtensions(last), ...(last.extensions ?? [])] };
  return { root: top, candidates, leaf: issueCertificate(leaf) };
}

export async function validateChain(links: readonly Link[], options: Partial<ValidatePathOptions> = {}, root: CaOptions = {}): Promise<PathValidation> {
  const chain = issueChain(links, root);
  return validatePath({
    leaf: chain.leaf.bytes,
    candidates: chain.candidates.map(({ bytes }) => bytes),
    anchors: [chain.root.certificate.bytes],
    at: AT,
    algorithms: ALGORITHMS,
    profile: INTEROP,
    ...options,
  });
}
