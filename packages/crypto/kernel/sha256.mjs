// Writes the compression function of SHA-256 (FIPS 180-4 §6.2.2) in AssemblyScript, its 64 rounds one after another, as
// sm3.mjs does for SM3: the host keeps the framing.

const STATE = 'abcdefgh';
/** As sm3.mjs has it: one host drives both. */
const INPUT = 1024;
const PRIMES = primes(64);
/** The first 32 bits of the fractional parts of the cube roots of the first 64 primes (FIPS 180-4 §4.2.2). */
const K = PRIMES.map((prime) => fractionOfCubeRoot(prime));

export function sha256Source() {
  return `
const INPUT: usize = ${INPUT};
function word(at: usize): i32 { return bswap<i32>(load<i32>(at)); }
/** Compresses whole blocks that lie at INPUT. */
export function compress(blocks: i32): void {
${[...STATE].map((name, i) => `  let ${name}s: i32 = load<i32>(0, ${4 * i});`).join('\n')}
  let at = INPUT;
  for (let n = 0; n < blocks; n++) {
${[...STATE].map((name) => `    let ${name} = ${name}s;`).join('\n')}
${Array.from({ length: 16 }, (_, i) => `    let w${i} = word(at + ${4 * i});`).join('\n')}
    let x: i32;
${Array.from({ length: 64 }, (_, j) => round(j)).join('\n')}
${[...STATE].map((name) => `    ${name}s += ${name};`).join('\n')}
    at += 64;
  }
${[...STATE].map((name, i) => `  store<i32>(0, ${name}s, ${4 * i});`).join('\n')}
}
`;
}

function round(j) {
  // All eight names move one place a round.
  const [a, b, c, d, e, f, g, h] = [0, 1, 2, 3, 4, 5, 6, 7].map((i) => STATE[(i - j + 64) & 7]);
  const w = (i) => `w${(j + i) & 15}`;
  return [
    `    x = ${h} + (rotr(${e}, 6) ^ rotr(${e}, 11) ^ rotr(${e}, 25)) + (${g} ^ (${e} & (${f} ^ ${g}))) + ${K[j] | 0} + ${w(0)};`,
    `    ${d} += x;`,
    `    ${h} = x + (rotr(${a}, 2) ^ rotr(${a}, 13) ^ rotr(${a}, 22)) + ((${a} & ${b}) | (${c} & (${a} | ${b})));`,
    ...(j < 48
      ? [
          `    ${w(0)} += (rotr(${w(1)}, 7) ^ rotr(${w(1)}, 18) ^ (${w(1)} >>> 3)) + ${w(9)} + (rotr(${w(14)}, 17) ^ rotr(${w(14)}, 19) ^ (${w(14)} >>> 10));`,
        ]
      : []),
  ].join('\n');
}

function primes(count) {
  const found = [];
  for (let n = 2; found.length < count; n++) if (found.every((prime) => n % prime !== 0)) found.push(n);
  return found;
}

/** floor(cbrt(prime) * 2^32) mod 2^32, in integers: the cube root of prime * 2^96. */
function fractionOfCubeRoot(prime) {
  const cube = BigInt(prime) << 96n;
  let [low, high] = [0n, 1n << 40n];
  while (high - low > 1n) {
    const middle = (low + high) >> 1n;
    if (middle ** 3n <= cube) low = middle;
    else high = middle;
  }
  return Number(low & 0xffffffffn);
}
