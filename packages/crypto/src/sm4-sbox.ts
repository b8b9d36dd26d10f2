/**
 * The SM4 S-box (GB/T 32907 §6.2) as a circuit of XOR and AND on bit planes: no table, no branch, so its
 * time and memory accesses do not depend on the data.
 *
 * S(x) = A·(A·x + c)⁻¹ + c in GF(2^8) modulo x^8+x^7+x^6+x^5+x^4+x^2+1, with A the circulant matrix of 0xA7
 * and c = 0xD3. The inverse is taken in the tower GF(((2^2)^2)^2) with w² = w + 1, z² = z + w and
 * y² = y + ν, ν = z·w + 1 (0x9); the change of basis is folded into the two affine maps.
 */

/**
 * Substitutes 32 bytes in place.
 *
 * @param planes eight words; bit k of byte lane j of the input is bit j of `planes[k]`
 */
export function substitute(planes: Int32Array): void {
  const x0 = planes[0]!;
  const x1 = planes[1]!;
  const x2 = planes[2]!;
  const x3 = planes[3]!;
  const x4 = planes[4]!;
  const x5 = planes[5]!;
  const x6 = planes[6]!;
  const x7 = planes[7]!;

  // u = the tower form of A·x + c.
  const t0 = x0 ^ x6;
  const t1 = x2 ^ t0;
  const t2 = x4 ^ x5;
  const t3 = x1 ^ t1;
  const t5 = t2 ^ t3;
  const u0 = t0 ^ t2;
  const u1 = x1 ^ t2;
  const u2 = ~x5;
  const u3 = x5 ^ t3;
  const u4 = x4 ^ t3;
  const u5 = ~x6;
  const u6 = ~(x2 ^ x7);
  const u7 = ~(x3 ^ t5);

  // a = a1·y + a0, the nibbles of u; Karatsuba sums of both.
  const pm0 = u0 ^ u2;
  const pm1 = u1 ^ u3;
  const plx = u0 ^ u1;
  const phx = u2 ^ u3;
  const pmx = pm0 ^ pm1;
  const qm0 = u4 ^ u6;
  const qm1 = u5 ^ u7;
  const qlx = u4 ^ u5;
  const qhx = u6 ^ u7;
  const qmx = qm0 ^ qm1;
  // Norm of a: ν·a1² + a1·a0 + a0², an element of GF(2^4).
  const nlr = u4 & u0;
  const nl0 = (u5 & u1) ^ nlr;
  const nl1 = (qlx & plx) ^ nlr;
  const nhr = u6 & u2;
  const nh0 = (u7 & u3) ^ nhr;
  const nh1 = (qhx & phx) ^ nhr;
  const nmr = qm0 & pm0;
  const nm0 = (qm1 & pm1) ^ nmr;
  const nm1 = (qmx & pmx) ^ nmr;
  const d0 = nh1 ^ nl0 ^ qlx ^ qhx ^ plx ^ u3;
  const d1 = nh0 ^ nh1 ^ nl1 ^ u5 ^ u7 ^ u1 ^ u2;
  const d2 = nm0 ^ nl0 ^ u5 ^ phx;
  const d3 = nm1 ^ nl1 ^ u4 ^ u3;
  // Inverse in GF(2^4): norm to GF(2^2), where inverting is squaring.
  const dm0 = d0 ^ d2;
  const dm1 = d1 ^ d3;
  const gr = d2 & d0;
  const g0 = (d3 & d1) ^ gr ^ d3 ^ d0 ^ d1;
  const g1 = ((d2 ^ d3) & (d0 ^ d1)) ^ gr ^ d2 ^ d1;
  const gi0 = g0 ^ g1;
  const dhx = d2 ^ d3;
  const dmx = dm0 ^ dm1;
  const ehr = d2 & gi0;
  const eh0 = (d3 & g1) ^ ehr;
  const eh1 = (dhx & g0) ^ ehr;
  const elr = dm0 & gi0;
  const el0 = (dm1 & g1) ^ elr;
  const el1 = (dmx & g0) ^ elr;
  // a⁻¹ = (a1·y + a0 + a1) / norm.
  const em0 = el0 ^ eh0;
  const em1 = el1 ^ eh1;
  const elx = el0 ^ el1;
  const ehx = eh0 ^ eh1;
  const emx = em0 ^ em1;
  const vlr = u4 & el0;
  const vl0 = (u5 & el1) ^ vlr;
  const vl1 = (qlx & elx) ^ vlr;
  const vhr = u6 & eh0;
  const vh0 = (u7 & eh1) ^ vhr;
  const vh1 = (qhx & ehx) ^ vhr;
  const vmr = qm0 & em0;
  const vm0 = (qm1 & em1) ^ vmr;
  const vm1 = (qmx & emx) ^ vmr;
  const v4 = vh1 ^ vl0;
  const v5 = vh0 ^ vh1 ^ vl1;
  const v6 = vm0 ^ vl0;
  const v7 = vm1 ^ vl1;
  const w0 = u0 ^ u4;
  const w1 = u1 ^ u5;
  const w2 = u2 ^ u6;
  const w3 = u3 ^ u7;
  const wm0 = w0 ^ w2;
  const wm1 = w1 ^ w3;
  const wlx = w0 ^ w1;
  const whx = w2 ^ w3;
  const wmx = wm0 ^ wm1;
  const zlr = w0 & el0;
  const zl0 = (w1 & el1) ^ zlr;
  const zl1 = (wlx & elx) ^ zlr;
  const zhr = w2 & eh0;
  const zh0 = (w3 & eh1) ^ zhr;
  const zh1 = (whx & ehx) ^ zhr;
  const zmr = wm0 & em0;
  const zm0 = (wm1 & em1) ^ zmr;
  const zm1 = (wmx & emx) ^ zmr;
  const v0 = zh1 ^ zl0;
  const v1 = zh0 ^ zh1 ^ zl1;
  const v2 = zm0 ^ zl0;
  const v3 = zm1 ^ zl1;

  // A·v + c, back from the tower.
  const b0 = v0 ^ v6;
  const b1 = v1 ^ v4;
  const b2 = v7 ^ b0;
  const b3 = v2 ^ b1;
  const b4 = v1 ^ v3;
  planes[0] = ~(v0 ^ v2);
  planes[1] = ~(v4 ^ b0);
  planes[2] = b3;
  planes[3] = b2;
  planes[4] = ~(v5 ^ b4);
  planes[5] = v7 ^ b4;
  planes[6] = ~(v5 ^ v0 ^ b1);
  planes[7] = ~(v3 ^ b2 ^ b3);
}
