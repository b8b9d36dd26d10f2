import 'reflect-metadata';
import { createHash, sign, webcrypto, KeyObject } from 'node:crypto';
import * as x509 from '@peculiar/x509';

export const C14N = 'http://www.w3.org/2001/10/xml-exc-c14n#';
export const ENVELOPED = 'http://www.w3.org/2000/09/xmldsig#enveloped-signature';
const DS = 'xmlns:ds="http://www.w3.org/2000/09/xmldsig#"';
const XADES = 'xmlns:xades="http://uri.etsi.org/01903/v1.3.2#"';

export interface Party {
  readonly certificate: Uint8Array;
  readonly key: KeyObject;
  readonly pem: string;
}

/** P-256, self-signed or by `by`; made by @peculiar/x509. */
export async function party(name: string, options: { readonly ca?: boolean; readonly by?: Party & { readonly name: string } } = {}): Promise<Party> {
  x509.cryptoProvider.set(webcrypto as Crypto);
  const algorithm = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' };
  const keys = (await webcrypto.subtle.generateKey(algorithm, true, ['sign', 'verify'])) as CryptoKeyPair;
  const dates = { notBefore: new Date('2024-01-01T00:00:00Z'), notAfter: new Date('2044-01-01T00:00:00Z') };
  const extensions = [
    new x509.BasicConstraintsExtension(options.ca === true, undefined, true),
    new x509.KeyUsagesExtension(options.ca === true ? x509.KeyUsageFlags.keyCertSign : x509.KeyUsageFlags.digitalSignature, true),
    await x509.SubjectKeyIdentifierExtension.create(keys.publicKey),
  ];
  const certificate = options.by === undefined
    ? await x509.X509CertificateGenerator.createSelfSigned({ serialNumber: '07', name, ...dates, keys, signingAlgorithm: algorithm, extensions })
    : await x509.X509CertificateGenerator.create({
        serialNumber: '08', subject: name, issuer: options.by.name, ...dates, publicKey: keys.publicKey, signingAlgorithm: algorithm, extensions,
        signingKey: await webcrypto.subtle.importKey('pkcs8', options.by.key.export({ type: 'pkcs8', format: 'der' }), algorithm, false, ['sign']),
      });
  return { certificate: new Uint8Array(certificate.rawData), key: KeyObject.from(keys.privateKey), pem: `${certificate.toString('pem')}\n` };
}

export const STATUS = (word: string): string => `http://uri.etsi.org/TrstSvc/TrustedList/Svcstatus/${word}`;
export const QC = 'http://uri.etsi.org/TrstSvc/Svctype/CA/QC';

export interface ServiceText {
  readonly certificate: Uint8Array;
  readonly type?: string;
  readonly status?: string;
  readonly since?: string;
  readonly extensions?: string;
  readonly supply?: string;
  /** Newest first: word and start. */
  readonly history?: readonly (readonly [word: string, since: string])[];
}

/** A list in its exclusive canonical form, written by hand: what is digested is this very text. */
export function listText(services: readonly ServiceText[], options: { readonly version?: number; readonly id?: boolean; readonly pointers?: string; readonly next?: string } = {}): string {
  const name = (text: string): string => `<Name xml:lang="en">${text}</Name>`;
  const identity = (body: string): string => `<ServiceDigitalIdentity><DigitalId>${body}</DigitalId></ServiceDigitalIdentity>`;
  const tsp = services.map(({ certificate, type = QC, status = 'granted', since = '2017-01-01T00:00:00Z', extensions = '', supply = '', history = [] }) => {
    const cert = identity(`<X509Certificate>${Buffer.from(certificate).toString('base64')}</X509Certificate>`);
    const ski = Buffer.from(new x509.X509Certificate(certificate as Uint8Array<ArrayBuffer>).getExtension(x509.SubjectKeyIdentifierExtension)!.keyId, 'hex').toString('base64');
    return `<TSPService><ServiceInformation><ServiceTypeIdentifier>${type}</ServiceTypeIdentifier><ServiceName>${name('CA &amp; Co')}</ServiceName>${cert}`
      + `<ServiceStatus>${STATUS(status)}</ServiceStatus><StatusStartingTime>${since}</StatusStartingTime>${supply === '' ? '' : `<ServiceSupplyPoints>${supply}</ServiceSupplyPoints>`}`
      + `${extensions === '' ? '' : `<ServiceInformationExtensions>${extensions}</ServiceInformationExtensions>`}</ServiceInformation>`
      + `${history.length === 0 ? '' : `<ServiceHistory>${history.map(([word, from]) => `<ServiceHistoryInstance><ServiceTypeIdentifier>${type}</ServiceTypeIdentifier><ServiceName>${name('CA')}</ServiceName>${identity(`<X509SKI>${ski}</X509SKI>`)}<ServiceStatus>${STATUS(word)}</ServiceStatus><StatusStartingTime>${from}</StatusStartingTime></ServiceHistoryInstance>`).join('')}</ServiceHistory>`}</TSPService>`;
  }).join('\n');
  return `<TrustServiceStatusList xmlns="http://uri.etsi.org/02231/v2#"${options.id === true ? ' Id="list"' : ''} TSLTag="http://uri.etsi.org/19612/TSLTag">`
    + `<SchemeInformation><TSLVersionIdentifier>${options.version ?? 6}</TSLVersionIdentifier><TSLSequenceNumber>42</TSLSequenceNumber><TSLType>http://uri.etsi.org/TrstSvc/TrustedList/TSLType/EUgeneric</TSLType>`
    + `<SchemeOperatorName>${name('Test Operator')}</SchemeOperatorName><SchemeName>${name('XT:Test')}</SchemeName><SchemeTerritory>XT</SchemeTerritory><HistoricalInformationPeriod>65535</HistoricalInformationPeriod>${options.pointers ?? ''}`
    + `<ListIssueDateTime>2026-05-01T00:00:00Z</ListIssueDateTime><NextUpdate>${options.next ?? '<dateTime>2026-10-01T00:00:00Z</dateTime>'}</NextUpdate></SchemeInformation>`
    + `<TrustServiceProviderList><TrustServiceProvider><TSPInformation><TSPName>${name('Test Provider')}</TSPName><TSPTradeName>${name('VATXT-91330000123456789A')}</TSPTradeName></TSPInformation><TSPServices>${tsp}</TSPServices></TrustServiceProvider></TrustServiceProviderList>`
    + '</TrustServiceStatusList>';
}

export interface SignatureOptions {
  readonly uri?: string;
  readonly transforms?: readonly string[];
  readonly canonicalization?: string;
  readonly method?: string;
  /** With the signed properties of XAdES. */
  readonly xades?: boolean;
  readonly keyInfo?: boolean;
  readonly insideObject?: string;
}

/** Signs canonical text with an enveloped signature, computed here with node:crypto alone. */
export function signText(list: string, by: Party, options: SignatureOptions = {}): string {
  const digest = (text: string): string => createHash('sha256').update(text, 'utf8').digest('base64');
  const reference = (attributes: string, transforms: readonly string[], value: string): string =>
    `<ds:Reference ${attributes}><ds:Transforms>${transforms.map((each) => `<ds:Transform Algorithm="${each}"></ds:Transform>`).join('')}</ds:Transforms><ds:DigestMethod Algorithm="http://www.w3.org/2001/04/xmlenc#sha256"></ds:DigestMethod><ds:DigestValue>${value}</ds:DigestValue></ds:Reference>`;
  const properties = '<xades:SignedProperties Id="sp"><xades:SignedSignatureProperties><xades:SigningTime>2026-05-01T00:00:00Z</xades:SigningTime></xades:SignedSignatureProperties></xades:SignedProperties>';
  const info = `><ds:CanonicalizationMethod Algorithm="${options.canonicalization ?? C14N}"></ds:CanonicalizationMethod><ds:SignatureMethod Algorithm="${options.method ?? 'http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha256'}"></ds:SignatureMethod>`
    + reference(`URI="${options.uri ?? ''}"`, options.transforms ?? [ENVELOPED, C14N], digest(list))
    + (options.xades === true ? reference('Type="http://uri.etsi.org/01903#SignedProperties" URI="#sp"', [C14N], digest(properties.replace('<xades:SignedProperties ', `<xades:SignedProperties ${XADES} `))) : '')
    + '</ds:SignedInfo>';
  const value = sign('sha256', Buffer.from(`<ds:SignedInfo ${DS}${info}`), { key: by.key, dsaEncoding: 'ieee-p1363' }).toString('base64');
  const signature = `<ds:Signature ${DS}><ds:SignedInfo${info}<ds:SignatureValue>${value}</ds:SignatureValue>`
    + (options.keyInfo === false ? '' : `<ds:KeyInfo><ds:X509Data><ds:X509Certificate>${Buffer.from(by.certificate).toString('base64')}</ds:X509Certificate></ds:X509Data></ds:KeyInfo>`)
    + (options.xades === true ? `<ds:Object><xades:QualifyingProperties ${XADES} Target="#s">${properties}</xades:QualifyingProperties></ds:Object>` : '')
    + (options.insideObject === undefined ? '' : `<ds:Object>${options.insideObject}</ds:Object>`)
    + '</ds:Signature>';
  return list.replace(/<\/TrustServiceStatusList>$/, `${signature}</TrustServiceStatusList>`);
}
