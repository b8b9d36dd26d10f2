// Before each file of tests: bytes are compared as bytes. `toEqual` on its own compares each octet as it does an object, and then once more
// as a named property, which took most of the time of tests that compare lists, messages and documents.
import { expect } from 'vitest';

const INSTALLED = Symbol.for('hefu.test.bytes');

/** Of one class as `toEqual` has it (a Buffer is no Uint8Array); what differs goes the slow way, so that the report shows where. */
const equalBytes = (a, b) => (a instanceof Uint8Array && b instanceof Uint8Array && a.constructor === b.constructor && Buffer.compare(a, b) === 0 ? true : undefined);

// Files that share a process share the testers.
if (globalThis[INSTALLED] === undefined) {
  globalThis[INSTALLED] = true;
  expect.addEqualityTesters([equalBytes]);
}
