import { readdirSync, readFileSync, statSync } from 'node:fs';
import { beforeAll, describe, expect, it } from 'vitest';
import { CSC_PIN } from '../../../sandbox/dist/provider/csc/credentials.js';
import { CSC_SERVICE_TOKEN } from '../../../sandbox/dist/provider/csc/state.js';
import type { Fetch } from '../../src/index.js';
import { HeldClock } from '../held-clock.js';
import { AT } from '../world.js';
import { FLOWS, PLACEHOLDERS, type Flow } from './flows.js';
import { play, requestOf, type Played, type Transcript } from './play.js';

const FOLDER = new URL('recorded/', import.meta.url);
const fileOf = ({ name }: Flow): URL => new URL(`${name}.json`, FOLDER);

/** HEFU_RECORD_TRANSCRIPTS=1 records them anew before the sandbox; what then differs in git is what changed on the wire. */
beforeAll(async () => {
  if (process.env['HEFU_RECORD_TRANSCRIPTS'] !== '1') return;
  const { record } = await import('./record.js');
  for (const flow of FLOWS) await record(flow, fileOf(flow));
});

const read = (flow: Flow): Transcript => JSON.parse(readFileSync(fileOf(flow), 'utf8')) as Transcript;

interface Replayed extends Played {
  readonly sent: readonly unknown[];
}

/** The recorded answers in their order, whatever is asked; what was asked is compared afterwards. */
async function replay(flow: Flow, { answers, exchanges, chain }: Transcript): Promise<Replayed> {
  const clock = new HeldClock(AT);
  const sent: unknown[] = [];
  let answered = 0;
  const fetch: Fetch = (url, init) => {
    const exchange = exchanges[sent.length];
    sent.push(requestOf(url, init));
    if (exchange === undefined) return Promise.reject(new TypeError('a request more than was recorded'));
    const { status, answer, answerHeaders } = exchange;
    return clock.during(Promise.resolve(new Response(status === 204 ? null : answer, { status, headers: answerHeaders })));
  };
  const played = await play(flow, { clock, fetch, secrets: PLACEHOLDERS, chain: chain.map((text) => new Uint8Array(Buffer.from(text, 'base64'))), answer: () => answers[answered++]!, show: () => undefined });
  return { ...played, sent };
}

describe.each(FLOWS.map((flow) => [flow.name, flow] as const))('the transcript %s', (_, flow) => {
  it('is asked for again by the same requests, and read to values that verify', async () => {
    const transcript = read(flow);
    const { sent, events, refused, values } = await replay(flow, transcript);
    expect(sent).toEqual(transcript.exchanges.map(({ method, url, headers, body }) => ({ method, url, headers, body })));
    expect(events).toEqual(transcript.events);
    expect({ refused, values }).toEqual({ refused: [], values: flow.items });
  });

  it('is not read to values that verify when the values of another stand in it', async () => {
    const transcript = read(flow);
    // One octet of the values, wherever this service writes them.
    const other = (octet: string): string => (octet === 'A' ? 'B' : 'A');
    const spoil = (answer: string): string => answer.replace(/"(ME[UQY][A-Za-z0-9+/_-]{20})(.)/g, (_, head: string, octet: string) => `"${head}${other(octet)}`).replace(/(vault:v1:.{20})(.)/g, (_, head: string, octet: string) => head + other(octet));
    const exchanges = transcript.exchanges.map((exchange) => ({ ...exchange, answer: spoil(exchange.answer) }));
    expect(exchanges.filter(({ answer }, index) => answer !== transcript.exchanges[index]!.answer)).toHaveLength(1);
    const { refused } = await replay(flow, { ...transcript, exchanges });
    expect(refused.length).toBeGreaterThan(0);
  });

  it('is small, and has no secret in it', () => {
    const text = readFileSync(fileOf(flow), 'utf8');
    expect(statSync(fileOf(flow)).size).toBeLessThan(20_000);
    for (const secret of [CSC_PIN, CSC_SERVICE_TOKEN, 'sandbox-shared-key-of-app-1', 'hvs.', 'PRIVATE KEY']) expect(text).not.toContain(secret);
  });
});

it('there is no transcript of a flow that is none', () => {
  expect(readdirSync(FOLDER).sort()).toEqual(FLOWS.map(({ name }) => `${name}.json`).sort());
});
