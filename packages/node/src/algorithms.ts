import { classicalAlgorithms, createSm2, type Algorithms } from '@hefu/crypto';
import { nodeAlgorithmProvider } from './algorithm-provider.js';
import { nodeDigests } from './native-digests.js';

/**
 * Every algorithm Hefu knows, on Node.js: native digests, RSA, ECDSA and Ed25519, and Hefu's own SM2 in WebAssembly. What may
 * carry a verdict is the policy's to say. Imported keys and SM2 tables are cached inside: make one object per
 * process and reuse it.
 */
export function nodeAlgorithms(): Algorithms {
  const digests = nodeDigests();
  const sm3 = digests.find(({ name }) => name === 'SM3')!;
  return { digests, signatures: [...classicalAlgorithms(nodeAlgorithmProvider()), createSm2({ wasm: WebAssembly, sm3 })] };
}
