import { readJson, type Purpose } from '@hefu/trust-list';
import { VerifyError } from './error.js';
import { Members, type ProblemLog } from './policy/members.js';
import type { MessageVariant, Policy, Scene, ScenePolicy, TimeSource } from './policy.js';

const MAX_POLICY_BYTES = 262_144;
const DAY = 86_400_000;
const SCENES: readonly Scene[] = ['login', 'bid-signing', 'opening', 'archive'];
const VARIANTS: readonly MessageVariant[] = ['cms', 'za-content', 'attrs-za', 'attrs-za-md-za', 'plain-content', 'contentinfo-der', 'digest-as-message'];
const TIME_SOURCES: readonly TimeSource[] = ['receipt', 'time-stamp', 'evidence'];
const PURPOSES: readonly Purpose[] = ['auth', 'sign', 'seal', 'encrypt'];
const ALGORITHM_NAME = /^[A-Za-z0-9][A-Za-z0-9_-]{0,63}$/;

/**
 * Reads a policy, from JSON text (UTF-16 string or UTF-8 octets) or from a value that came out of JSON. Every member
 * must be there unless the type makes it optional, none may be unknown, numbers must lie in their ranges.
 * The result is a fresh value; the input is not kept.
 * @throws VerifyError POLICY_INVALID with every problem found
 */
export function readPolicy(input: unknown): Policy {
  const problems: string[] = [];
  const policy = policyOf(new Members(parsed(input), '', problems), problems);
  if (problems.length > 0) throw new VerifyError('POLICY_INVALID', `the policy has ${problems.length} problem(s): ${problems.slice(0, 3).join('; ')}`, { problems });
  return policy;
}

function parsed(input: unknown): unknown {
  if (typeof input !== 'string' && !(input instanceof Uint8Array)) return input;
  try {
    const octets = typeof input === 'string' ? new TextEncoder().encode(input) : input;
    return readJson(octets, { maxBytes: MAX_POLICY_BYTES, maxDepth: 8 });
  } catch (cause) {
    if (!(cause instanceof Error) || cause.name !== 'TrustListError') throw cause;
    throw new VerifyError('POLICY_INVALID', `the policy is not JSON: ${cause.message}`, { cause, problems: [cause.message] });
  }
}

function policyOf(members: Members, problems: ProblemLog): Policy {
  const scenes = members.object('scenes');
  const algorithms = members.object('algorithms');
  const policy: Policy = {
    id: members.text('id', /^[A-Za-z0-9][A-Za-z0-9._:-]{0,99}$/),
    version: members.integer('version', 1, 1_000_000),
    scenes: {
      login: sceneOf(scenes.object('login')),
      'bid-signing': sceneOf(scenes.object('bid-signing')),
      opening: sceneOf(scenes.object('opening')),
      archive: sceneOf(scenes.object('archive')),
    },
    algorithms: {
      signatures: algorithms.texts('signatures', ALGORITHM_NAME),
      digests: algorithms.texts('digests', ALGORITHM_NAME),
      // Below 1024 bits a key can be factored by anyone; no policy may allow it.
      minRsaBits: algorithms.integer('minRsaBits', 1024, 16_384),
      ...optional('sunset', algorithms.numbers('sunset')),
    },
    clockSkew: members.integer('clockSkew', 0, DAY / 24),
    signerKeyUsage: members.choices('signerKeyUsage', ['digitalSignature', 'nonRepudiation']),
    keyUsageAbsent: members.oneOf('keyUsageAbsent', ['refuse', 'accept']),
    signerExtendedKeyUsage: members.texts('signerExtendedKeyUsage', /^[0-2](?:\.(?:0|[1-9]\d{0,38})){1,30}$/),
    refusedDeviations: members.texts('refusedDeviations', /^[A-Z0-9_]{1,100}$/, 0),
    enforceAnchorValidity: members.boolean('enforceAnchorValidity'),
    revealPersonalData: members.boolean('revealPersonalData'),
    ...optional<'timestampPurposeAbsent', 'refuse' | 'accept'>('timestampPurposeAbsent', members.optionalOneOf('timestampPurposeAbsent', ['refuse', 'accept'])),
  };
  scenes.finish(SCENES);
  algorithms.finish(['signatures', 'digests', 'minRsaBits', 'sunset']);
  members.finish([
    'id', 'version', 'scenes', 'algorithms', 'clockSkew', 'signerKeyUsage', 'keyUsageAbsent', 'signerExtendedKeyUsage', 'refusedDeviations', 'enforceAnchorValidity', 'revealPersonalData',
    'timestampPurposeAbsent',
  ]);
  const named = [...policy.algorithms.signatures, ...policy.algorithms.digests];
  for (const name of Object.keys(policy.algorithms.sunset ?? {})) {
    // A date for a misspelt name would never come.
    if (!named.includes(name)) problems.push(`algorithms.sunset.${name.slice(0, 64)}: is not among signatures or digests`);
  }
  return policy;
}

function sceneOf(members: Members): ScenePolicy {
  const scene: ScenePolicy = {
    revocation: members.oneOf('revocation', ['hard', 'soft', 'none']),
    crlGrace: members.integer('crlGrace', 0, 31 * DAY),
    ...optional('crlMaxAge', members.optionalInteger('crlMaxAge', 1, 366 * DAY)),
    ...optional('ocspGrace', members.optionalInteger('ocspGrace', 0, 31 * DAY)),
    ...optional('ocspMaxAge', members.optionalInteger('ocspMaxAge', 1, 366 * DAY)),
    listGrace: members.integer('listGrace', 0, 31 * DAY),
    ...optional('listGraceFor', listGraceFor(members)),
    ...optional<'missingList', 'refuse' | 'ignore'>('missingList', members.optionalOneOf('missingList', ['refuse', 'ignore'])),
    messageVariants: members.choices('messageVariants', VARIANTS),
    ...optional('timeSources', members.optionalChoices('timeSources', TIME_SOURCES)),
    ...optional('timestampDelay', members.optionalInteger('timestampDelay', 0, 366 * DAY)),
    ...optional<'staleRevocation', 'issuance' | 'validity'>('staleRevocation', members.optionalOneOf('staleRevocation', ['issuance', 'validity'])),
  };
  members.finish([
    'revocation', 'crlGrace', 'crlMaxAge', 'ocspGrace', 'ocspMaxAge', 'listGrace', 'listGraceFor', 'missingList', 'messageVariants', 'timeSources', 'timestampDelay', 'staleRevocation',
  ]);
  return scene;
}

function listGraceFor(scene: Members): ScenePolicy['listGraceFor'] {
  const members = scene.optionalObject('listGraceFor');
  if (members === undefined) return undefined;
  members.finish(PURPOSES);
  return Object.fromEntries(PURPOSES.flatMap((purpose) => {
    const grace = members.optionalInteger(purpose, 0, 31 * DAY);
    return grace === undefined ? [] : [[purpose, grace]];
  }));
}

function optional<K extends string, T>(name: K, value: T | undefined): { readonly [P in K]?: T } {
  return value === undefined ? {} : ({ [name]: value } as { readonly [P in K]?: T });
}
