// Writes the compression function of SM3 (GB/T 32905 §5.3) in AssemblyScript, its 64 rounds one after another: all that varies
// from round to round is then a constant or a name. The host keeps the framing.

const STATE = 'abcdefgh';
/** Octets a call can take, from this address on; the chaining value lies at 0, eight words of the host's byte order. */
const INPUT = 1024;

export function sm3Source() {
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
    let r: i32;
    let x: i32;
${Array.from({ length: 64 }, (_, j) => round(j)).join('\n')}
${[...STATE].map((name) => `    ${name}s ^= ${name};`).join('\n')}
    at += 64;
  }
${[...STATE].map((name, i) => `  store<i32>(0, ${name}s, ${4 * i});`).join('\n')}
}
`;
}

function round(j) {
  const constant = (j < 16 ? 0x79cc4519 : 0x7a879d8a) | 0;
  const turned = (constant << (j & 31)) | (j & 31 ? constant >>> (32 - (j & 31)) : 0);
  // The four names of each half move one place a round.
  const [a, b, c, d] = [0, 1, 2, 3].map((i) => 'abcd'[(i - j + 64) & 3]);
  const [e, f, g, h] = [0, 1, 2, 3].map((i) => 'efgh'[(i - j + 64) & 3]);
  const w = (i) => `w${(j + i) & 15}`;
  const ff = j < 16 ? `(${a} ^ ${b} ^ ${c})` : `((${a} & ${b}) | (${c} & (${a} | ${b})))`;
  const gg = j < 16 ? `(${e} ^ ${f} ^ ${g})` : `(${g} ^ (${e} & (${f} ^ ${g})))`;
  return [
    `    r = rotl(${a}, 12);`,
    `    x = rotl(r + ${e} + ${turned}, 7);`,
    `    ${d} += ${ff} + (x ^ r) + (${w(0)} ^ ${w(4)});`,
    `    ${h} += ${gg} + x + ${w(0)};`,
    `    ${h} = ${h} ^ rotl(${h}, 9) ^ rotl(${h}, 17);`,
    `    ${b} = rotl(${b}, 9);`,
    `    ${f} = rotl(${f}, 19);`,
    ...(j < 52
      ? [
          `    x = ${w(0)} ^ ${w(7)} ^ rotl(${w(13)}, 15);`,
          `    ${w(0)} = x ^ rotl(x, 15) ^ rotl(x, 23) ^ rotl(${w(3)}, 7) ^ ${w(10)};`,
        ]
      : []),
  ].join('\n');
}
