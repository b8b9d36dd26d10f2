import { encodePem } from '../../packages/pki/dist/index.js';
import { afterAll, describe, expect, it } from 'vitest';
import { INTEROP, STRICT, validatePath, type PathValidation } from '../../packages/verify/src/index.js';
import { policyOid } from '../../packages/verify/test/conformance/chain.js';
import { encodeWorld } from '../../packages/verify/test/differential/encode.js';
import { drawChain, drawGraph, type Case } from '../../packages/verify/test/differential/generate.js';
import type { ModelCertificate, World } from '../../packages/verify/test/differential/model.js';
import { Openssl, opensslVersion } from './support/openssl-ca.js';

/** The generated cases of packages/verify/test/differential before `openssl verify`, where it can be asked the same. */

const version = opensslVersion();
if (version === undefined) console.warn('SKIPPED: no openssl command; no verdict of validatePath is compared with its');

const RUNS = Number(process.env['HEFU_DIFFERENTIAL'] ?? 240) / 6;
const FIRST = Number(process.env['HEFU_DIFFERENTIAL_SEED'] ?? 1);
const AMPLE = { maxSignatureChecks: 5000, maxSteps: 5_000_000, maxNameComparisons: 5_000_000 };

/** The case as openssl can be asked it: certificates for anchors, whole seconds, no purposes, a CRL of everybody or of nobody. */
function askable({ world, faults }: Case): Case | undefined {
  if (world.anchors.some(({ certificate }) => certificate === undefined)) return undefined;
  const question = { ...world.question, at: world.question.at - (world.question.at % 1000), purposes: [], maxDepth: undefined, revocation: world.crls.length > 0 ? 'require' as const : 'none' as const };
  return { world: { ...world, question }, faults };
}

interface Verdicts {
  readonly ours: PathValidation;
  readonly theirs: { readonly valid: boolean; readonly said: string };
}

const openssl = version === undefined ? undefined : new Openssl();
afterAll(() => openssl?.close());

async function verdicts(world: World, strict: boolean): Promise<Verdicts> {
  const options = encodeWorld(world);
  const { question } = world;
  const bundle = (label: string, ders: readonly unknown[]): string => (ders as readonly Uint8Array[]).map((der) => encodePem(label, der)).join('');
  openssl!.write('leaf.pem', bundle('CERTIFICATE', [options.leaf]));
  openssl!.write('anchors.pem', bundle('CERTIFICATE', options.anchors));
  openssl!.write('untrusted.pem', bundle('CERTIFICATE', options.candidates!));
  openssl!.write('crls.pem', bundle('X509 CRL', options.crls!));
  const { status, stderr } = openssl!.try(
    'verify', '-attime', String(question.at / 1000), '-auth_level', '2', '-no-CAfile', '-no-CApath', '-no-CAstore', '-partial_chain', '-CAfile', 'anchors.pem',
    ...(options.candidates!.length === 0 ? [] : ['-untrusted', 'untrusted.pem']),
    ...(strict ? ['-x509_strict'] : []),
    ...(question.revocation === 'none' ? [] : ['-crl_check_all', '-extended_crl', '-CRLfile', 'crls.pem']),
    '-policy_check', ...(question.initialPolicySet ?? ['any']).flatMap((policy) => ['-policy', policyOid(policy)]),
    ...(question.explicitPolicy ? ['-explicit_policy'] : []), ...(question.inhibitMapping ? ['-inhibit_map'] : []), ...(question.inhibitAny ? ['-inhibit_any'] : []),
    'leaf.pem',
  );
  const said = /error \d+ at .*|error .*/.exec(stderr)?.[0] ?? stderr.trim();
  return { ours: await validatePath({ ...options, profile: strict ? STRICT : INTEROP, budget: AMPLE }), theirs: { valid: status === 0, said } };
}

interface Difference {
  readonly rule: string;
  /** Code and extension of ours, or `valid`. */
  readonly ours: RegExp;
  readonly theirs: RegExp;
  /** What else must be so. */
  readonly when?: (world: World, verdicts: Verdicts) => boolean;
  readonly reason: string;
}

const VALID = /^valid$/;
const anchorOf = (world: World): World['anchors'][number]['certificate'] => world.anchors[0]!.certificate;
const everything = (world: World): readonly ModelCertificate[] => [world.leaf, ...world.candidates, ...world.anchors.flatMap(({ certificate }) => certificate ?? [])];
/** The anchor of a chain stands one above the last of its path. */
const atAnchor = (world: World, said: string): boolean => world.path === undefined || said.includes(`at ${world.path.length} depth`);

/** Where the two answer differently, and why that is right. Everything else is a finding. */
const DIFFERENCES: readonly Difference[] = [
  { rule: 'RFC 5280 §4.1.2.9', ours: /^CERTIFICATE_VERSION/, theirs: VALID, reason: 'openssl asks for version 3 beside extensions only with -x509_strict' },
  {
    rule: 'RFC 5280 §4.2.1.3, §4.2.1.5, §4.2.1.9 to .11, §4.2.1.14', ours: /^CERTIFICATE_DEVIATION_REFUSED 2\.5\.29\.(15|19|30|33|36|54)$/, theirs: VALID,
    reason: 'openssl does not ask whether a leaf carries what belongs into CA certificates',
  },
  { rule: 'RFC 5280 §4.1.2.2', ours: /^CERTIFICATE_DEVIATION_REFUSED $/, theirs: VALID, when: (world) => everything(world).some(({ serial }) => serial === 'long' || serial <= 0), reason: 'openssl does not look at serial numbers' },
  { rule: 'RFC 5280 §5.2.3', ours: /^CRL_UNSUPPORTED/, theirs: VALID, when: (world) => world.crls.some(({ numbered }) => !numbered), reason: 'openssl does not ask for a cRLNumber' },
  { rule: 'RFC 5280 §5.3', ours: /^CRL_UNSUPPORTED/, theirs: VALID, when: (world) => world.crls.some(({ unknownCritical }) => unknownCritical === 'entry'), reason: 'openssl looks at critical extensions of the entry asked for only' },
  { rule: 'RFC 5280 §6.1.4 (k)', ours: /^ISSUER_NOT_CA/, theirs: VALID, when: (world) => anchorOf(world)?.basic === undefined, reason: 'openssl takes a self-signed anchor, or one with keyCertSign, for a CA without basicConstraints' },
  {
    rule: 'RFC 5280 §6.1.4 (k)', ours: /^ISSUER_NOT_CA/, theirs: VALID, when: (world) => world.path === undefined && everything(world).some(({ version, basic }) => version !== 3 || basic === undefined),
    reason: 'by another way of the graph, whose CA has version 2 or keyCertSign without basicConstraints, which openssl accepts unless strict',
  },
  { rule: 'RFC 5937 §3', ours: /^(POLICY_CONSTRAINTS_VIOLATED|EXTENDED_KEY)/, theirs: VALID, when: (world) => { const c = anchorOf(world)!; return [c.requireExplicit, c.inhibitAny, c.inhibitMapping, c.policies].some((said) => said !== undefined); }, reason: 'openssl does not start from the policies of the anchor’s own certificate' },
  { rule: 'RFC 5280 §4.2.1.10', ours: /^NAME_CONSTRAINTS_VIOLATED/, theirs: VALID, when: (world) => everything(world).some(({ names }) => names.some(({ value }) => value.startsWith('*.'))), reason: 'openssl compares a wildcard letter by letter, so that an excluded name below it is missed' },
  { rule: 'RFC 5280 §4.1.2.5', ours: VALID, theirs: /expired/, when: (world) => everything(world).some(({ notAfter }) => notAfter === world.question.at), reason: 'the last second belongs to the period; openssl ends it before' },
  { rule: 'RFC 5280 §4.2.1.3', ours: VALID, theirs: /does not include key usage/, reason: 'a row of STRICT asks for keyUsage only where §6.1.4 (n) does' },
  { rule: 'RFC 5280 §6.1', ours: VALID, theirs: /revoked|CRL|signature algorithm mismatch|signature failure|invalid CA|subject key identifier|authority key identifier|issuer certificate|validity/i, when: (world, { theirs }) => atAnchor(world, theirs.said), reason: 'an anchor is believed for its name and key; openssl asks for its CRL and looks at its other fields' },
  {
    rule: 'RFC 5280 §6.1', ours: VALID, theirs: /^error/, when: (world) => world.path === undefined || world.path.some(({ subject, issuer }) => subject.text === issuer.text),
    reason: 'openssl takes the first issuer that fits and never goes back; with several keys of one name, or in a graph, that need not be the one',
  },
];

function explained(world: World, verdicts: Verdicts): boolean {
  const { ours, theirs } = verdicts;
  const own = ours.valid ? 'valid' : `${ours.failure!.code} ${ours.failure!.extension ?? ''}`;
  const other = theirs.valid ? 'valid' : theirs.said;
  return DIFFERENCES.some((row) => row.ours.test(own) && row.theirs.test(other) && row.when?.(world, verdicts) !== false);
}

async function compare(count: number, draw: (seed: number) => Case, strict: boolean): Promise<readonly string[]> {
  const found: string[] = [];
  const agreed = { valid: 0, invalid: 0 };
  for (let seed = FIRST; seed < FIRST + count; seed++) {
    const one = askable(draw(seed));
    if (one === undefined) continue;
    const both = await verdicts(one.world, strict);
    const { ours, theirs } = both;
    agreed[ours.valid ? 'valid' : 'invalid'] += ours.valid === theirs.valid ? 1 : 0;
    if (ours.valid === theirs.valid || explained(one.world, both)) continue;
    found.push(`seed ${seed} [${one.faults.join('; ')}]: ours ${ours.valid ? 'valid' : JSON.stringify(ours.failure)}, openssl ${theirs.valid ? 'valid' : theirs.said}`);
  }
  // Most of what is asked is answered alike, both ways.
  expect(Math.min(agreed.valid, agreed.invalid)).toBeGreaterThan(count / 10);
  return found;
}

describe.skipIf(version === undefined)('validatePath and openssl verify', () => {
  it.each([false, true])('on chains, strict %s', async (strict) => {
    expect(await compare(RUNS, (seed) => drawChain(seed, ['rsa', 'p256']), strict)).toEqual([]);
  }, 3_600_000);
  it('on graphs', async () => {
    expect(await compare(RUNS, (seed) => drawGraph(seed, ['p256']), false)).toEqual([]);
  }, 3_600_000);
});
