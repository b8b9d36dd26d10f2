// Uses one cache directory over and over, with whatever list lies at the path: concurrent-verifiers.test.ts runs two at once.
import { readFile } from 'node:fs/promises';
import { createVerifier } from '../dist/index.js';

const [path, role, cacheDir, at] = process.argv.slice(2);
const clock = { now: () => Number(at) };
let last = 0;
for (;;) {
  const verifier = await createVerifier({ trustList: { path }, role: JSON.parse(await readFile(role, 'utf8')), clock, cacheDir, online: false });
  for (let round = 0; round < 3; round++) {
    await verifier.refresh();
    const { sequence } = verifier.trustList;
    if (sequence < last) throw new Error(`list ${last} was in use, now ${sequence}`);
    last = sequence;
    process.send?.(sequence);
  }
  verifier.close();
}
