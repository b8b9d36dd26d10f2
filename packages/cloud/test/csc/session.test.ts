import { describe, expect, it } from 'vitest';
import { bench, leaks, play, sessionOf } from './bench.js';

describe.each([['v1'], ['v2']] as const)('a session at a CSC service %s', (version) => {
  it.each([
    ['SM2', '', ['pin']], ['P-256', '', ['pin']], ['RSA-2048', '', ['pin']],
    ['SM2', '-otp', ['pin', 'otp']], ['SM2', '-push', []], ['SM2', '-oauth', ['oauth']],
  ] as const)('signs with %s, authorised by %s', async (kind, suffix, questions) => {
    const on = bench({ version, kinds: [kind] });
    const id = `key-${{ SM2: 'qinghe', 'P-256': 'hengtao', 'RSA-2048': 'yanqiao' }[kind]}${suffix}`;
    const { end, events, asked } = await play(on, await sessionOf(on, id, 3));
    expect(end).toMatchObject({ type: 'done' });
    expect(end.type === 'done' && end.signatures).toHaveLength(3);
    expect(asked.map(({ type }) => type)).toEqual(questions);
    expect(on.provider.made).toHaveLength(3);
    expect(leaks(on, events)).toEqual([]);
  });
});
