import { encodeBase64 } from '@hefu/trust-list';
import type { AdapterContext, BeginRequest, SigningItem } from '@hefu/sign';
import type { CscOptions, CscVault } from './ports.js';
import type { CscInfo, CscService } from './service.js';

/** What one authorisation at a service is done with. */
export interface CscWork {
  readonly options: CscOptions;
  readonly service: CscService;
  readonly info: CscInfo;
  readonly request: BeginRequest;
  readonly context: AdapterContext;
  readonly vault: CscVault;
}

/** Hashes as the service wants them written. */
export function hashTexts({ service: { quirks } }: CscWork, items: readonly SigningItem[]): readonly string[] {
  return items.map(({ toSign }) => (quirks.hashes === 'percent-base64' ? encodeURIComponent(encodeBase64(toSign.value)) : encodeBase64(toSign.value)));
}

export const DEFAULT_POLL_MS = 2000;
export const DEFAULT_CONFIRM_MS = 300_000;
