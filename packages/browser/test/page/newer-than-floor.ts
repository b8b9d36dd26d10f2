import { parseAst } from 'vite';
import { FLOOR } from '../../src/floor.js';

interface Node {
  readonly type: string;
  readonly [member: string]: unknown;
}

/** Members by the Chromium that has them first, where it is later than 86. Names that other objects have too are left to `QUALIFIED`. */
const MEMBERS: Readonly<Record<string, number>> = {
  at: 92, hasOwn: 93, findLast: 97, findLastIndex: 97, throwIfAborted: 100,
  randomUUID: 92, toSorted: 110, toReversed: 110, toSpliced: 110, withResolvers: 119, groupBy: 117, fromAsync: 121, canParse: 120, isWellFormed: 111, toWellFormed: 111,
  symmetricDifference: 122, isSubsetOf: 122, isSupersetOf: 122, isDisjointFrom: 122, transferToFixedLength: 114, toBase64: 140, fromBase64: 140, setFromBase64: 140, toHex: 140, fromHex: 140, setFromHex: 140,
  Segmenter: 87, DurationFormat: 129, supportedValuesOf: 99, checkVisibility: 105, showPopover: 114, hidePopover: 114, togglePopover: 114, startViewTransition: 111, setHTMLUnsafe: 124, getHTML: 125, moveBefore: 133, requestClose: 134,
  parseRequestOptionsFromJSON: 129, parseCreationOptionsFromJSON: 129, getOrInsert: 145, getOrInsertComputed: 145,
};
const QUALIFIED: Readonly<Record<string, number>> = { 'AbortSignal.any': 116, 'AbortSignal.timeout': 103, 'AbortSignal.abort': 93, 'Response.json': 105, 'Promise.try': 128, 'URL.parse': 126, 'RegExp.escape': 136 };
const GLOBALS: Readonly<Record<string, number>> = { structuredClone: 98, reportError: 95, scheduler: 94, Iterator: 122, Temporal: 144, SuppressedError: 134, DisposableStack: 134, AsyncDisposableStack: 134 };
const FLAGS: Readonly<Record<string, number>> = { d: 90, v: 112 };

/** What jose and noble use where it is there, and ask for first; pages without it are tried in `verify/create-browser-verifier.test.ts`. */
export const ASKED_FOR: readonly string[] = ['toBase64', 'fromBase64', 'toHex', 'fromHex'];

/**
 * What a script uses that Chromium 86 has not and the floor module does not supply; each once, with the version that has it.
 * @param known members to pass over
 */
export function newerThanFloor(source: string, known: readonly string[] = []): readonly string[] {
  const found = new Set<string>();
  const declared = new Set<string>();
  const free: string[] = [];
  const supplied = new Set([...FLOOR, ...known]);
  const visit = (node: Node, parent: Node | undefined, inFunction: boolean): void => {
    switch (node.type) {
      case 'StaticBlock': found.add('static block (94)'); break;
      case 'AwaitExpression': if (!inFunction) found.add('await at the top (89)'); break;
      case 'ForOfStatement': if (node['await'] === true && !inFunction) found.add('await at the top (89)'); break;
      case 'BinaryExpression':
        if (node['operator'] === 'in' && (node['left'] as Node).type === 'PrivateIdentifier') found.add(`#${(node['left'] as { name?: string }).name} in (91)`);
        break;
      case 'PrivateInExpression': found.add(`#${(node['left'] as { name?: string }).name} in (91)`); break;
      case 'ImportDeclaration': case 'ExportAllDeclaration': case 'ExportNamedDeclaration':
        if (Array.isArray(node['attributes']) && node['attributes'].length > 0) found.add('import attributes (123)');
        break;
      case 'VariableDeclaration': if (/using/.test(String(node['kind']))) found.add('using (134)'); break;
      case 'Literal': {
        const { flags = '' } = (node['regex'] ?? {}) as { flags?: string };
        for (const flag of flags) if (FLAGS[flag] !== undefined) found.add(`flag ${flag} (${FLAGS[flag]})`);
        break;
      }
      case 'MemberExpression': {
        const property = node['property'] as { name?: string; value?: unknown };
        const name = node['computed'] === true ? String(property.value ?? '') : property.name ?? '';
        const object = (node['object'] as { name?: string }).name ?? '';
        const qualified = QUALIFIED[`${object}.${name}`];
        if (qualified !== undefined) {
          if (!supplied.has(name)) found.add(`${object}.${name} (${qualified})`);
        } else if (Object.prototype.hasOwnProperty.call(MEMBERS, name) && !supplied.has(name)) found.add(`.${name} (${MEMBERS[name]})`);
        break;
      }
      case 'Identifier': {
        const name = node['name'] as string;
        if (!Object.prototype.hasOwnProperty.call(GLOBALS, name) || parent === undefined) break;
        const key = Object.keys(parent).find((each) => parent[each] === node || (Array.isArray(parent[each]) && (parent[each] as unknown[]).includes(node)));
        if (parent.type === 'VariableDeclarator' && key === 'id') declared.add(name);
        else if (/Function/.test(parent.type) && (key === 'params' || key === 'id')) declared.add(name);
        else if (!(key === 'property' && parent['computed'] !== true) && key !== 'key') free.push(name);
        break;
      }
      default:
    }
    const inside = inFunction || /Function/.test(node.type);
    for (const child of Object.values(node)) {
      for (const one of Array.isArray(child) ? (child as unknown[]) : [child]) if (one !== null && typeof one === 'object' && typeof (one as Node).type === 'string') visit(one as Node, node, inside);
    }
  };
  visit(parseAst(source) as unknown as Node, undefined, false);
  for (const name of free) if (!declared.has(name)) found.add(`${name} (${GLOBALS[name]})`);
  return [...found];
}
