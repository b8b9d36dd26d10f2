import { cosignFacade } from './cosign/cosign-facade.js';
import { createCscProvider } from './csc/provider.js';
import type { CscOptions } from './csc/state.js';
import type { FacadeMaker } from './facade.js';
import { kmsFacade } from './kms/kms-facade.js';
import { createQrProvider } from './qr/qr-facade.js';

/** Every protocol the sandbox speaks, for `hefu sandbox serve`. */
export function providerFacades(csc: CscOptions = {}): readonly FacadeMaker[] {
  return [
    ...createCscProvider(csc).facades,
    createQrProvider().facade,
    kmsFacade,
    cosignFacade,
  ];
}
