// Puts whole values of one octet each, for ever: file-store.test.ts kills it.
import { fileStore } from '../dist/file-store.js';

const [directory, size] = process.argv.slice(2);
const store = fileStore(directory);
for (let octet = 1; ; octet = (octet % 250) + 1) {
  await store.put('k', new Uint8Array(Number(size)).fill(octet));
  process.send?.(octet);
}
