import type { Bilingual } from '@hefu/verify';

/** What a file turned out to be, and where that kind of file belongs. */
export interface Kind {
  readonly name: Bilingual;
  readonly remedy?: Bilingual;
}

const KINDS: Readonly<Record<string, Kind>> = {
  certificate: {
    name: { zh: '证书', en: 'a certificate' },
    remedy: { zh: '用 hefu cert 解读证书。', en: 'hefu cert explains certificates.' },
  },
  crl: {
    name: { zh: '证书吊销列表（CRL）', en: 'a CRL (certificate revocation list)' },
    remedy: { zh: '吊销列表作为证据使用：hefu verify --crl。', en: 'A CRL is evidence: hand it to hefu verify --crl.' },
  },
  'signed-data': {
    name: { zh: '签名报文（CMS、PKCS #7 或 GM/T 0010）', en: 'a signed message (CMS, PKCS #7 or GM/T 0010)' },
    remedy: { zh: '用 hefu verify <file> <signature> 验证签名。', en: 'hefu verify <file> <signature> verifies signatures.' },
  },
  'content-info': { name: { zh: '另一种 CMS 报文（不是签名）', en: 'a CMS message that is not a signature' } },
  'certificate-request': {
    name: { zh: '证书请求（CSR）', en: 'a certificate request (CSR)' },
    remedy: { zh: '请使用 CA 签发的证书文件。', en: 'Use the certificate that the CA issued.' },
  },
  'private-key': {
    name: { zh: '私钥', en: 'a private key' },
    remedy: { zh: '私钥不要外传；请改用证书文件（.cer、.crt 或 .pem）。', en: 'Keep it to yourself; the certificate is another file (.cer, .crt or .pem).' },
  },
  'public-key': {
    name: { zh: '公钥', en: 'a public key' },
    remedy: { zh: '公钥里没有持有者信息，请使用证书文件。', en: 'It does not say whose it is; use the certificate.' },
  },
  pkcs12: {
    name: { zh: 'PKCS #12 密钥库（.pfx、.p12）', en: 'a PKCS #12 key store (.pfx, .p12)' },
    remedy: { zh: '先导出证书：openssl pkcs12 -in <file> -nokeys -out cert.pem', en: 'Export the certificate first: openssl pkcs12 -in <file> -nokeys -out cert.pem' },
  },
  'ocsp-response': { name: { zh: 'OCSP 响应', en: 'an OCSP response' } },
  html: {
    name: { zh: '网页（可能是登录页或出错页）', en: 'a web page, perhaps of a login or an error' },
    remedy: { zh: '重新下载，并确认下载到的是文件本身。', en: 'Download it again and make sure you get the file itself.' },
  },
  pdf: { name: { zh: 'PDF 文档', en: 'a PDF document' } },
  zip: { name: { zh: 'ZIP 压缩包', en: 'a zip archive' }, remedy: { zh: '先解压。', en: 'Unpack it first.' } },
  json: { name: { zh: 'JSON 文件（可能是信任名单）', en: 'JSON, perhaps a trust list' } },
  text: { name: { zh: '普通文本', en: 'plain text' } },
};

/** PEM labels as kinds (RFC 7468; the older ones are OpenSSL's). */
const LABELS: readonly (readonly [RegExp, string])[] = [
  [/PRIVATE KEY$/, 'private-key'],
  [/PUBLIC KEY$/, 'public-key'],
  [/CERTIFICATE REQUEST$/, 'certificate-request'],
  [/CRL$/, 'crl'],
  [/^(PKCS ?#?7|CMS)\b/, 'signed-data'],
  [/CERTIFICATE$/, 'certificate'],
];

/** @param detected as `PkiError.detected`: a name of `identify`, or a PEM label */
export function kindOf(detected: string): Kind | undefined {
  if (Object.hasOwn(KINDS, detected)) return KINDS[detected];
  const label = detected.replace(/^pem:/, '');
  const known = LABELS.find(([pattern]) => pattern.test(label));
  if (known !== undefined) return KINDS[known[1]];
  return /^[A-Z]/.test(label) ? { name: { zh: `PEM 类型“${label}”`, en: `PEM of type “${label}”` } } : undefined;
}
