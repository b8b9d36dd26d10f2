import { webcrypto } from 'node:crypto';
import { describe } from 'vitest';
import { webCryptoProvider } from '../../src/webcrypto-provider.js';
import { haveVectors } from '../vectors.js';
import { runWycheproofSignatures } from './signature-suite.js';

describe.skipIf(!haveVectors('wycheproof'))('Wycheproof signatures', () => {
  runWycheproofSignatures(webCryptoProvider(webcrypto.subtle as SubtleCrypto));
});
