import type { DigestAlgorithm } from '@hefu/crypto';
import { parseDraft } from '../edit/draft.js';
import { readListContent } from '../list-content.js';
import type { ListDocument } from '../list-document.js';
import type { RootDocument } from '../scheme-document.js';
import { readRootContent } from '../scheme/read-root.js';
import { addSignature, attachP7s, signList, signRoot, type ListSigner } from '../sign-list.js';
import { formatInstant } from '../time.js';
import { envelopeOf, formatProposal, payloadText, readProposal, withSignatures, type Proposal, type ProposalDocument } from './document.js';

export interface ProposeOptions {
  readonly target: 'list' | 'root';
  readonly author: string;
  readonly reason: string;
  readonly created: number;
  readonly sha256: DigestAlgorithm;
}

/**
 * Makes a proposal of a candidate. From here on its octets stay as they are: any change is another proposal.
 * @param payload of `serializeList` or `serializeRoot`
 * @throws TrustListError for a payload that readers would refuse
 */
export function propose(payload: Uint8Array, { target, author, reason, created, sha256 }: ProposeOptions): ProposalDocument {
  const [number, prev, id] =
    target === 'list'
      ? (({ sequence, prev, listId }) => [sequence, prev, listId] as const)(readListContent(payload, { sha256 }))
      : (({ version, prev, schemeId }) => [version, prev, schemeId] as const)(readRootContent(payload, { sha256 }));
  const proposal: ProposalDocument = {
    type: 'proposal', spec: '1.0', target, id,
    ...(prev !== undefined && { base: { number: number - 1, prev } }),
    author, reason, created: formatInstant(created), payload: payloadText(payload), signatures: [],
  };
  // The reader is the judge of the words as well.
  readProposal(new TextEncoder().encode(formatProposal(proposal)));
  return proposal;
}

/**
 * Adds an approver's signature over exactly the payload octets. Show him `diffLists` of `candidateOf` first: what he
 * signs is what he was shown only if both come from these octets.
 * @throws TypeError as `signList`
 */
export async function approve(proposal: ProposalDocument, signer: ListSigner, options: { readonly at: number }): Promise<ProposalDocument> {
  const held = envelopeOf(proposal);
  const { payloadBytes } = readProposal(new TextEncoder().encode(formatProposal(proposal)));
  const { target: kind } = proposal;
  const envelope = held === undefined ? await (kind === 'list' ? signList : signRoot)(payloadBytes, [signer], options) : await addSignature(held, signer, { ...options, kind });
  return withSignatures(proposal, envelope);
}

/** Adds an approval made by a signing appliance: a detached GM/T 0010 p7s over the payload octets. @throws TrustListError */
export function approveWithP7s(proposal: ProposalDocument, p7s: Uint8Array): ProposalDocument {
  const { payloadBytes } = readProposal(new TextEncoder().encode(formatProposal(proposal)));
  return withSignatures(proposal, attachP7s(envelopeOf(proposal) ?? payloadBytes, p7s));
}

/** The document that the octets of a proposal say, for diff and lint. @throws TrustListError */
export function candidateOf({ target, payloadBytes }: Pick<Proposal, 'target' | 'payloadBytes'>): ListDocument | RootDocument {
  return target === 'list' ? parseDraft(payloadBytes, 'list') : parseDraft(payloadBytes, 'root');
}
