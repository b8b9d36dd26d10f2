import { cosignFacade } from './cosign/cosign-facade.js';
import { createCscProvider } from './csc/provider.js';
import type { FacadeMaker } from './facade.js';
import { kmsFacade } from './kms/kms-facade.js';
import { createQrProvider } from './qr/qr-facade.js';

/** Every protocol the sandbox speaks, for `hefu sandbox serve`. */
export function providerFacades(): readonly FacadeMaker[] {
  return [
    ...createCscProvider().facades,
    createQrProvider().facade,
    kmsFacade,
    cosignFacade,
  ];
}
