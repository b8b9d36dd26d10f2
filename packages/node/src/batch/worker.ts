import { parentPort, workerData } from 'node:worker_threads';
import { createJudgeCaches, createVerdictCache, judge } from '@hefu/verify';
import { nodeAlgorithms } from '../algorithms.js';
import { ReceivedCrls, type BatchSettings, type Job, type JobAnswer } from './job.js';

// Judges what the pool sends, one job after another: no files, no network, no clock.
const { trust, policy } = workerData as BatchSettings;
const algorithms = nodeAlgorithms();
const caches = { ...createJudgeCaches(), verdicts: createVerdictCache() };
const crls = new ReceivedCrls();

async function answer(job: Job): Promise<JobAnswer> {
  try {
    return { report: await judge({ ...crls.unpack(job), trustList: trust, policy, algorithms, caches }) };
  } catch (error) {
    return { failure: error instanceof Error ? { name: error.name, message: error.message } : { name: 'Error', message: String(error) } };
  }
}

parentPort!.on('message', (job: Job) => void answer(job).then((result) => parentPort!.postMessage(result)));
