import type { JudgeContext } from '../context.js';
import type { EvidenceGap } from '../evidence.js';
import type { ReasonCode } from '../codes.js';
import { Fields, HEX_256, readDocument, serialize } from './fields.js';
import type { SignerRequirement } from '../required-signers.js';
import { EVIDENCE_LIMITS } from './limits.js';
import type { EvidenceIndex, EvidenceManifest, StoredCircumstances, StoredEvidence, StoredFile, StoredTrust } from './model.js';

const ID = /^[\p{L}\p{N}][\p{L}\p{N} ._:/@#()（）-]{0,199}$/u;
const INSTANT = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;
const HEX = /^(?:[0-9a-f]{2}){1,256}$/;
const URL_TEXT = /^[^\p{Cc}]{1,2048}$/u;

/** The octets of a manifest: what its name and its seal are of. @throws EvidenceError EVIDENCE_DOCUMENT_INVALID when it could not be read again */
export function serializeManifest(manifest: EvidenceManifest): Uint8Array {
  const bytes = serialize(manifest);
  readManifest(bytes);
  return bytes;
}

/** @throws EvidenceError EVIDENCE_DOCUMENT_INVALID */
export function readManifest(bytes: Uint8Array, file = 'manifest'): EvidenceManifest {
  return readDocument(bytes, file, EVIDENCE_LIMITS.maxManifestBytes, (fields) => {
    const manifest: EvidenceManifest = {
      type: fields.literal('type', 'hefu-evidence'),
      version: fields.literal('version', 1),
      id: fields.text('id', ID),
      madeAt: fields.text('madeAt', INSTANT),
      tools: fields.list('tools', 1, 16, (tool) => ({ name: tool.text('name'), version: tool.text('version') })),
      signature: fields.text('signature', HEX_256),
      ...fields.optional('content', () => {
        const content = fields.object('content');
        return { ...storedFile(content), kept: content.boolean('kept') };
      }),
      evidence: fields.list('evidence', 0, EVIDENCE_LIMITS.maxFiles, storedEvidence),
      trust: storedTrust(fields.object('trust')),
      policy: fields.text('policy', HEX_256),
      circumstances: circumstances(fields.object('circumstances')),
      report: fields.text('report', HEX_256),
      verdict: verdict(fields.object('verdict')),
      files: fields.list('files', 1, EVIDENCE_LIMITS.maxFiles, storedFile),
    };
    const named = objectsNamed(manifest);
    const kept = manifest.files.map(({ sha256 }) => sha256);
    if (!isAscending(kept)) fields.fail('files', 'are not in ascending order, each once');
    const missing = named.find((sha256) => !kept.includes(sha256));
    const extra = kept.find((sha256) => !named.includes(sha256));
    if (missing !== undefined) fields.fail('files', `lack ${missing}`);
    if (extra !== undefined) fields.fail('files', `hold ${extra}, which nothing names`);
    return manifest;
  });
}

/** Every object a manifest names. */
export function objectsNamed(manifest: Omit<EvidenceManifest, 'files'>): readonly string[] {
  const { signature, content, evidence, trust, policy, report } = manifest;
  return [...new Set([
    signature, ...(content?.kept === true ? [content.sha256] : []), ...evidence.map(({ sha256 }) => sha256),
    ...(trust.kind === 'list' ? [trust.list, trust.role] : [trust.bundle]), policy, report,
  ])];
}

/** The octets of an index. @throws EvidenceError EVIDENCE_DOCUMENT_INVALID when it could not be read again */
export function serializeIndex(index: EvidenceIndex): Uint8Array {
  const bytes = serialize(index);
  readIndex(bytes);
  return bytes;
}

/** @throws EvidenceError EVIDENCE_DOCUMENT_INVALID */
export function readIndex(bytes: Uint8Array, file = 'index.json'): EvidenceIndex {
  return readDocument(bytes, file, EVIDENCE_LIMITS.maxIndexBytes, (fields) => {
    const index: EvidenceIndex = {
      type: fields.literal('type', 'hefu-evidence-index'),
      version: fields.literal('version', 1),
      ...fields.optional('project', () => fields.text('project', ID)),
      manifests: fields.list('manifests', 1, EVIDENCE_LIMITS.maxManifests, (each) => ({ id: each.text('id', ID), ...storedFile(each) })),
      objects: fields.list('objects', 1, EVIDENCE_LIMITS.maxObjects, storedFile),
    };
    if (new Set(index.manifests.map(({ id }) => id)).size < index.manifests.length) fields.fail('manifests', 'repeat an id');
    if (new Set(index.manifests.map(({ sha256 }) => sha256)).size < index.manifests.length) fields.fail('manifests', 'repeat a manifest');
    if (!isAscending(index.objects.map(({ sha256 }) => sha256))) fields.fail('objects', 'are not in ascending order, each once');
    return index;
  });
}

function storedFile(fields: Fields): StoredFile {
  return { sha256: fields.text('sha256', HEX_256), sm3: fields.text('sm3', HEX_256), length: fields.integer('length') };
}

function storedEvidence(fields: Fields): StoredEvidence {
  return {
    kind: fields.oneOf('kind', ['crl', 'ocsp', 'certificate']),
    sha256: fields.text('sha256', HEX_256),
    ...fields.optional('url', () => fields.text('url', URL_TEXT)),
    ...fields.optional('fetchedAt', () => fields.integer('fetchedAt')),
    ...fields.optional('nonce', () => {
      const nonce = fields.object('nonce');
      return { sent: nonce.text('sent', HEX), ...nonce.optional('required', () => nonce.boolean('required')) };
    }),
  };
}

function storedTrust(fields: Fields): StoredTrust {
  return fields.get('kind') === 'scheme'
    ? { kind: fields.literal('kind', 'scheme'), bundle: fields.text('bundle', HEX_256), root: fields.text('root', HEX_256), ...fields.optional('missing', () => fields.list('missing', 1, 1000, (each) => ({ schemeId: each.text('schemeId'), list: each.text('list'), code: each.text('code', /^[A-Z_]{1,60}$/) }))) }
    : { kind: fields.literal('kind', 'list'), list: fields.text('list', HEX_256), role: fields.text('role', HEX_256) };
}

function circumstances(fields: Fields): StoredCircumstances {
  return {
    at: fields.integer('at', -8.64e15, 8.64e15),
    ...fields.optional('bestSignatureTime', () => fields.integer('bestSignatureTime', -8.64e15, 8.64e15)),
    scene: fields.oneOf<JudgeContext['scene']>('scene', ['login', 'bid-signing', 'opening', 'archive']),
    region: fields.text('region', /^\d{6}$/),
    ...fields.optional('transaction', () => fields.text('transaction')),
    ...fields.optional('purpose', () => fields.oneOf<NonNullable<JudgeContext['purpose']>>('purpose', ['auth', 'sign', 'seal', 'encrypt'])),
    ...fields.optional('role', () => fields.text('role')),
    ...fields.optional('requireSigners', () => fields.list('requireSigners', 1, 20, requirement)),
    ...fields.optional('knownAt', () => {
      const knownAt = fields.object('knownAt');
      return {
        lists: knownAt.list('lists', 1, 1000, (each) => ({ ...each.optional('schemeId', () => each.text('schemeId')), id: each.text('id'), sequence: each.integer('sequence', 1) })),
        ...knownAt.optional('decides', () => knownAt.oneOf<'then' | 'now'>('decides', ['then', 'now'])),
      };
    }),
    ...fields.optional('proofs', () => fields.list('proofs', 0, EVIDENCE_LIMITS.maxFiles, (proof) => ({ sha256: proof.text('sha256', HEX_256), at: proof.integer('at', -8.64e15, 8.64e15) }))),
    gaps: fields.list('gaps', 0, EVIDENCE_LIMITS.maxFiles, (gap) => ({
      code: gap.text('code', /^[A-Z_]{1,40}$/) as EvidenceGap['code'],
      what: gap.text('what'),
      ...gap.optional('detail', () => gap.text('detail')),
    })),
  };
}

function requirement(fields: Fields): SignerRequirement {
  return {
    role: fields.text('role', /^[^\p{Cc}]{1,64}$/u),
    ...fields.optional('subjectType', () => fields.oneOf<NonNullable<SignerRequirement['subjectType']>>('subjectType', ['organization', 'person', 'device'])),
    ...fields.optional('uscc', () => fields.text('uscc', /^[0-9A-HJ-NPQRTUWXY]{18}$/)),
    ...fields.optional('certificatePolicies', () => fields.texts('certificatePolicies', 1, 100, /^\d+(?:\.\d+)+$/)),
    ...fields.optional('count', () => fields.integer('count', 1, 20)),
  };
}

function verdict(fields: Fields): EvidenceManifest['verdict'] {
  return {
    conclusion: fields.oneOf('conclusion', ['passed', 'failed', 'indeterminate']),
    code: fields.text('code', /^[A-Z_]{2,60}$/) as ReasonCode | 'OK',
    ...fields.optional('name', () => fields.text('name')),
    ...fields.optional('uscc', () => fields.text('uscc')),
  };
}

function isAscending(names: readonly string[]): boolean {
  return names.every((name, index) => index === 0 || names[index - 1]! < name);
}
