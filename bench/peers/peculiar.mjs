// @peculiar/x509 on Node's WebCrypto.
import 'reflect-metadata';
import { webcrypto } from 'node:crypto';
import * as peculiar from '@peculiar/x509';

peculiar.cryptoProvider.set(webcrypto);

export { peculiar };

/** A chain built by its builder, every signature checked, then asked for what the builder leaves to its caller. */
export function chainWithPeculiar({ root, cas, leaf }, at) {
  const anchor = new peculiar.X509Certificate(root.der);
  const date = new Date(at);
  return async () => {
    const issuers = cas.map(({ der }) => new peculiar.X509Certificate(der));
    const chain = await new peculiar.X509ChainBuilder({ certificates: [...issuers, anchor] }).build(new peculiar.X509Certificate(leaf.der));
    return (
      chain.length >= 3 && chain.at(-1).equal(anchor) &&
      chain.every((certificate, i) => certificate.notBefore <= date && date <= certificate.notAfter && (i === 0 || isIssuer(certificate)))
    );
  };
}

function isIssuer(certificate) {
  return (
    certificate.getExtension(peculiar.BasicConstraintsExtension)?.ca === true &&
    (certificate.getExtension(peculiar.KeyUsagesExtension).usages & peculiar.KeyUsageFlags.keyCertSign) !== 0
  );
}
