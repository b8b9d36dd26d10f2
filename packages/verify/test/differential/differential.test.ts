import { describe, expect, it } from 'vitest';
import { INTEROP, STRICT, validatePath, type PathProfile } from '../../src/index.js';
import { encodeWorld } from './encode.js';
import { drawChain, drawGraph, type Case } from './generate.js';
import { isValid, violations, type OracleProfile } from './oracle.js';

/**
 * Generated cases against an oracle written apart. HEFU_DIFFERENTIAL=<n> tries n chains and n / 4 graphs, and
 * HEFU_DIFFERENTIAL_SEED=<n> begins elsewhere; what disagrees is named by its seed.
 */

const RUNS = Number(process.env['HEFU_DIFFERENTIAL'] ?? 600);
const FIRST = Number(process.env['HEFU_DIFFERENTIAL_SEED'] ?? 1);
const PROFILES: Readonly<Record<OracleProfile, PathProfile>> = { strict: STRICT, interop: INTEROP };
/** Enough to look at every path of a graph of twelve. */
const AMPLE = { maxSignatureChecks: 5000, maxSteps: 5_000_000, maxNameComparisons: 5_000_000 };

/** Codes that one fault alone led to, and verdicts: cases that only ever say one thing show nothing. */
const seen = new Map<string, number>();
const note = (what: string): unknown => seen.set(what, (seen.get(what) ?? 0) + 1);

async function disagreement(seed: number, { world, faults }: Case): Promise<string | undefined> {
  const name = seed % 2 === 0 ? 'strict' : 'interop';
  const expected = isValid(world, name);
  const { valid, failure } = await validatePath({ ...encodeWorld(world), profile: PROFILES[name], budget: AMPLE });
  const about = `seed ${seed} ${name} [${faults.join('; ')}]`;
  if (valid !== expected) return `${about}: expected ${expected ? 'valid' : 'invalid'}, found ${valid ? 'valid' : JSON.stringify(failure)}`;
  note(valid ? 'valid' : 'invalid');
  if (valid || world.path === undefined) return undefined;
  const found = violations({ certificates: world.path, anchor: world.anchors[0]! }, world, name);
  if (found.length !== 1) return undefined;
  const { codes, certificate } = found[0]!;
  note(codes[0]!);
  if (codes.includes(failure!.code) && (certificate === undefined || failure!.certificate === certificate)) return undefined;
  return `${about}: expected ${codes.join(' or ')} at ${certificate}, found ${JSON.stringify(failure)}`;
}

async function disagreements(count: number, draw: (seed: number) => Case): Promise<readonly string[]> {
  const found: string[] = [];
  for (let seed = FIRST; seed < FIRST + count && found.length < 40; seed++) {
    const one = await disagreement(seed, draw(seed));
    if (one !== undefined) found.push(one);
  }
  return found;
}

const CODES = [
  'ALGORITHM_MISMATCH', 'VALIDITY_INVERTED', 'CERTIFICATE_VERSION', 'DUPLICATE_EXTENSION', 'CERTIFICATE_MALFORMED', 'KEY_TOO_WEAK', 'ISSUER_NOT_CA', 'KEY_CERT_SIGN_MISSING',
  'UNKNOWN_CRITICAL_EXTENSION', 'CERTIFICATE_NOT_YET_VALID', 'CERTIFICATE_EXPIRED', 'EXTENDED_KEY_USAGE_MISMATCH', 'CERTIFICATE_DEVIATION_REFUSED', 'PATH_NOT_FOUND',
  'CERTIFICATE_SIGNATURE_INVALID', 'ISSUER_NOT_LISTED', 'PATH_LENGTH_EXCEEDED', 'NAME_CONSTRAINTS_VIOLATED', 'POLICY_CONSTRAINTS_VIOLATED',
  'CERTIFICATE_REVOKED', 'CA_CERTIFICATE_REVOKED', 'CERTIFICATE_FROZEN', 'CRL_STALE', 'CRL_NOT_AVAILABLE', 'CRL_SIGNATURE_INVALID', 'CRL_NOT_YET_VALID', 'CRL_OUT_OF_SCOPE',
  'CRL_ISSUER_NOT_AUTHORISED', 'CRL_UNSUPPORTED',
];

describe('validatePath and the oracle agree', () => {
  it('on single paths: verdict, and code and certificate where one thing is wrong', async () => {
    expect(await disagreements(RUNS, drawChain)).toEqual([]);
    if (RUNS >= 600 && FIRST === 1) expect(CODES.filter((code) => !seen.has(code))).toEqual([]);
    expect(Math.min(seen.get('valid')!, seen.get('invalid')!)).toBeGreaterThan(RUNS / 4);
  }, 3_600_000);

  it('on graphs of up to twelve cross-signed CAs', async () => {
    seen.clear();
    expect(await disagreements(Math.ceil(RUNS / 4), drawGraph)).toEqual([]);
    expect(Math.min(seen.get('valid')!, seen.get('invalid')!)).toBeGreaterThan(RUNS / 20);
  }, 3_600_000);
});
