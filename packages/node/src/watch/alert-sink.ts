import type { Alert } from '@hefu/updater';

/** Where alerts go. `deliver` rejects when they did not arrive; they are then handed over again later, in order. */
export interface AlertSink {
  readonly name: string;
  deliver(alert: Alert, signal: AbortSignal): Promise<void>;
}
