// The reach check: proves what project references cannot. No pure room touches a clock, a network, storage,
// randomness, a global of a platform or a Node builtin except through what it is given; imports point down only.
// Reads the built JavaScript, so `tsc -b` comes first. `node tools/reach.mjs` prints violations and exits 1 on any.
import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { parseAst } from 'vite';

/** The ladder: what each room may import. A room not named here may not exist. */
export const LADDER = {
  crypto: { pure: true, may: [], libraries: ['@noble/curves', '@noble/hashes'] },
  pki: { pure: true, may: [], libraries: [] },
  'trust-list': { pure: true, may: ['pki', 'crypto'], libraries: ['jose'] },
  verify: { pure: true, may: ['trust-list', 'pki', 'crypto'], libraries: ['fflate'] },
  sign: { pure: true, may: ['verify', 'trust-list', 'pki', 'crypto'], libraries: [] },
  updater: { pure: true, may: ['verify', 'trust-list', 'pki', 'crypto'], libraries: [] },
  cloud: { pure: true, may: ['sign', 'verify', 'trust-list', 'pki', 'crypto'], libraries: ['aws4fetch', 'jose', 'oauth4webapi'] },
  node: { pure: false, may: ['cloud', 'sign', 'updater', 'verify', 'trust-list', 'pki', 'crypto'], libraries: ['fflate', 'jose', 'node-forge', 'pdfkit'] },
  browser: { pure: false, node: false, may: ['cloud', 'sign', 'updater', 'verify', 'trust-list', 'pki', 'crypto'], libraries: ['uqr'] },
  sandbox: { pure: false, may: ['cloud', 'sign', 'updater', 'verify', 'trust-list', 'pki', 'crypto'], libraries: ['@noble/curves', '@noble/hashes'] },
  cli: { pure: false, may: ['node', 'sandbox', 'cloud', 'sign', 'updater', 'verify', 'trust-list', 'pki', 'crypto'], libraries: ['@xmldom/xmldom', 'commander', 'xml-crypto'] },
};

const FORBIDDEN_GLOBALS = new Set([
  'Buffer', 'process', 'require', 'module', '__dirname', 'global', 'globalThis', 'window', 'self', 'document', 'navigator',
  'fetch', 'XMLHttpRequest', 'WebSocket', 'EventSource', 'localStorage', 'sessionStorage', 'indexedDB', 'caches', 'crypto', 'performance',
  'setTimeout', 'setInterval', 'setImmediate', 'queueMicrotask', 'Worker', 'SharedArrayBuffer', 'eval', 'Function',
]);
/** What a page has not. */
const NODE_GLOBALS = new Set(['Buffer', 'process', 'require', 'module', '__dirname', 'global', 'setImmediate']);
/** The updater waits and cancels: its timers come from an injected clock, AbortController is the platform's. */
const FORBIDDEN_MEMBERS = new Set(['Date.now', 'Math.random', 'performance.now', 'crypto.getRandomValues', 'crypto.subtle', 'console.log', 'console.error', 'console.warn']);

/** All violations of one room, as `file: what`. */
export function checkRoom(name, root) {
  const rules = LADDER[name];
  const folder = join(root, 'packages', name, 'dist');
  const found = [];
  for (const file of javascriptFiles(folder)) {
    const where = relative(root, file);
    for (const what of checkSource(readFileSync(file, 'utf8'), name, rules)) found.push(`${where}: ${what}`);
  }
  const manifest = JSON.parse(readFileSync(join(root, 'packages', name, 'package.json'), 'utf8'));
  for (const dependency of Object.keys(manifest.dependencies ?? {})) {
    if (!allowedImport(dependency, name, rules)) found.push(`packages/${name}/package.json: depends on ${dependency}`);
  }
  return found;
}

/** Violations in one file's source text. */
export function checkSource(source, name, rules) {
  const program = parseAst(source);
  const declared = new Set();
  const free = [];
  const found = [];
  visit(program, undefined, undefined, (node, parent, key) => {
    switch (node.type) {
      case 'ImportDeclaration':
      case 'ExportNamedDeclaration':
      case 'ExportAllDeclaration':
      case 'ImportExpression': {
        const specifier = node.source?.value;
        if (node.type === 'ImportExpression' && typeof specifier !== 'string' && rules.pure) found.push('imports a computed name');
        if (typeof specifier === 'string' && !specifier.startsWith('.') && !allowedImport(specifier, name, rules)) found.push(`imports ${specifier}`);
        break;
      }
      case 'Identifier':
        if (isBinding(parent, key)) declared.add(node.name);
        else if (isReference(parent, key) && FORBIDDEN_GLOBALS.has(node.name)) free.push(node.name);
        break;
      case 'MemberExpression':
        if (node.object.type === 'Identifier' && node.property.type === 'Identifier' && !node.computed) {
          const member = `${node.object.name}.${node.property.name}`;
          if (rules.pure && FORBIDDEN_MEMBERS.has(member)) found.push(`uses ${member}`);
        }
        break;
      case 'NewExpression':
      case 'CallExpression':
        if (rules.pure && node.callee.type === 'Identifier' && node.callee.name === 'Date' && (node.type === 'CallExpression' || node.arguments.length === 0)) found.push('reads the clock with Date');
        break;
      default:
    }
  });
  const forbidden = rules.pure ? () => true : (global) => rules.node === false && NODE_GLOBALS.has(global);
  for (const global of new Set(free)) if (!declared.has(global) && forbidden(global)) found.push(`uses the global ${global}`);
  return found;
}

function allowedImport(specifier, name, rules) {
  if (specifier.startsWith('node:')) return !rules.pure && rules.node !== false;
  const hefu = /^@hefu\/([a-z-]+)(?:\/[a-z-]+)?$/.exec(specifier);
  if (hefu) return rules.may.includes(hefu[1]);
  return rules.libraries.some((library) => specifier === library || specifier.startsWith(`${library}/`));
}

function isReference(parent, key) {
  if (parent === undefined) return true;
  if (parent.type === 'MemberExpression') return key === 'object' || parent.computed;
  if (parent.type === 'Property' || parent.type === 'MethodDefinition' || parent.type === 'PropertyDefinition') return key === 'value' || parent.computed;
  return !['ImportSpecifier', 'ExportSpecifier', 'LabeledStatement', 'BreakStatement', 'ContinueStatement', 'MetaProperty'].includes(parent.type);
}

function isBinding(parent, key) {
  if (parent === undefined) return false;
  if (parent.type === 'VariableDeclarator') return key === 'id';
  if (/Function/.test(parent.type)) return key === 'params' || key === 'id';
  if (parent.type === 'ClassDeclaration') return key === 'id';
  if (parent.type === 'ImportSpecifier' || parent.type === 'ImportDefaultSpecifier' || parent.type === 'ImportNamespaceSpecifier') return key === 'local';
  if (parent.type === 'Property' && parent.pattern) return key === 'value';
  return parent.type === 'CatchClause' && key === 'param';
}

function visit(node, parent, key, enter, inPattern = false) {
  if (inPattern && node.type === 'Property') node.pattern = true;
  enter(node, parent, key);
  for (const [name, child] of Object.entries(node)) {
    const pattern = node.type === 'ObjectPattern' || (inPattern && node.type === 'Property');
    for (const one of Array.isArray(child) ? child : [child]) {
      if (one !== null && typeof one === 'object' && typeof one.type === 'string') visit(one, node, name, enter, pattern);
    }
  }
}

function javascriptFiles(folder) {
  return readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith('.js'))
    .map((entry) => join(entry.parentPath ?? entry.path, entry.name));
}

if (process.argv[1] && import.meta.url === new URL(`file://${process.argv[1]}`).href) {
  const root = new URL('..', import.meta.url).pathname;
  const violations = Object.keys(LADDER).flatMap((name) => checkRoom(name, root));
  for (const violation of violations) console.log(violation);
  console.log(`${Object.keys(LADDER).length} rooms, ${violations.length} violations`);
  process.exit(violations.length > 0 ? 1 : 0);
}
