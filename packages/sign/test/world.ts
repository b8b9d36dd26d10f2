import { webcrypto } from 'node:crypto';
import { classicalAlgorithms, createSm2, softwareDigests, webCryptoProvider, type Algorithms } from '@hefu/crypto';
import { buildTimeStampRequest, parseCertificate, parseTimeStampResponse, type Certificate } from '@hefu/pki';
import { createWorld, type KeyKind, type KeyPair, type TimestampAuthority, type World } from '../../sandbox/dist/index.js';
import type { Signer, Timestamper } from '../src/index.js';

export const AT = Date.UTC(2026, 9, 1);
export const algorithms: Algorithms = {
  digests: softwareDigests,
  signatures: [...classicalAlgorithms(webCryptoProvider(webcrypto.subtle as unknown as SubtleCrypto)), createSm2()],
};

export interface Party {
  readonly certificate: Certificate;
  /** DER of the CAs above, nearest first. */
  readonly chain: readonly Uint8Array[];
  readonly key: KeyPair;
  readonly signer: Signer;
  /** CRLs of the CAs above. */
  readonly crls: readonly Uint8Array[];
}

/** The sandbox seen from a signer: companies by the kind of their key, and the time-stamp authorities. */
export class SigningWorld {
  readonly world: World;
  now = AT;

  constructor(seed: string) {
    this.world = createWorld({ seed, at: AT, now: () => this.now });
  }

  /** The `n`th good company with such a key. */
  party(kind: KeyKind, n = 0): Party {
    const company = this.world.companies.filter(({ state, sign, issuer }) => state === 'good' && issuer.listed && sign.key.kind === kind)[n]!;
    const { key, certificate } = company.sign;
    const above = [company.issuer, ...company.authority.above];
    return {
      certificate: parseCertificate(certificate),
      chain: above.map((ca) => ca.certificate),
      key,
      signer: { sign: (toBeSigned) => key.sign(toBeSigned.message!) },
      crls: above.map(({ crlPath }) => this.world.crls.get(crlPath)!),
    };
  }

  tsa(id: string): TimestampAuthority {
    return this.world.timestampAuthorities.find((unit) => unit.id === id)!;
  }

  /** @param path `p256`, or `p256/wrong-imprint` */
  timestamper(path: string): Timestamper {
    return async (imprint) => parseTimeStampResponse(this.world.tsa.get(`/tsa/${path}`)!(buildTimeStampRequest({ ...imprint, nonce: new Uint8Array(8).fill(5) }))).token!;
  }

  /** Certificates and CRLs that a token of this authority needs later. */
  validationDataOf(id: string): { certificates: Uint8Array[]; crls: Uint8Array[] } {
    const { certificate, chain, issuer } = this.tsa(id);
    return { certificates: [certificate, ...chain], crls: issuer === undefined ? [] : [this.world.crls.get(issuer.crlPath)!] };
  }

  /** What the CA's responder says of a party, as an OCSPResponse. */
  ocsp(path: string, request: Uint8Array): Uint8Array {
    return this.world.ocsp.get(path)!(request);
  }
}
