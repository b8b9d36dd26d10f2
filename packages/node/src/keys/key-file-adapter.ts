import { createSoftAdapter, type SigningAdapter } from '@hefu/sign';
import type { FileKey } from './file-key.js';

/** Keys of files as a SigningAdapter: no authorisation beyond the password that opened them. */
export function keyFileAdapter(keys: readonly FileKey[]): SigningAdapter {
  const soft = createSoftAdapter({ keys, accepts: ['sm2-e', 'tbs'] });
  return { ...soft, info: { ...soft.info, id: 'key-file', kind: 'pfx', runtime: ['node'] } };
}
