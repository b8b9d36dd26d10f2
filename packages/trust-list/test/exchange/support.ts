import 'reflect-metadata';
import { webcrypto } from 'node:crypto';
import * as x509 from '@peculiar/x509';
import { CompactSign, GeneralSign } from 'jose';
import { encodeBase64 } from '../../src/base64.js';

/** A P-256 certificate and the key that signs with it; made by @peculiar/x509. */
export interface Signer {
  readonly certificate: Uint8Array;
  readonly key: CryptoKey;
}

export async function signer(name = 'CN=List Signer, O=Test Operator, C=XT', dates: readonly [string, string] = ['2024-01-01T00:00:00Z', '2034-01-01T00:00:00Z']): Promise<Signer> {
  x509.cryptoProvider.set(webcrypto as Crypto);
  const algorithm = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' };
  const keys = (await webcrypto.subtle.generateKey(algorithm, true, ['sign', 'verify'])) as CryptoKeyPair;
  const certificate = await x509.X509CertificateGenerator.createSelfSigned({
    serialNumber: '02', name, notBefore: new Date(dates[0]), notAfter: new Date(dates[1]), signingAlgorithm: algorithm, keys,
  });
  return { certificate: new Uint8Array(certificate.rawData), key: keys.privateKey };
}

export function compact(payload: Uint8Array, by: Signer, header: object = {}): Promise<Uint8Array> {
  return new CompactSign(payload)
    .setProtectedHeader({ alg: 'ES256', x5c: [encodeBase64(by.certificate)], iat: 1, ...header } as never)
    .sign(by.key, { crit: { mystery: true, sigT: true } })
    .then((text) => new TextEncoder().encode(text));
}

export async function general(payload: Uint8Array, by: readonly Signer[]): Promise<{ payload: string; signatures: { protected: string; signature: string }[] }> {
  const sign = new GeneralSign(payload);
  for (const each of by) sign.addSignature(each.key).setProtectedHeader({ alg: 'ES256', x5c: [encodeBase64(each.certificate)] });
  return (await sign.sign()) as never;
}

/** A LoTE of one granted CA with a history, with some of it changed. */
export function lote(certificate: Uint8Array, changes: { readonly info?: object; readonly service?: object; readonly history?: readonly object[] } = {}): Uint8Array {
  const name = [{ lang: 'en', value: 'Test CA' }];
  const identity = { X509Certificates: [{ val: encodeBase64(certificate) }] };
  return new TextEncoder().encode(JSON.stringify({
    LoTE: {
      ListAndSchemeInformation: {
        LoTEVersionIdentifier: 1, LoTESequenceNumber: 7, SchemeOperatorName: [{ lang: 'en', value: 'Test Operator' }], SchemeTerritory: 'XT',
        ListIssueDateTime: '2026-05-01T00:00:00Z', NextUpdate: '2026-09-01T00:00:00Z', ...changes.info,
      },
      TrustedEntitiesList: [{
        TrustedEntityInformation: { TEName: [{ lang: 'zh-CN', value: '测试机构' }], TETradeName: [{ lang: 'en', value: '91330000123456789A' }] },
        TrustedEntityServices: [{
          ServiceInformation: {
            ServiceName: name, ServiceDigitalIdentity: identity, ServiceTypeIdentifier: 'http://uri.etsi.org/TrstSvc/Svctype/CA/QC',
            ServiceStatus: STATUS('granted'), StatusStartingTime: '2024-01-01T00:00:00Z', ...changes.service,
          },
          ...(changes.history === undefined ? {} : { ServiceHistory: changes.history.map((event) => ({ ServiceName: name, ServiceDigitalIdentity: identity, ...event })) }),
        }],
      }],
    },
  }));
}

export const STATUS = (word: string): string => `http://uri.etsi.org/TrstSvc/TrustedList/Svcstatus/${word}`;
