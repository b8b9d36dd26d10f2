import { PkiError } from '@hefu/pki';

/** What of a certificate can be read; undefined for a malformed extension or key, which counts as absent here. */
export function readable<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch (error) {
    if (error instanceof PkiError) return undefined;
    throw error;
  }
}
