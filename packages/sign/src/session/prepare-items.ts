import { SM2_DEFAULT_ID, type Algorithms } from '@hefu/crypto';
import { parseCertificate, parseSignedData, type Certificate } from '@hefu/pki';
import { contentDigest, wantedDigests, type Content, type ContentDigest, type HashedContent, type WantedDigest } from '@hefu/verify';
import type { AlgorithmChoice, Capabilities, Credential, SigningItem, ToSign } from '../adapter/index.js';
import { draftOf } from '../assemble.js';
import { SignError } from '../error.js';
import { prepareSignature, requireDocument, type PreparedSignature } from '../prepare.js';
import { signatureProfile, type SignatureProfile } from '../signature-profile.js';
import { possibleForms, type MessageForm } from './message-form.js';

/** Something to sign: octets, or digests of them where they are too large for memory. */
export interface ItemToSign {
  /** `[A-Za-z0-9._-]{1,64}`, unique. */
  readonly itemId: string;
  /** File name or title. */
  readonly label: string;
  readonly content: Content;
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

/** Enough for the judge to see whether content claims to be signed attributes or a login challenge. */
const HEAD_OCTETS = 32;

export interface Preparation {
  readonly credential: Credential;
  readonly algorithms: Algorithms;
  readonly form: MessageForm;
  /** Epoch milliseconds, of whole seconds. */
  readonly signingTime: number;
}

/**
 * Which digests of a content a signing needs where the content is too large for memory: to sign, and to judge the message;
 * where the form is left open, in any form that may be chosen.
 * @param length octets of the content
 * @throws SignError CERT_UNKNOWN and those of `signatureProfile`
 */
export function digestsForSigning(length: number, preparation: Preparation): readonly WantedDigest[] {
  const wanted = new Map<string, WantedDigest>();
  for (const form of possibleForms(leafOf(preparation.credential), preparation.credential, preparation.form)) {
    for (const each of digestsInForm(length, { ...preparation, form })) wanted.set(`${each.algorithm} ${each.prefix.join()}`, each);
  }
  return [...wanted.values()];
}

function digestsInForm(length: number, preparation: Preparation): readonly WantedDigest[] {
  const { profile } = profileOf(preparation);
  const draft = draftOf(prepareItem({ digest: new Uint8Array(profile.digest.outputLength) }, preparation));
  return wantedDigests({ signed: parseSignedData(draft), length, algorithms: preparation.algorithms }).digests;
}

/** @throws SignError CERT_UNKNOWN, CONTENT_DIGEST_INVALID, CONTENT_IS_ATTRIBUTES and those of `signatureProfile` */
export function pinItem({ itemId, label, content }: ItemToSign, preparation: Preparation): PinnedItem {
  const { profile, prefix } = profileOf(preparation);
  if (profile.variant === 'za-content') requireDocument(content);
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
    digests: digestsInForm(content.length, preparation).map((wanted) => ({ ...wanted, value: value(wanted.algorithm, wanted.prefix) })),
  };
}

/** The same octets to sign, however often and wherever it is called. */
export function prepareItem({ digest }: Pick<PinnedItem, 'digest'>, preparation: Preparation): PreparedSignature {
  const { credential, algorithms, form, signingTime } = preparation;
  const { certificate, profile } = profileOf(preparation);
  return prepareSignature({
    certificate, algorithms, contentDigest: digest, chain: credential.chain.slice(1), ...form, ...(profile.pss === undefined ? {} : { pss: profile.pss }),
    ...(profile.variant === 'za-content' ? {} : { signingTime, ...(profile.variant === 'cms' ? { level: 'B-B' } : {}) }),
  });
}

/** Content as the judge takes it, from what was kept. */
export function contentOf({ length, head, digests }: PinnedItem): HashedContent {
  return { length, head, digests };
}

/** How the adapter has to sign. @throws SignError ALGORITHM_UNSUPPORTED */
export function chooseAlgorithm(preparation: Preparation, capabilities: Capabilities): AlgorithmChoice {
  const { profile } = profileOf(preparation);
  const [chosen, declared] = [preparation.credential, capabilities].map(({ algorithms }) => algorithms.find((choice) => isFor(choice, profile)));
  if (chosen === undefined || declared === undefined) throw new SignError('ALGORITHM_UNSUPPORTED', `${profile.algorithm.name} is not offered`);
  return profile.pss === undefined ? chosen : { ...chosen, pss: profile.pss };
}

/** Names say the digest, but for RSASSA-PSS, which says it in its parameters. */
export function isFor(choice: AlgorithmChoice, { algorithm, pss }: Pick<SignatureProfile, 'algorithm' | 'pss'>): boolean {
  return choice.name === algorithm.name && (pss === undefined || (choice.pss?.hash ?? choice.digest) === pss.hash);
}

/** Whether the only form that an adapter takes is made of the content itself, whole: a provider that computes e of SM2, or hashes what no attributes stand for. */
export function takesContent(preparation: Preparation, capabilities: Capabilities): boolean {
  const { profile } = profileOf(preparation);
  return profile.variant === 'za-content' && !(capabilities.accepts.includes('sm2-e') && capabilities.sm2?.preHash !== 'provider-z');
}

/**
 * An item as the adapter takes it, in the best form it accepts.
 * @param content whole, where `takesContent`
 * @throws SignError ALGORITHM_UNSUPPORTED; its `detail` is `too-large` for more than `maxTbsBytes`
 */
export function signingItem({ itemId, label, length }: PinnedItem, { toBeSigned, profile }: PreparedSignature, capabilities: Capabilities, content?: Uint8Array): SigningItem {
  const message = toBeSigned.message ?? content;
  for (const kind of capabilities.accepts) {
    const toSign = formOf(kind, toBeSigned.digest, message, profile, capabilities);
    if (toSign !== undefined) return { itemId, label, sizeBytes: length, toSign };
  }
  const tooLarge = capabilities.accepts.includes('tbs') && message !== undefined && message.length > maxTbs(capabilities);
  throw new SignError('ALGORITHM_UNSUPPORTED', `nothing the provider takes (${capabilities.accepts.join(', ')}) can be made of ${itemId}`, { itemId, ...(tooLarge ? { detail: 'too-large' } : {}) });
}

export const maxTbs = ({ maxTbsBytes = Infinity }: Capabilities): number => maxTbsBytes;

function formOf(kind: ToSign['kind'], digest: Uint8Array | undefined, message: Uint8Array | undefined, profile: SignatureProfile, capabilities: Capabilities): ToSign | undefined {
  const sm2 = profile.algorithm.messagePrefix !== undefined;
  switch (kind) {
    case 'sm2-e':
      return sm2 && digest !== undefined && capabilities.sm2?.preHash !== 'provider-z' ? { kind, value: digest, id: SM2_ID } : undefined;
    case 'digest':
      return sm2 || digest === undefined ? undefined : { kind, digest: profile.digest.name, value: digest };
    case 'tbs':
      if (message === undefined || message.length > maxTbs(capabilities) || (sm2 && capabilities.sm2?.preHash !== 'provider-z')) return undefined;
      return { kind, digest: digest === undefined ? 'none' : profile.digest.name, value: message };
  }
}

const SM2_ID: Uint8Array = /* @__PURE__ */ new TextEncoder().encode(SM2_DEFAULT_ID);

/** @throws SignError CERT_UNKNOWN */
export function leafOf({ chain: [leaf] }: Pick<Credential, 'chain'>): Certificate {
  if (leaf === undefined) throw new SignError('CERT_UNKNOWN', 'the certificate is not known before signing');
  return parseCertificate(leaf);
}

/** How a message is made of it, and what is hashed before the content. @throws SignError CERT_UNKNOWN and those of `signatureProfile` */
export function profileOf({ credential, algorithms, form }: Preparation): { readonly certificate: Certificate; readonly profile: SignatureProfile; readonly prefix: Uint8Array } {
  const certificate = leafOf(credential);
  const { variant, pss } = possibleForms(certificate, credential, form)[0]!;
  const profile = signatureProfile(certificate, algorithms, variant, pss);
  const prefix = profile.variant === 'za-content' ? profile.algorithm.messagePrefix!(certificate.spki.key) : new Uint8Array(0);
  return { certificate, profile, prefix };
}
