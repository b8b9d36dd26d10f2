export { envelopeOf, formatProposal, readProposal } from './document.js';
export type { Proposal, ProposalDocument } from './document.js';
export { approve, approveWithP7s, candidateOf, propose } from './propose.js';
export type { ProposeOptions } from './propose.js';
export { approvalsOf, readyToPublish } from './approvals.js';
export type { ApprovalOptions, Approvals, Approver, Blocker, ReadyOptions } from './approvals.js';
