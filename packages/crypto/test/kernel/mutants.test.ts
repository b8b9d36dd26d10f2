import { transformWithOxc } from 'vite';
import { describe, expect, it } from 'vitest';
import { javascriptSource } from '../../kernel/build.mjs';
import { Sm2Kernel } from '../../src/sm2-kernel.js';
import type { Sm2Machine } from '../../src/sm2-machine.js';
import { CASES } from './cases.js';
import { wrongDecisions } from './decide.js';

// Each takes one check, or one case of one, out of the kernel's source. Both machines are built from that source; it is the one that runs
// without a compiler which is altered here.
const MUTANTS: [part: string, from: string, to: string][] = [
  ['verify', 'if (isZeroNumber(R)) return REFUSED;', ''],
  ['verify', 'if (!isBelow(R, ORDER)) return REFUSED;', ''],
  ['verify', 'if (isZeroNumber(S)) return REFUSED;', ''],
  ['verify', 'if (!isBelow(S, ORDER)) return REFUSED;', ''],
  ['verify', 'if (isZeroNumber(T)) return REFUSED;', ''],
  ['verify', 'if (isInfinite()) return REFUSED;', ''],
  ['verify', 'return matches() ? ACCEPTED : REFUSED;', 'return ACCEPTED;'],
  ['verify', 'if (!isBelow(X, PRIME_WORDS)) return false;', ''],
  ['verify', 'if (!isBelow(Y, PRIME_WORDS)) return false;', ''],
  ['verify', 'return isOnCurve(PX, PY);', 'return true;'],
  ['verify', 'if (!readPoint()) return false;', 'readPoint();'],
  ['verify', 'if (slot === 0 && !readPoint()) return NOT_A_POINT;', 'if (slot === 0) readPoint();'],
  ['verify', 'word(FILLED + slot) !== 1', 'false'],
  ['verify', 'setWord(FILLED + slot, 0);', ''],
  ['verify', 'if (slot < 1 || slot >= MOST_SLOTS) return false;', ''],
  ['verify', 'carry !== 0 || ', ''],
  ['verify', ' || !isBelow(T, ORDER)', ''],
  ['verify', 'if (!isBelow(E, ORDER)) subtractNumbers(E, E, ORDER);', ''],
  ['verify', 'if (subtractNumbers(V, R, E) !== 0) addNumbers(V, V, ORDER);', 'subtractNumbers(V, R, E);'],
  ['verify', 'if (!isBelow(V, GAP)) return false;', ''],
  ['verify', 'if (!isBelow(V, GAP)) return false;', 'return false;'],
  ['verify', 'if (hasX(V)) return true;', ''],
  ['point', 'sub(T1, T1, AX); // H', 'sub(T1, T1, AX); if (false)'],
  ['point', 'if (isZero(T1)) {\n    meet();\n    return;\n  }\n  mul(AZ, AZ, T1);\n  finishSum(AX, AY);', 'mul(AZ, AZ, T1);\n  finishSum(AX, AY);'],
  ['point', 'if (isZero(T1)) {\n    meet();\n    return;\n  }\n  mul(AZ, AZ, T1);\n  mul(AZ,', 'mul(AZ, AZ, T1);\n  mul(AZ,'],
  ['point', 'if (isZero(T3)) double();\n  else infinite = true;', 'infinite = true;'],
  ['point', 'if (isZero(T3)) double();\n  else infinite = true;', 'double();'],
  ['point', 'if (negative) negate(AY, AY);\n    return;\n  }\n  sqr', 'return;\n  }\n  sqr'],
  ['comb', '(word(k) & 1) === 0', 'false'],
  ['comb', 'opposite !== negative', 'opposite'],
  ['machine', 'if (digit !== 0) return false;', ''],
  ['machine', 'm[a + i]! - k * m[PRIME + i]!', 'm[a + i]! - m[PRIME + i]!'],
];

async function kernelFrom(source: string): Promise<Sm2Kernel> {
  const { code } = await transformWithOxc(source, 'kernel.ts', {});
  const create = new Function(`${code.replace(/^export (?=function)/m, '')}\nreturn createSm2JavaScript;`)() as () => Sm2Machine;
  return new Sm2Kernel(create());
}

describe('kernels with a check taken out', () => {
  it('are told from the whole one, which passes', async () => {
    expect([...wrongDecisions(await kernelFrom(javascriptSource()), CASES)]).toEqual([]);
  });

  it.each(MUTANTS.map(([part, from, to], i) => [`${i + 1}: ${part} without ${from.split('\n')[0]}`, part, from, to] as const))('%s', async (_, part, from, to) => {
    let found = 0;
    const source = javascriptSource((text: string, name: string) => {
      if (name !== part) return text;
      found = text.split(from).length - 1;
      return text.replace(from, to);
    });
    expect(found).toBe(1);
    const [wrong] = wrongDecisions(await kernelFrom(source), CASES);
    expect(wrong).toBeDefined();
  });
});
