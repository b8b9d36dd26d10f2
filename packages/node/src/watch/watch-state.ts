import { readHealthState, type Alert, type HealthState, type Store } from '@hefu/updater';

/** What outlives the process: what was told, and what has not arrived yet. */
export interface WatchState {
  readonly health: HealthState | undefined;
  /** By sink, oldest first. */
  readonly waiting: Readonly<Record<string, readonly Alert[]>>;
}

const KEY = 'watch-state';
const MAX_BYTES = 64 * 1024 * 1024;

/** @returns an empty state when there is none, or none that can be read: alerts are then told again, never lost. @throws UpdaterError IO_FAILED */
export async function loadWatchState(store: Store): Promise<WatchState> {
  const bytes = await store.get(KEY);
  if (bytes === undefined || bytes.length > MAX_BYTES) return { health: undefined, waiting: {} };
  try {
    const { health, waiting } = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes)) as { readonly health?: unknown; readonly waiting?: unknown };
    return { health: readHealthState(health), waiting: readWaiting(waiting) };
  } catch {
    return { health: undefined, waiting: {} };
  }
}

/** @throws UpdaterError IO_FAILED */
export async function storeWatchState(store: Store, state: WatchState): Promise<void> {
  await store.put(KEY, new TextEncoder().encode(JSON.stringify(state)));
}

function readWaiting(value: unknown): WatchState['waiting'] {
  const found: Record<string, readonly Alert[]> = {};
  if (typeof value !== 'object' || value === null) return found;
  for (const [sink, alerts] of Object.entries(value)) if (Array.isArray(alerts)) found[sink] = alerts.filter(isAlert);
  return found;
}

function isAlert(value: unknown): value is Alert {
  const { id, code, state, at } = (value ?? {}) as Partial<Record<keyof Alert, unknown>>;
  return typeof id === 'string' && typeof code === 'string' && (state === 'raised' || state === 'resolved') && typeof at === 'number';
}
