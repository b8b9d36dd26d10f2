import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { sm2, sm2Digest } from '@hefu/crypto';
import { answerRound, createServerShare } from '@hefu/crypto/two-party';
import { SignError } from '@hefu/sign';
import { CLEARANCE, clearAbort, COSIGN_CONSENT, createEnrolment, createMemoryShareStore, type CosignServer, type ShareRecord, type ShareStore } from '../../src/index.js';
import { coSign } from '../../src/cosign/co-sign.js';
import { adapterContext } from '../context.js';
import { seededRandom } from '../world.js';
import { WatchedSeal } from './bench.js';

type Step = 'sign' | 'lost' | 'cheat' | 'die' | 'cheat-and-full-disk' | 'clear';
const STEPS: readonly Step[] = ['sign', 'lost', 'cheat', 'die', 'cheat-and-full-disk', 'clear'];
const ERRORS: Readonly<Record<string, readonly string[]>> = { lost: ['NETWORK'], cheat: ['COSIGN_ABORT'], die: ['ADAPTER_MISCONFIGURED'], 'cheat-and-full-disk': ['COSIGN_ABORT'] };

/** Whatever comes in whatever order: a share is used after a failed or unfinished check only once an operator has cleared it. */
describe('the states of a share', () => {
  it('agree with their model on random histories', async () => {
    const random = seededRandom(11);
    await fc.assert(fc.asyncProperty(fc.array(fc.constantFrom(...STEPS), { minLength: 1, maxLength: 7 }), async (steps) => {
      const memory = createMemoryShareStore();
      const seal = new WatchedSeal();
      let mode: Step = 'sign';
      let share = new Uint8Array();
      const asked = new Set<string>();
      const server: CosignServer = {
        async createKey(_, point) {
          const made = createServerShare(point, random.bytes(48));
          share = made.share.slice();
          return { kid: 'k', publicKey: made.publicKey };
        },
        async answer(_, __, { digest, q1 }) {
          expect(asked.has(String(q1))).toBe(false);
          asked.add(String(q1));
          if (mode === 'lost') throw new SignError('NETWORK', 'lost');
          const right = answerRound({ share, digest, q1, random: random.bytes(96) });
          return mode.startsWith('cheat') ? { ...right, s2: new Uint8Array(32).fill(1) } : right;
        },
      };
      const store: ShareStore = {
        ...memory,
        write: (id, record: ShareRecord, expected) => {
          const fails = (mode === 'die' && record.state === 'active') || (mode === 'cheat-and-full-disk' && record.state === 'aborted');
          return fails ? Promise.reject(new Error('no space')) : memory.write(id, record, expected);
        },
      };
      const context = { ...adapterContext(), random };
      const publicKey = await createEnrolment({ enable: COSIGN_CONSENT, store, seal, server, context }).createShare('x');
      const enrolled = (await memory.read('x'))!;
      await memory.write('x', { ...enrolled, state: 'active', revision: 2 }, 1);

      let usable = true;
      for (const step of steps) {
        mode = step;
        if (step === 'clear') {
          const cleared = await clearAbort(store, 'x', CLEARANCE).then(() => true, () => false);
          expect(cleared).toBe(!usable);
          usable = true;
          continue;
        }
        const before = asked.size;
        const digest = sm2Digest(publicKey, random.bytes(8));
        const result = await coSign({ id: 'x', store, seal, server, context, digest, from: ['active'], to: 'active' }).catch((error: SignError) => error.code);
        if (!usable) {
          expect(result).toBe('COSIGN_ABORT');
          expect(asked.size).toBe(before);
        } else if (step === 'sign') {
          expect(sm2.verifyDigest!({ kty: 'EC', crv: 'SM2', point: publicKey }, digest, result as Uint8Array)).toBe(true);
        } else {
          expect(ERRORS[step]).toContain(result);
          if (step !== 'lost') usable = false;
        }
        expect((await memory.read('x'))!.state === 'active').toBe(usable);
      }
    }), { numRuns: 25, seed: Number(process.env['HEFU_SEED'] ?? 20260601) });
  });
});
