import { describe, expect, it } from 'vitest';
import { defineElements, HefuSign } from '../../src/components/index.js';

// This is Node.js, as where a framework renders pages on a server.
describe('elements on a server', () => {
  it('load, and register nothing', () => {
    expect(globalThis.HTMLElement).toBeUndefined();
    expect(() => defineElements()).not.toThrow();
    expect(HefuSign).toBeTypeOf('function');
  });
});
