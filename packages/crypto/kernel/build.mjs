// Builds the kernel: `node packages/crypto/kernel/build.mjs` writes src/sm2-kernel-wasm.ts and src/sm2-kernel-javascript.ts,
// which are committed, so that users need no compiler; a test builds again and compares. The sources in sm2/ are
// AssemblyScript that is TypeScript too; `./machine` is the memory and the field of one machine.
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { main as asc } from 'assemblyscript/asc';
import { fieldSource, JAVASCRIPT, WASM } from './sm2-field.mjs';

const PARTS = ['words', 'point', 'inverse', 'comb', 'naf', 'verify'];
const FLAGS = ['-O3', '--converge', '--runtime', 'stub', '--noAssert', '--initialMemory', '2', '--use', 'abort='];

/** Octets 0 to 159 are the input, words of 4 octets follow from 256 on, elements from 4096 on. */
const WASM_MEMORY = `
const FIELDS: i32 = 4096;
export function octet(at: i32): i32 { return load<u8>(at); }
export function word(at: i32): i32 { return load<i32>(256 + (at << 2)); }
export function setWord(at: i32, value: i32): void { store<i32>(256 + (at << 2), value); }
/** Makes room up to an address. */
export function reserve(end: i32): bool {
  const missing = ((end + 0xffff) >>> 16) - memory.size();
  return missing <= 0 || memory.grow(missing) >= 0;
}
`;

const JAVASCRIPT_MEMORY = `
const input = new Uint8Array(160);
const words = new Int32Array(1024);
let elements = new Float64Array(4096);
const FIELDS: i32 = 0;
function octet(at: i32): i32 { return input[at]!; }
function word(at: i32): i32 { return words[at]!; }
function setWord(at: i32, value: i32): void { words[at] = value; }
/** Makes room up to an index. */
function reserve(end: i32): bool {
  if (end > elements.length) {
    const larger = new Float64Array(Math.max(end, elements.length + (elements.length >> 1)));
    larger.set(elements);
    elements = larger;
  }
  return true;
}
`;

export const part = (name) => readFileSync(new URL(`./sm2/${name}.ts`, import.meta.url), 'utf8');

/** The WebAssembly module. `change(source, name)` may alter a part: tests take checks out. */
export async function buildWasm(change = (source) => source) {
  const sources = new Map([
    ['machine.ts', WASM_MEMORY + fieldSource(WASM)],
    ...PARTS.map((name) => [`${name}.ts`, change(part(name), name)]),
    ['index.ts', "export { initialise, prepare, readPoint, verify } from './verify';"],
  ]);
  let binary;
  const { error, stderr } = await asc(['index.ts', '--outFile', 'kernel.wasm', ...FLAGS], {
    readFile: (name) => sources.get(name.replace(/^\.\//, '')) ?? null,
    writeFile: (name, contents) => { if (name === 'kernel.wasm') binary = contents; },
    listFiles: () => [],
  });
  if (error || binary === undefined) throw new Error(`asc: ${error?.message}\n${stderr}`);
  return Uint8Array.from(binary);
}

/** The same sources as the body of one TypeScript function. */
export function javascriptSource(change = (source) => source) {
  const body = [JAVASCRIPT_MEMORY + fieldSource(JAVASCRIPT), ...PARTS.map((name) => change(part(name), name))]
    .map((source) => source.replace(/^import .*\n/gm, '').replace(/^export /gm, ''))
    .join('\n');
  return `type i32 = number;
type f64 = number;
type bool = boolean;

/** One kernel with its own memory. */
export function createSm2JavaScript() {
${body.split('\n').map((line) => (line === '' ? line : `  ${line}`)).join('\n')}
  return { input, initialise, readPoint, prepare, verify };
}
`;
}
if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const t = performance.now();
  writeFileSync('/tmp/k.wasm', await buildWasm());
  writeFileSync('/tmp/k.ts', javascriptSource());
  console.log(performance.now() - t);
}
