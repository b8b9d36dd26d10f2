import { encodePem } from '@hefu/pki';
import { issueCertificate } from '../../certificate.js';
import { deriveKeyPair } from '../../keys.js';
import { attr } from '../../name.js';
import { createSeed } from '../../seed.js';
import { DAY } from '../../world/clock.js';
import type { World } from '../../world/world.js';

/** What the toy clouds know a caller by. Follows from the seed: no secret. */
export interface KmsAccount {
  /** Of the aliyun-, tencent-, huawei- and aws-like services. */
  readonly accessKey: { readonly id: string; readonly secret: string };
  readonly projectId: string;
  readonly region: string;
  /** Of the google-like service; `privateKey` is PKCS #8 in PEM. */
  readonly google: { readonly clientEmail: string; readonly privateKeyId: string; readonly privateKey: string };
  /** Of the azure-like service; a certificate of its own over the same key. */
  readonly azure: { readonly tenantId: string; readonly clientId: string; readonly certificate: Uint8Array; readonly privateKey: string };
  /** Of the vault-like service. */
  readonly vaultToken: string;
}

/** The account of a world. */
export function kmsAccount(world: Pick<World, 'seed' | 'at'>): KmsAccount {
  const seed = createSeed(world.seed);
  const text = (name: string, length: number): string => Buffer.from(seed.bytes(`kms/${name}`, length)).toString('hex');
  const key = deriveKeyPair(seed, 'kms/account', 'RSA-2048');
  const privateKey = encodePem('PRIVATE KEY', key.pkcs8Der);
  const name = [attr('CN', 'SANDBOX KMS CLIENT')];
  return {
    accessKey: { id: `LTAI${text('access-key', 8)}`, secret: text('secret', 20) },
    projectId: text('project', 16), region: 'cn-sandbox-1',
    google: { clientEmail: 'signer@sandbox.invalid', privateKeyId: text('key-id', 20), privateKey },
    azure: {
      tenantId: text('tenant', 16), clientId: text('client', 16), privateKey,
      certificate: issueCertificate({ serialNumber: Uint8Array.of(1), issuer: name, subject: name, notBefore: world.at - DAY, notAfter: world.at + 365 * DAY, spki: key.spkiDer, signer: key }),
    },
    vaultToken: `hvs.${text('vault', 16)}`,
  };
}
