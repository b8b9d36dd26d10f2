import { beforeAll, describe, expect, it } from 'vitest';
import { createScriptedProvider } from '../../src/conformance/scripted-provider.js';
import { createSigningSession, type Judgement } from '../../src/index.js';
import { bench, companies, inputFor, judgement, play, softKey } from '../session/bench.js';
import { BATCH_FAILURES, goOn } from './batch.js';
import { beyondTheModulus, ENCODING_FAILURES } from './encodings.js';
import { prove } from './failure.js';
import { NETWORK_FAILURES } from './network.js';
import { RESULT_FAILURES, sameKeyTwice } from './result.js';
import { USER_FAILURES } from './user.js';

let judged: Judgement;
beforeAll(async () => { judged = await judgement(); });

describe.each([['time and network', NETWORK_FAILURES], ['the user and what he authorises', USER_FAILURES], ['what comes back', RESULT_FAILURES], ['how it is written', ENCODING_FAILURES], ['clocks, batches, privacy', BATCH_FAILURES]])('%s', (_, failures) => {
  it.each(failures.map((failure) => [failure.number, failure.what, failure] as const))('(%i) %s', (__, ___, failure) => prove(failure, judged), 120_000);
});

describe('and', () => {
  it('(29) an RSA value beyond the modulus is none', beyondTheModulus);
  it('(34) one key in two certificates is told', async () => {
    expect(await sameKeyTwice(judged)).toEqual([undefined, 'a']);
  });
  it('(41) what one failure left is signed later, alone', async () => {
    let refuses = ['i1'];
    const provider = createScriptedProvider([softKey(companies('SM2')[0]!)], { get refuses() { return refuses; } });
    const { ports, snapshots } = bench();
    await play(await createSigningSession(await inputFor(provider.adapter, 3, judged, ports)));
    refuses = [];
    expect(await goOn(snapshots.at(-1)!, provider.adapter)).toMatchObject({ type: 'done', signatures: [{}, {}, {}] });
    expect(provider.made).toEqual(['i0', 'i2', 'i1']);
  });
});
