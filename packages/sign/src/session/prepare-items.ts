import { SM2_DEFAULT_ID, type Algorithms } from '@hefu/crypto';
import { parseCertificate, parseSignedData } from '@hefu/pki';
import { contentDigest, wantedDigests, type Content, type ContentDigest, type HashedContent, type WantedDigest } from '@hefu/verify';
import type { AlgorithmChoice, Capabilities, Credential, SigningItem, ToSign } from '../adapter/index.js';
import { draftOf } from '../assemble.js';
import { SignError } from '../error.js';
import { prepareSignature, type PreparedSignature } from '../prepare.js';
import { signatureProfile, type SignatureProfile, type WrittenVariant } from '../signature-profile.js';

/** Something to sign: octets, or digests of them where they are too large for memory. */
export interface ItemToSign {
  /** `[A-Za-z0-9._-]{1,64}`, unique. */
  readonly itemId: string;
  /** File name or title. */
  readonly label: string;
  readonly content: Content;
}

/** Which message is made. Default: `cms` at level B-B with a signing time; `za-content` for SM2, which has no room for one. */
export interface MessageForm {
  readonly variant?: WrittenVariant;
  readonly level?: 'B-B';
}

/** An item reduced to what a message needs of it; survives the process. */
export interface PinnedItem {
  readonly itemId: string;
  readonly label: string;
  /** Octets of the content. */
  readonly length: number;
  readonly head: Uint8Array;
  /** As `prepareSignature` takes it. */
  readonly digest: Uint8Array;
  /** All that the judge will ask for. */
  readonly digests: readonly ContentDigest[];
}

/** Enough for the judge to see whether content claims to be signed attributes. */
const HEAD_OCTETS = 16;

export interface Preparation {
  readonly credential: Credential;
  readonly algorithms: Algorithms;
  readonly form: MessageForm;
  /** Epoch milliseconds, of whole seconds. */
  readonly signingTime: number;
}

/**
 * Which digests of a content a signing needs where the content is too large for memory: to sign, and to judge the message.
 * @param length octets of the content
 * @throws SignError CERT_UNKNOWN and those of `signatureProfile`
 */
export function digestsForSigning(length: number, preparation: Preparation): readonly WantedDigest[] {
  const { profile } = profileOf(preparation);
  const draft = draftOf(prepareItem({ digest: new Uint8Array(profile.digest.outputLength) }, preparation));
  return wantedDigests({ signed: parseSignedData(draft), length, algorithms: preparation.algorithms }).digests;
}

/** @throws SignError CERT_UNKNOWN, CONTENT_DIGEST_INVALID and those of `signatureProfile` */
export function pinItem({ itemId, label, content }: ItemToSign, preparation: Preparation): PinnedItem {
  const { profile, prefix } = profileOf(preparation);
  const value = (name: string, before: Uint8Array): Uint8Array => {
    const algorithm = preparation.algorithms.digests.find((each) => each.name === name);
    const found = algorithm === undefined ? undefined : contentDigest(content, algorithm, before);
    if (found === undefined) throw new SignError('CONTENT_DIGEST_INVALID', `no ${name} digest of ${itemId} in the form needed`, { itemId });
    return found;
  };
  const head = content instanceof Uint8Array ? content : content.head;
  return {
    itemId, label, length: content.length, head: head.slice(0, HEAD_OCTETS),
    digest: value(profile.digest.name, prefix),
    digests: digestsForSigning(content.length, preparation).map((wanted) => ({ ...wanted, value: value(wanted.algorithm, wanted.prefix) })),
  };
}

/** The same octets to sign, however often and wherever it is called. */
export function prepareItem({ digest }: Pick<PinnedItem, 'digest'>, preparation: Preparation): PreparedSignature {
  const { credential, algorithms, form, signingTime } = preparation;
  const { certificate, profile } = profileOf(preparation);
  return prepareSignature({
    certificate, algorithms, contentDigest: digest, chain: credential.chain.slice(1), ...form,
    ...(profile.variant === 'za-content' ? {} : { signingTime, ...(profile.variant === 'cms' ? { level: 'B-B' } : {}) }),
  });
}

/** Content as the judge takes it, from what was kept. */
export function contentOf({ length, head, digests }: PinnedItem): HashedContent {
  return { length, head, digests };
}

/** How the adapter has to sign. @throws SignError ALGORITHM_UNSUPPORTED */
export function chooseAlgorithm(preparation: Preparation, capabilities: Capabilities): AlgorithmChoice {
  const { name } = profileOf(preparation).profile.algorithm;
  const chosen = preparation.credential.algorithms.find((choice) => choice.name === name);
  if (chosen === undefined || !capabilities.algorithms.some((choice) => choice.name === name)) throw new SignError('ALGORITHM_UNSUPPORTED', `${name} is not offered`);
  return chosen;
}

/** An item as the adapter takes it, in the best form it accepts. @throws SignError ALGORITHM_UNSUPPORTED */
export function signingItem({ itemId, label, length }: PinnedItem, { toBeSigned, profile }: PreparedSignature, capabilities: Capabilities): SigningItem {
  for (const kind of capabilities.accepts) {
    const toSign = formOf(kind, { toBeSigned, profile }, capabilities);
    if (toSign !== undefined) return { itemId, label, sizeBytes: length, toSign };
  }
  throw new SignError('ALGORITHM_UNSUPPORTED', `nothing the provider takes (${capabilities.accepts.join(', ')}) can be made of ${itemId}`, { itemId });
}

function formOf(kind: ToSign['kind'], { toBeSigned: { digest, message }, profile }: Pick<PreparedSignature, 'toBeSigned' | 'profile'>, capabilities: Capabilities): ToSign | undefined {
  const sm2 = profile.algorithm.messagePrefix !== undefined;
  switch (kind) {
    case 'sm2-e':
      return sm2 && digest !== undefined && capabilities.sm2?.preHash !== 'provider-z' ? { kind, value: digest, id: SM2_ID } : undefined;
    case 'digest':
      return sm2 || digest === undefined ? undefined : { kind, digest: profile.digest.name, value: digest };
    case 'tbs':
      if (message === undefined || message.length > (capabilities.maxTbsBytes ?? Infinity) || (sm2 && capabilities.sm2?.preHash !== 'provider-z')) return undefined;
      return { kind, digest: digest === undefined ? 'none' : profile.digest.name, value: message };
  }
}

const SM2_ID: Uint8Array = /* @__PURE__ */ new TextEncoder().encode(SM2_DEFAULT_ID);

function profileOf({ credential, algorithms, form }: Preparation): { readonly certificate: PreparedSignature['certificate']; readonly profile: SignatureProfile; readonly prefix: Uint8Array } {
  const leaf = credential.chain[0];
  if (leaf === undefined) throw new SignError('CERT_UNKNOWN', 'the certificate is not known before signing');
  const certificate = parseCertificate(leaf);
  const profile = signatureProfile(certificate, algorithms, form.variant);
  const prefix = profile.variant === 'za-content' ? profile.algorithm.messagePrefix!(certificate.spki.key) : new Uint8Array(0);
  return { certificate, profile, prefix };
}
