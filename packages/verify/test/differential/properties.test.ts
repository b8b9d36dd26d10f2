import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { INTEROP, STRICT, validatePath, type ValidatePathOptions } from '../../src/index.js';
import { encodeCertificate, encodeWorld, STRANGER } from './encode.js';
import { drawChain, drawGraph } from './generate.js';
import type { ModelCertificate, World } from './model.js';
import { Random } from './random.js';

/** What must not change a verdict, over generated worlds. Within the default budget, which nothing here may eat. */

const RUNS = Number(process.env['HEFU_DIFFERENTIAL'] ?? 600) / 8;
const worlds = fc.record({ seed: fc.integer({ min: 0, max: 0x7fffffff }), graph: fc.boolean() }).map(({ seed, graph }) => ({ seed, ...(graph ? drawGraph : drawChain)(seed, ['p256']) }));

async function verdict(options: ValidatePathOptions): Promise<string> {
  const { valid, failure } = await validatePath(options);
  return valid ? 'VALID' : failure!.code;
}

/** Certificates that look like those of the world, octets that look like nothing, and the world's own again. */
function garbageOf({ leaf, candidates, anchors }: World, random: Random): readonly Uint8Array[] {
  const all = [leaf, ...candidates, ...anchors.flatMap(({ certificate }) => certificate ?? [])];
  const lookalikes: readonly ((certificate: ModelCertificate) => ModelCertificate)[] = [
    (certificate) => ({ ...certificate, key: STRANGER, basic: { ca: true, pathLength: undefined, critical: true }, usage: ['keyCertSign', 'cRLSign'] }),
    (certificate) => ({ ...certificate, issuer: certificate.subject, key: STRANGER, signer: STRANGER, outerAlgorithm: 'p256' }),
    (certificate) => ({ ...certificate, altered: true }),
    (certificate) => ({ ...certificate, serial: 3, notAfter: certificate.notBefore }),
    (certificate) => ({ ...certificate, serial: 4, unknown: 'critical' }),
    (certificate) => ({ ...certificate, serial: 5, authorityKeyId: 'wrong', usage: ['digitalSignature'] }),
    (certificate) => ({ ...certificate, serial: 6, constraints: { permitted: [{ kind: 'dn', value: 'C=XX' }], excluded: [{ kind: 'dns', value: '' }], critical: true } }),
  ];
  const bytes = encodeCertificate(random.pick(all));
  const torn = bytes.slice(0, random.below(bytes.length));
  const bent = bytes.slice();
  bent[random.below(bent.length)]! ^= 1 << random.below(8);
  return random.shuffled([
    ...Array.from({ length: random.below(12) }, () => encodeCertificate(random.pick(lookalikes)(random.pick(all)))),
    torn, bent, bytes, new Uint8Array(0), Uint8Array.of(0x30, 0x80),
  ]);
}

const seen = { VALID: 0, other: 0 };

describe('over generated worlds', () => {
  it('the order of candidates, anchors and CRLs changes no verdict', async () => {
    await fc.assert(
      fc.asyncProperty(worlds, async ({ seed, world }) => {
        const random = new Random(seed);
        const options = encodeWorld(world);
        const first = await verdict({ ...options, profile: INTEROP });
        seen[first === 'VALID' ? 'VALID' : 'other']++;
        for (let i = 0; i < 3; i++) {
          const shuffled = { ...options, candidates: random.shuffled(options.candidates!), anchors: random.shuffled(options.anchors), crls: random.shuffled(options.crls!) };
          expect(await verdict({ ...shuffled, profile: INTEROP })).toBe(first);
        }
      }),
      { numRuns: RUNS },
    );
    expect(Math.min(seen.VALID, seen.other)).toBeGreaterThan(RUNS / 10);
  }, 3_600_000);

  it('garbage among the candidates makes nothing valid invalid, nor anything invalid valid', async () => {
    await fc.assert(
      fc.asyncProperty(worlds, async ({ seed, world }) => {
        const random = new Random(seed);
        const options = { ...encodeWorld(world), profile: STRICT };
        const before = await verdict(options);
        const candidates = random.shuffled([...options.candidates!, ...garbageOf(world, random)]);
        const after = await verdict({ ...options, candidates });
        expect([after === 'VALID', after]).toEqual([before === 'VALID', expect.anything()]);
      }),
      { numRuns: RUNS },
    );
  }, 3_600_000);

  it('another anchor makes nothing valid invalid', async () => {
    await fc.assert(
      fc.asyncProperty(worlds, async ({ seed, world }) => {
        const random = new Random(seed);
        const options = { ...encodeWorld(world), profile: INTEROP };
        if ((await verdict(options)) !== 'VALID') return;
        const more = random.shuffled([...options.candidates!, ...garbageOf(world, random), { name: Uint8Array.of(0x30, 0), spki: new Uint8Array(3) }]).slice(0, 1 + random.below(4));
        expect(await verdict({ ...options, anchors: random.shuffled([...options.anchors, ...more]) as ValidatePathOptions['anchors'] })).toBe('VALID');
      }),
      { numRuns: RUNS },
    );
  }, 3_600_000);
});
