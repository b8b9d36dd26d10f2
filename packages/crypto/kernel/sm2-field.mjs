// Writes the arithmetic modulo p of sm2p256v1 (GB/T 32918.5 §A.2) for the two machines the kernel runs on: 64-bit
// integers in WebAssembly, doubles in plain JavaScript. One description serves both; only the width of a limb and the
// way a carry is taken differ.
//
// An element is `limbs` signed limbs of `bits` bits, least significant first, in Montgomery form with R = 2^(limbs·bits).
// p = 2^256 - 2^224 - 2^96 + 2^64 - 1 is -1 modulo 2^bits, so the quotient digit of a Montgomery step is the low limb
// itself, and adding digit·p is four shifts (`TAPS`): the reduction multiplies nothing.
//
// Limits every caller keeps, and why nothing overflows. A *normalised* element is what `mul`, `sqr`, `mulSub` and the
// functions named carried give. In WebAssembly its limbs are from 0 up to 2^29 (the highest signed and small), so a difference of two
// is no larger than either: *weight* 1, and a sum has weight 2. In JavaScript limbs are signed, up to 2^23 and a little, and sums and
// differences both have weight 2. The weights of two factors are multiplied, and added up where `mulSub` has two products:
//   WebAssembly: at most 3 (in `double`): 3 · 9 · 2^58 and the taps, below 2^53 each, stay below 2^63.
//   JavaScript: at most 5 (in `finishSum`): 5 · 11 · 2^46 < 2^52; quotient digits are then up to 2^29 and the taps below 2^46, all below 2^53.
// Values stay within 8p in size. R is 2^5·p (WebAssembly) or 2^8·p (JavaScript) and more, so a product of two values within 8p comes back within 3p.
const P = 0xfffffffeffffffffffffffffffffffffffffffff00000000ffffffffffffffffn;
const B = 0x28e9fa9e9d9f5e344d5a9e4bcf6509a7f39789f515ab8f92ddbcbd414d940e93n;
const GX = 0x32c4ae2c1f1981195f9904466a39c9948fe30bbff2660be1715a4589334c74c7n;
const GY = 0xbc3736a2f4f6779c59bdcee36b692153d0a9877cc62a474002df32e52139f0a0n;
/** p + 1 as signed powers of two. */
const TAPS = [[64, '+'], [96, '-'], [224, '-'], [256, '+']];

/** 64-bit integers: signed limbs of 29 bits, kept as 32-bit words; an address is one of memory. */
export const WASM = {
  limbs: 9,
  bits: 29,
  stride: 36,
  type: 'i64',
  open: '',
  get: (at, i) => `i64.load32_s(${at}, ${4 * i})`,
  put: (at, i, value) => `store<i32>(${at}, <i32>(${value}), ${4 * i})`,
  limb: (at, i) => `<i64>load<i32>(${at} + (${i} << 2))`,
  setLimb: (at, i, value) => `store<i32>(${at}, ${value}, ${4 * i})`,
  shift: (value, bits) => `(${value} << ${bits})`,
  split: (c, digit) => [`const ${digit}: i64 = ${c} & 0x1fffffff;`, `${c} >>= 29;`],
  wide: (k) => `<i64>${k}`,
  reduce: reduceInTurn,
  carry: carryInTurn,
  low: (value) => `<i32>(((${value} & 0x1fffffff) ^ 0x10000000) - 0x10000000)`,
};

/** Adding and taking away 1.5 · 2^76 rounds a double to a multiple of 2^24. */
const round = (value) => `(${value} + ${1.5 * 2 ** 76}) - ${1.5 * 2 ** 76}`;
const DOWN = 2 ** -24;

/** Doubles, exact up to 2^53: limbs of 24 bits, rounded to the nearest; an address is an index. */
export const JAVASCRIPT = {
  limbs: 11,
  bits: 24,
  stride: 11,
  type: 'f64',
  open: 'const m = elements;',
  get: (at, i) => `m[${at} + ${i}]!`,
  put: (at, i, value) => `m[${at} + ${i}] = ${value}`,
  limb: (at, i) => `m[${at} + ${i}]!`,
  setLimb: (at, i, value) => `m[${at} + ${i}] = ${value}`,
  shift: (value, bits) => `${value} * ${2 ** bits}`,
  split: (c, digit) => [`const ${digit}h = ${round(c)};`, `const ${digit} = ${c} - ${digit}h;`, `${c} = ${digit}h * ${DOWN};`],
  reduce: reduceAtOnce,
  carry: carryAtOnce,
  wide: (k) => k,
  low: (value) => `${value} - (${round(value)})`,
};

/** The source text of the field's functions for one machine. */
export function fieldSource(machine) {
  return [
    constants(machine),
    product(machine, 'mul', 'r: i32, a: i32, b: i32', [['a', 'b', '+']], 'r = a·b'),
    product(machine, 'mulSub', 'r: i32, a: i32, b: i32, c: i32, d: i32', [['a', 'b', '+'], ['c', 'd', '-']], 'r = a·b - c·d, reduced once'),
    product(machine, 'sqr', 'r: i32, a: i32', [['a', 'a', '+']], 'r = a²'),
    linear(machine, 'add', 'r: i32, a: i32, b: i32', (i) => `${machine.get('a', i)} + ${machine.get('b', i)}`, false, 'r = a + b'),
    linear(machine, 'sub', 'r: i32, a: i32, b: i32', (i) => `${machine.get('a', i)} - ${machine.get('b', i)}`, false, 'r = a - b'),
    linear(machine, 'copy', 'r: i32, a: i32', (i) => machine.get('a', i), false, 'r = a'),
    linear(machine, 'negate', 'r: i32, a: i32', (i) => `-${machine.get('a', i)}`, true, 'r = -a, carried'),
    linear(machine, 'twice', 'r: i32, a: i32', (i) => `${machine.wide(2)} * ${machine.get('a', i)}`, true, 'r = 2a, carried'),
    linear(machine, 'triple', 'r: i32, a: i32', (i) => `${machine.wide(3)} * ${machine.get('a', i)}`, true, 'r = 3a, carried'),
    linear(machine, 'subTwice', 'r: i32, a: i32, b: i32', (i) => `${machine.get('a', i)} - ${machine.wide(2)} * ${machine.get('b', i)}`, true, 'r = a - 2b, carried'),
    linear(machine, 'subAndTwice', 'r: i32, a: i32, b: i32, c: i32', (i) => `${machine.get('a', i)} - ${machine.get('b', i)} - ${machine.wide(2)} * ${machine.get('c', i)}`, true, 'r = a - b - 2c, carried'),
    isZero(machine),
    fromWords(machine),
  ].join('\n');
}

function constants(machine) {
  const { limbs, bits, stride } = machine;
  const r = 1n << BigInt(limbs * bits);
  const values = { ONE: r % P, TO_MONTGOMERY: (r * r) % P, CURVE_B: (B * r) % P, GX: (GX * r) % P, GY: (GY * r) % P, PRIME: P };
  const lines = [`export const FE: i32 = ${stride};`];
  const stores = [];
  Object.entries(values).forEach(([name, value], index) => {
    lines.push(`export const ${name}: i32 = FIELDS + ${index * stride};`);
    for (let i = 0; i < limbs; i++) stores.push(`  ${machine.setLimb(name, i, (value >> BigInt(bits * i)) & ((1n << BigInt(bits)) - 1n))};`);
  });
  lines.push(`export const FREE: i32 = FIELDS + ${Object.keys(values).length * stride};`, '');
  return [...lines, ...fn(machine, 'setConstants', '', stores)].join('\n');
}

function product(machine, name, parameters, factors, says) {
  const { limbs } = machine;
  const square = name === 'sqr';
  const body = [];
  for (const operand of new Set(factors.flatMap(([x, y]) => [x, y]))) {
    for (let i = 0; i < limbs; i++) body.push(`  const ${operand}${i} = ${machine.get(operand, i)};`);
    if (square) for (let i = 0; i < limbs - 1; i++) body.push(`  const t${i} = ${operand}${i} + ${operand}${i};`);
  }
  const sums = Array.from({ length: 2 * limbs - 1 }, (_, column) => {
    const terms = [];
    for (const [x, y, sign] of factors) {
      for (let i = Math.max(0, column - limbs + 1); i <= Math.min(column, limbs - 1); i++) {
        const j = column - i;
        if (square && i > j) continue;
        terms.push(`${sign} ${square && i < j ? 't' : x}${i} * ${y}${j}`);
      }
    }
    for (const [position, sign] of TAPS) {
      const digit = column - Math.floor(position / machine.bits);
      if (digit >= 0 && digit < limbs) terms.push(`${sign} ${machine.shift(`q${digit}`, position % machine.bits)}`);
    }
    return terms.join(' ').replace(/^\+ /, '');
  });
  body.push(...machine.reduce(sums).map((line) => `  ${line}`));
  return fn(machine, name, parameters, body, says).join('\n');
}

function linear(machine, name, parameters, limb, carried, says) {
  const limbs = Array.from({ length: machine.limbs }, (_, i) => limb(i));
  const body = carried ? machine.carry(limbs) : limbs.map((value, i) => `${machine.put('r', i, value)};`);
  return fn(machine, name, parameters, body.map((line) => `  ${line}`), says).join('\n');
}

/** From column to column: short for integers. */
function reduceInTurn(sums) {
  const { limbs } = WASM;
  const body = ['let z: i64 = 0;'];
  sums.forEach((sum, column) => {
    const digit = column < limbs ? `q${column}` : `r${column - limbs}`;
    body.push(`z += ${sum};`, ...WASM.split('z', digit));
  });
  for (let i = 0; i < limbs - 1; i++) body.push(`${WASM.put('r', i, `r${i}`)};`);
  return [...body, `${WASM.put('r', limbs - 1, 'z')};`];
}

function carryInTurn(limbs) {
  const top = limbs.length - 1;
  const body = ['let z: i64 = 0;'];
  for (let i = 0; i < top; i++) body.push(`z += ${limbs[i]};`, ...WASM.split('z', `r${i}`), `${WASM.put('r', i, `r${i}`)};`);
  return [...body, `${WASM.put('r', top, `z + (${limbs[top]})`)};`];
}

/**
 * Additions of doubles take four cycles each and a carry takes three of them, so no column waits for its neighbour's carry: what is
 * carried into a column joins its quotient digit unrounded. Only the highest digit is rounded with it, since it alone decides how
 * large the result is. The upper columns are carried twice, all at once.
 */
function reduceAtOnce(sums) {
  const { limbs } = JAVASCRIPT;
  const top = limbs - 1;
  const body = [];
  for (let k = 0; k < top; k++) {
    body.push(`const s${k} = ${sums[k]};`, `const h${k} = ${round(`s${k}`)};`);
    body.push(`const q${k} = s${k} - h${k}${k === 0 ? '' : ` + h${k - 1} * ${DOWN}`};`);
  }
  body.push(`const s${top} = ${sums[top]} + h${top - 1} * ${DOWN};`, `const h${top} = ${round(`s${top}`)};`, `const q${top} = s${top} - h${top};`);
  for (let k = limbs; k < sums.length; k++) body.push(`const s${k} = ${sums[k]};`, `const h${k} = ${round(`s${k}`)};`);
  // The lowest of them takes what the quotient left over, the highest only what is carried into it.
  for (let i = 0; i < top; i++) body.push(`const u${i} = s${limbs + i} - h${limbs + i} + h${limbs + i - 1} * ${DOWN};`);
  body.push(`const u${top} = h${limbs + top - 1} * ${DOWN};`);
  return [...body, ...carryAtOnce(Array.from({ length: limbs }, (_, i) => `u${i}`))];
}

function carryAtOnce(limbs) {
  const top = limbs.length - 1;
  const body = [];
  for (let i = 0; i < top; i++) body.push(`const v${i} = ${limbs[i]};`, `const g${i} = ${round(`v${i}`)};`);
  body.push(`m[r] = v0 - g0;`);
  for (let i = 1; i < top; i++) body.push(`m[r + ${i}] = v${i} - g${i} + g${i - 1} * ${DOWN};`);
  return [...body, `m[r + ${top}] = ${limbs[top]} + g${top - 1} * ${DOWN};`];
}

/** Zero modulo p means k·p exactly, and -k is then the low limb. */
function isZero(machine) {
  const { limbs } = machine;
  const body = [
    `  const k = -(${machine.low(machine.get('a', 0))});`,
    '  if (k > 16 || k < -16) return false;',
    `  let z: ${machine.type} = 0;`,
    `  for (let i = 0; i < ${limbs}; i++) {`,
    `    z += ${machine.limb('a', 'i')} - ${machine.wide('k')} * ${machine.limb('PRIME', 'i')};`,
    ...machine.split('z', 'digit').map((line) => `    ${line}`),
    '    if (digit !== 0) return false;',
    '  }',
    '  return z === 0;',
  ];
  return fn(machine, 'isZero', 'a: i32', body, 'Whether a is 0 modulo p, for values within 16p in size', 'bool').join('\n');
}

function fromWords(machine) {
  const { limbs, bits } = machine;
  const body = [];
  for (let i = 0; i < limbs; i++) {
    const first = (bits * i) >> 4;
    const skip = (bits * i) & 15;
    const parts = [`(word(a + ${first}) >> ${skip})`];
    for (let k = 1; first + k < 16 && 16 * k < bits + skip; k++) parts.push(`(word(a + ${first + k}) << ${16 * k - skip})`);
    body.push(`  ${machine.setLimb('r', i, `(${parts.join(' | ')}) & 0x${(2 ** bits - 1).toString(16)}`)};`);
  }
  body.push('  mul(r, r, TO_MONTGOMERY);');
  return fn(machine, 'fromWords', 'r: i32, a: i32', body, 'r = the number at a, 16 words of 16 bits, in Montgomery form').join('\n');
}

function fn(machine, name, parameters, body, says, result = 'void') {
  return [
    ...(says === undefined ? [] : [`/** ${says}. */`]),
    `export function ${name}(${parameters}): ${result} {`,
    ...(machine.open === '' ? [] : [`  ${machine.open}`]),
    ...body,
    '}',
    '',
  ];
}
