// A worker that ends over some items: always, or the first time, which a file remembers beyond its life.
import { existsSync, writeFileSync } from 'node:fs';
import { parentPort } from 'node:worker_threads';
import '../../dist/batch/worker.js';

parentPort.on('message', ({ context }) => {
  if (context.role === 'deadly') process.exit(1);
  if (context.role !== 'deadly once' || existsSync(process.env.HEFU_TEST_DIED)) return;
  writeFileSync(process.env.HEFU_TEST_DIED, '');
  process.exit(1);
});
