import { equalBytes, extendSignedData, parseSignedData, type MessageExtension, type SignedData, type SignerInfo } from '@hefu/pki';

/** A message to which something was added. */
export interface ExtendedMessage {
  /** DER. */
  readonly message: Uint8Array;
  /** Where the signer stands now: the signers of a message are a SET OF, which DER sorts. */
  readonly signer: number;
}

/** @throws PkiError for what is no message, TypeError for a signer that is not there */
export function openSigner(message: Uint8Array, signer: number): { readonly signed: SignedData; readonly info: SignerInfo } {
  const signed = parseSignedData(message);
  const info = signed.signerInfos[signer];
  if (info === undefined) throw new TypeError(`there is no signer ${signer}`);
  return { signed, info };
}

export function extend(signed: SignedData, signer: number, extension: Omit<MessageExtension, 'signer'>): ExtendedMessage {
  const message = extendSignedData(signed, { ...extension, signer });
  const { fields } = signed.signerInfos[signer]!;
  return { message, signer: parseSignedData(message).signerInfos.findIndex((info) => equalBytes(info.fields, fields)) };
}
