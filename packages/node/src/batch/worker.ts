import { setImmediate } from 'node:timers/promises';
import { parentPort } from 'node:worker_threads';
import { readSignedData } from '@hefu/pki';
import { createJudgeCaches, createVerdictCache } from '@hefu/verify';
import { nodeAlgorithms } from '../algorithms.js';
import { judgeMessage } from '../verify-message.js';
import { ReceivedObjects, type BatchSettings, type Chunk, type ChunkAnswer, type ReceivedMessage } from './chunk.js';
import { ReportSender } from './report-post.js';
import { sendError } from './sent-error.js';
import type { Answer, Order } from './worker-lease.js';

// Judges what the pool sends, one message after another: content files, and otherwise no files, no network, no clock.
const port = parentPort!;
const algorithms = nodeAlgorithms();
const facts = createJudgeCaches();
const received = new ReceivedObjects();
const { signal } = new AbortController();
let settings: BatchSettings;
let caches = facts;

function begin(given: BatchSettings | undefined): void {
  if (given !== undefined) settings = given;
  received.beginBatch();
  caches = { ...facts, verdicts: createVerdictCache() };
}

async function answer(chunk: Chunk): Promise<ChunkAnswer> {
  const reports = new ReportSender();
  const answers: ChunkAnswer[number][] = [];
  for (const [index, message] of received.unpack(chunk).entries()) answers.push(await answerOne(message, index, reports));
  return answers;
}

async function answerOne({ signature, watched, ...message }: ReceivedMessage, index: number, reports: ReportSender): Promise<ChunkAnswer[number]> {
  const onProgress = watched ? (progress: { done: number; total: number }): void => port.postMessage({ kind: 'progress', index, progress } satisfies Answer) : undefined;
  try {
    return { report: reports.post(await judgeMessage({ ...message, signed: readSignedData(signature), onProgress }, { trust: settings.trust, caches, signal }, { ...settings, algorithms })) };
  } catch (error) {
    return { error: sendError(error) };
  }
}

// One order after another, though judging awaits.
let done: Promise<void> = Promise.resolve();
port.on('message', (order: Order) => {
  done = done.then(async () => {
    if (order.kind === 'begin') return begin(order.settings);
    port.postMessage({ kind: 'answer', answer: await answer(order.chunk) } satisfies Answer);
    await setImmediate();
  });
});
port.postMessage({ kind: 'ready' } satisfies Answer);
