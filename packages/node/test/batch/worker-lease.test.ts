import { setImmediate } from 'node:timers/promises';
import type { Evidence, Report } from '@hefu/verify';
import { describe, expect, it } from 'vitest';
import type { Chunk } from '../../src/batch/chunk.js';
import { createLease, type Crew, type LeaseOptions, type Member } from '../../src/batch/worker-lease.js';
import type { PreparedMessage } from '../../src/verify-message.js';

/** A worker that keeps what it is sent, and answers nothing. */
function standIn(): { readonly member: Member; readonly sent: string[][] } {
  const sent: string[][] = [];
  const pack = (messages: readonly PreparedMessage[]): Chunk => {
    sent.push(messages.map(({ signature }) => String(signature)));
    return { octets: new ArrayBuffer(0), messages: [], evidence: [], crls: [], forgetCrls: false };
  };
  const member = { worker: { ref() {}, postMessage() {} }, sent: { beginBatch() {}, pack }, settings: undefined, ready: true, chunks: [], onAnswer: () => undefined, onGone: () => undefined };
  return { member: member as unknown as Member, sent };
}

const signer = (): Evidence => ({ candidateCertificates: [], crls: [], gaps: [] });
const messages = (name: string, count: number, evidence: Evidence): PreparedMessage[] =>
  Array.from({ length: count }, () => ({ signature: name, evidence, content: undefined }) as unknown as PreparedMessage);

describe('who judges', () => {
  it('is who judged that signer last, also where it was taken over from another', async () => {
    const { member, sent } = standIn();
    const crew: Crew = { idle: () => undefined, start: () => member, leave: () => undefined, judged: 0 };
    const here: string[] = [];
    const lease = createLease({ size: 1, settings: { trust: {}, policy: {}, limits: {} } as LeaseOptions['settings'], here: async ({ signature }) => (here.push(String(signature)), {} as Report) }, crew);
    const judged = (all: readonly PreparedMessage[]): Promise<unknown> => Promise.allSettled(all.map((message) => lease.judge(message)));
    const [a, b, c] = [signer(), signer(), signer()];

    const first = judged([...messages('a', 8, a), ...messages('b', 8, b)]);
    expect(sent).toEqual([[...Array(8).fill('a'), ...Array(8).fill('b')]]);
    // Nothing else to do here while the worker is at it.
    await judged(messages('a', 1, a));
    expect(here).toEqual(['a']);
    const next = judged([...messages('a', 14, a), ...messages('b', 14, b), ...messages('c', 4, c)]);
    expect(sent[1]).toEqual([...Array(14).fill('b'), ...Array(2).fill('c')]);
    while (here.length < 15) await setImmediate();
    expect(here.slice(1)).toEqual(Array(14).fill('a'));
    lease.close();
    await Promise.all([first, next]);
  });
});
