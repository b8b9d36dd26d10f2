import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { compare, inputs } from '../../kernel/agree.mjs';
import { createSm2JavaScript } from '../../src/sm2-kernel-javascript.js';
import { Sm2Kernel } from '../../src/sm2-kernel.js';
import { sm2KernelNow } from '../../src/sm2-wasm.js';
import { BOUNDARIES, CASES } from './cases.js';
import { wrongDecisions } from './decide.js';

const MACHINES: [string, () => Sm2Kernel][] = [
  ['wasm', () => sm2KernelNow(WebAssembly)!],
  ['javascript', () => new Sm2Kernel(createSm2JavaScript())],
];

describe.each(MACHINES)('SM2 kernel in %s', (_, create) => {
  it('decides every edge as noble does', () => {
    expect([...wrongDecisions(create(), CASES)]).toEqual([]);
  });

  it('decides values next to the limits of its limbs as noble does', () => {
    expect([...wrongDecisions(create(), BOUNDARIES)]).toEqual([]);
  });

  it('agrees with noble on random inputs, valid, altered and foreign', () => {
    const kernel = create();
    let compared = 0;
    for (const batch of inputs(2000, `test ${readSeed()}`)) compared += compare([kernel], batch);
    expect(compared).toBeGreaterThan(3700);
  });

  it('keeps the tables of many keys apart while its memory grows', () => {
    const kernel = create();
    const batches = [...inputs(250 * 12, 'many keys')].map(({ point, batch }) => ({ point: point.toBytes(false) as Uint8Array, batch: batch.slice(0, 4) }));
    batches.forEach(({ point }, i) => expect(kernel.prepare(20 * i + 1, point)).toBe(true));
    batches.forEach(({ batch }, i) => {
      const [input] = batch;
      const signature = Buffer.from(input!.r.toString(16).padStart(64, '0') + input!.s.toString(16).padStart(64, '0'), 'hex');
      const e = Buffer.from(input!.e.toString(16).padStart(64, '0'), 'hex');
      expect(kernel.verify(20 * i + 1, signature, e)).toBe(true);
      expect(kernel.verify(20 * ((i + 1) % 12) + 1, signature, e)).toBe(false);
    });
  });
});

/** The seed is the package's version: the inputs change from release to release, and a failure repeats. */
function readSeed(): string {
  return (JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as { version: string }).version;
}

describe('the committed kernel', () => {
  it('is what its sources compile to', async (context) => {
    let generate: () => Promise<Record<string, string>>;
    try {
      ({ generate } = await import('../../kernel/build.mjs'));
    } catch (error) {
      console.warn(`SKIPPED: the AssemblyScript compiler does not load (${String(error)}); whether the committed kernel is reproducible was not checked`);
      return context.skip();
    }
    for (const [name, text] of Object.entries(await generate())) {
      expect(readFileSync(new URL(`../../src/${name}`, import.meta.url), 'utf8') === text, `${name}: run kernel/build.mjs`).toBe(true);
    }
  });

  it('imports nothing and exports what the host calls', () => {
    for (const name of ['sm2', 'sm3']) {
      const text = readFileSync(new URL(`../../src/${name}-kernel-wasm.ts`, import.meta.url), 'utf8');
      const octets = Buffer.from([...text.matchAll(/'([0-9a-f]+)'/g)].map(([, part]) => part).join(''), 'hex');
      const module = new WebAssembly.Module(octets);
      expect(WebAssembly.Module.imports(module)).toEqual([]);
      expect(WebAssembly.Module.exports(module).map(({ name: exported }) => exported).sort()).toEqual(
        name === 'sm2' ? ['initialise', 'memory', 'prepare', 'readPoint', 'verify'] : ['compress', 'memory'],
      );
    }
  });
});
