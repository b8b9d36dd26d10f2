import { hexOf, PkiError, type Certificate } from '@hefu/pki';
import { VerifyError } from './error.js';
import { isUscc } from './identity/uscc.js';
import { makeReason } from './reason.js';
import type { Identity, Reason, SignerReport } from './report.js';

/** Who else must have signed: `legal representative`, `company seal`. JSON. What is left out is not asked. */
export interface SignerRequirement {
  /** How people call it; it stands in the report. */
  readonly role: string;
  readonly subjectType?: NonNullable<Identity['subjectType']>;
  readonly uscc?: string;
  /** Certificate policies, dotted, one of which the certificate must state: how a CA marks what it is for. */
  readonly certificatePolicies?: readonly string[];
  /** How many of them. Default 1. */
  readonly count?: number;
}

export interface JudgedSigner {
  readonly report: SignerReport;
  readonly certificate: Certificate | undefined;
}

/** Slots to fill, over all requirements; a message has no more signers. */
const MAX_SLOTS = 20;
const SUBJECT_TYPES: readonly unknown[] = ['organization', 'person', 'device'];
const MEMBERS = ['role', 'subjectType', 'uscc', 'certificatePolicies', 'count'];

/** @throws VerifyError CONTEXT_INVALID for what is no list of requirements */
export function requireRequirements(requirements: readonly SignerRequirement[]): void {
  const refuse = (what: string): never => {
    throw new VerifyError('CONTEXT_INVALID', `requireSigners: ${what}`);
  };
  if (!Array.isArray(requirements) || requirements.length === 0) refuse('a list of at least one requirement');
  let slots = 0;
  for (const { role, subjectType, uscc, certificatePolicies, count = 1, ...other } of requirements) {
    const unknown = Object.keys(other)[0];
    if (unknown !== undefined) refuse(`unknown member ${unknown}; there are ${MEMBERS.join(', ')}`);
    if (typeof role !== 'string' || role === '' || role.length > 64) refuse('role is a short text');
    if (subjectType !== undefined && !SUBJECT_TYPES.includes(subjectType)) refuse('subjectType');
    if (uscc !== undefined && !isUscc(uscc)) refuse('uscc');
    if (certificatePolicies !== undefined && (!Array.isArray(certificatePolicies) || certificatePolicies.length === 0 || certificatePolicies.some((policy) => !/^\d+(?:\.\d+)+$/.test(policy)))) refuse('certificatePolicies');
    if (!Number.isInteger(count) || count < 1) refuse('count');
    slots += count;
  }
  if (slots > MAX_SLOTS) refuse(`more than ${MAX_SLOTS} signers`);
}

/**
 * Whether those who signed are those who had to: every requirement met by passed signers of its own, no key counted twice. An
 * assignment is found if there is one.
 */
export function checkRequirements(requirements: readonly SignerRequirement[], signers: readonly (JudgedSigner | undefined)[]): { readonly reasons: readonly Reason[]; readonly met: readonly { readonly role: string; readonly signers: readonly number[] }[] } {
  // One key is one signer, however many certificates it has.
  const keys = new Map<string, number[]>();
  for (const [index, signer] of signers.entries()) {
    const certificate = signer?.certificate;
    if (certificate === undefined || signer!.report.conclusion !== 'passed') continue;
    const key = hexOf(certificate.spki.bytes);
    keys.set(key, [...(keys.get(key) ?? []), index]);
  }
  const slots = requirements.flatMap((requirement, index) => Array.from({ length: requirement.count ?? 1 }, () => ({ requirement, index })));
  const filledBy = new Map<string, number>();
  const chosen = new Map<number, number>();

  // Augmenting paths: a key moves to another slot where that makes room.
  const place = (slot: number, tried: Set<string>): boolean => {
    for (const [key, indexes] of keys) {
      const fitting = indexes.find((index) => fits(slots[slot]!.requirement, signers[index]!));
      if (fitting === undefined || tried.has(key)) continue;
      tried.add(key);
      const holder = filledBy.get(key);
      if (holder !== undefined && !place(holder, tried)) continue;
      filledBy.set(key, slot);
      chosen.set(slot, fitting);
      return true;
    }
    return false;
  };
  const filled = slots.map((_, slot) => place(slot, new Set()));
  const met = requirements.map(({ role }, index) => ({ role, signers: slots.flatMap((slot, at) => (slot.index === index && filled[at] === true ? [chosen.get(at)!] : [])).sort((a, b) => a - b) }));
  const reasons = requirements.flatMap(({ role, count = 1 }, index) => {
    const found = met[index]!.signers.length;
    return found < count ? [makeReason('REQUIRED_SIGNER_MISSING', { subject: `required ${role}`, expected: count === 1 ? role : `${role} × ${count}`, actual: found })] : [];
  });
  return { reasons, met };
}

function fits({ subjectType, uscc, certificatePolicies }: SignerRequirement, { report: { identity }, certificate }: JudgedSigner): boolean {
  if (subjectType !== undefined && identity?.subjectType !== subjectType) return false;
  if (uscc !== undefined && identity?.uscc !== uscc) return false;
  return certificatePolicies === undefined || certificatePolicies.some((policy) => policiesOf(certificate!).includes(policy));
}

function policiesOf(certificate: Certificate): readonly string[] {
  try {
    return certificate.extCertificatePolicies ?? [];
  } catch (error) {
    if (error instanceof PkiError) return [];
    throw error;
  }
}
