import { createCscProvider } from './csc/provider.js';
import type { FacadeMaker } from './facade.js';

/** Every protocol the sandbox speaks, for `hefu sandbox serve`. */
export function providerFacades(): readonly FacadeMaker[] {
  return [
    ...createCscProvider().facades,
  ];
}
