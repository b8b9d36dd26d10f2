// A worker that ends over some messages: always, or the first time, which a file remembers beyond its life.
import { existsSync, writeFileSync } from 'node:fs';
import { parentPort } from 'node:worker_threads';
import '../../dist/batch/worker.js';

parentPort.on('message', (order) => {
  const roles = order.kind === 'chunk' ? order.chunk.messages.map(({ context }) => context.role) : [];
  if (roles.includes('deadly')) process.exit(1);
  if (!roles.includes('deadly once') || existsSync(process.env.HEFU_TEST_DIED)) return;
  writeFileSync(process.env.HEFU_TEST_DIED, '');
  process.exit(1);
});
