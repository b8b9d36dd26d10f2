import { PkiError } from '@hefu/pki';

/** What is read, in a list; of what is malformed nothing: others among several may serve. */
export function readable<T>(read: () => T): T[] {
  try {
    return [read()];
  } catch (error) {
    if (error instanceof PkiError) return [];
    throw error;
  }
}
