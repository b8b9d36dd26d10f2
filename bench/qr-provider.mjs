// The provider of bench/qr.mjs, in a thread of its own: its memory and its SM2 are not the platform's.
import { parentPort, workerData } from 'node:worker_threads';
import { createQrProvider, createWorld, serveProvider } from '../packages/sandbox/dist/index.js';

const { at, startedAt, seed } = workerData;
const qr = createQrProvider({ deliver: async () => 200 });
let confirming = false;
const facade = (ground) => {
  const inner = qr.facade(ground);
  return {
    ...inner,
    async handle(request, faults) {
      const answer = await inner.handle(request, faults);
      if (confirming && request.url.endsWith('/addSignJob')) qr.book().decide(qr.book().find(({ state }) => state === 'waiting'), 'approve');
      return answer;
    },
  };
};
const provider = await serveProvider(createWorld({ seed, at }), { facades: [facade], now: () => at + Date.now() - startedAt });
parentPort.on('message', async (told) => {
  if (told === 'confirm') confirming = true;
  if (told === 'end') {
    await provider.close();
    parentPort.close();
  }
});
parentPort.postMessage(provider.baseUrl);
