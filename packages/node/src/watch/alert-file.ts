import { open, rename, stat } from 'node:fs/promises';
import type { AlertSink } from './alert-sink.js';

export interface AlertFileOptions {
  /** Octets after which the file becomes `<path>.1`, that `<path>.2`, and so on. Default 10 MiB. */
  readonly maxBytes?: number;
  /** Files kept beside the current one. Default 5. */
  readonly keep?: number;
}

/** Appends one JSON line an alert, synced, mode 0600; what all files hold together is bounded. */
export function alertFile(path: string, { maxBytes = 10 * 1024 * 1024, keep = 5 }: AlertFileOptions = {}): AlertSink {
  if (!(maxBytes > 0) || !(keep >= 1)) throw new TypeError('maxBytes and keep are positive');
  async function rotate(adding: number): Promise<void> {
    const size = await stat(path).then((found) => found.size, () => 0);
    if (size === 0 || size + adding <= maxBytes) return;
    // The oldest is overwritten.
    for (let n = keep; n >= 1; n--) await rename(n === 1 ? path : `${path}.${n - 1}`, `${path}.${n}`).catch(ignoreMissing);
  }
  return {
    name: `file ${path}`,
    async deliver(alert) {
      const line = Buffer.from(`${JSON.stringify(alert)}\n`, 'utf8');
      await rotate(line.length);
      const handle = await open(path, 'a', 0o600);
      try {
        await handle.writeFile(line);
        await handle.sync();
      } finally {
        await handle.close();
      }
    },
  };
}

function ignoreMissing(error: NodeJS.ErrnoException): void {
  if (error.code !== 'ENOENT') throw error;
}
