// pkijs on Node's WebCrypto: its chain engine and its CMS.
import { webcrypto } from 'node:crypto';
import * as pkijs from 'pkijs';

pkijs.setEngine('node', new pkijs.CryptoEngine({ name: 'node', crypto: webcrypto, subtle: webcrypto.subtle }));

export { pkijs };

export function chainWithPkijs({ root, cas, leaf }, at) {
  const anchor = pkijs.Certificate.fromBER(root.der);
  const checkDate = new Date(at);
  return async () => {
    const certs = [...cas, leaf].map(({ der }) => pkijs.Certificate.fromBER(der));
    const { result } = await new pkijs.CertificateChainValidationEngine({ trustedCerts: [anchor], certs, checkDate }).verify();
    return result;
  };
}

export function messageWithPkijs({ root }, message, content, at) {
  const anchor = pkijs.Certificate.fromBER(root.der);
  const checkDate = new Date(at);
  const data = content.buffer.slice(content.byteOffset, content.byteOffset + content.length);
  return () => {
    const signed = new pkijs.SignedData({ schema: pkijs.ContentInfo.fromBER(message).content });
    return signed.verify({ signer: 0, data, trustedCerts: [anchor], checkDate, checkChain: true });
  };
}
