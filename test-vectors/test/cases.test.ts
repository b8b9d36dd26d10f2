import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { webcrypto } from 'node:crypto';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, it, test } from 'vitest';
import { classicalAlgorithms, sm2, softwareDigests, webCryptoProvider, type Algorithms } from '@hefu/crypto';
import { nodeAlgorithms } from '@hefu/node';
import { createJudgeCaches } from '@hefu/verify';
import { play, type Case, type Played, type PlayOptions } from './play.js';

const TOP = resolve(import.meta.dirname, '..');
const CASES = join(TOP, 'cases');

const paths = (readdirSync(CASES, { recursive: true }) as string[]).filter((path) => path.endsWith('case.json')).map((path) => join(CASES, path)).sort();
const cases = paths.map((path) => ({ path, one: JSON.parse(readFileSync(path, 'utf8')) as Case }));
const byId = new Map(cases.map(({ one }) => [one.id, one]));

const software: Algorithms = { digests: softwareDigests, signatures: [...classicalAlgorithms(webCryptoProvider(webcrypto.subtle as SubtleCrypto)), sm2] };
const remembering = (algorithms: Algorithms): PlayOptions => ({ algorithms, memory: { lists: new Map(), crls: new Map(), caches: createJudgeCaches() } });
const node = remembering(nodeAlgorithms());
const web = remembering(software);

const isGood = ({ expect: { conclusion } }: Case): boolean => conclusion === 'passed' || conclusion === 'accepted';

/** What must be as the case says. */
function shown({ stage, conclusion, code, report }: Played, one: Case): object {
  const { identity, messageVariant, warnings } = one.expect;
  const found: Readonly<Record<string, unknown>> = { ...report?.identity };
  return {
    stage,
    conclusion,
    code,
    ...(identity === undefined ? {} : { identity: Object.fromEntries(Object.keys(identity).map((name) => [name, found[name]])) }),
    ...(messageVariant === undefined ? {} : { messageVariant: report?.signers[0]?.messageVariant }),
    ...(warnings === undefined ? {} : { warnings: report?.warnings.filter((warning) => warnings.includes(warning)) }),
  };
}

describe('the collection', () => {
  const validate = new Ajv2020({ allErrors: true, strict: true, strictRequired: false, strictTypes: false, formats: { uri: true } }).compile(JSON.parse(readFileSync(join(TOP, 'schema.json'), 'utf8')) as object);

  test('every case conforms to schema.json', () => {
    for (const { path, one } of cases) expect(validate(one) ? [] : validate.errors, path).toEqual([]);
  });

  test('the schema refuses a case with a member too many, one too few, or a verdict that contradicts itself', () => {
    const good = cases.find(({ one }) => one.expect.conclusion === 'passed')!.one;
    const { signature: _, ...unsigned } = good;
    for (const bad of [
      { ...good, colour: 'red' },
      { ...good, at: '2026-06-01 02:00' },
      { ...good, expect: { ...good.expect, code: 'LIST_EXPIRED' } },
      { ...good, expect: { ...good.expect, conclusion: 'refused' } },
      { ...good, expect: { stage: 'judge', conclusion: 'failed', code: 'OK' } },
      { ...good, expect: { ...good.expect, stage: 'list' } },
      unsigned,
    ]) expect(validate(bad)).toBe(false);
    expect(validate(good)).toBe(true);
  });

  test('every case lies where its id says, and fails by name when it fails', () => {
    expect(byId.size).toBe(cases.length);
    for (const { path, one } of cases) {
      expect(relative(CASES, dirname(path)).replaceAll('\\', '/')).toBe(one.id);
      expect(one.id.endsWith('_fail')).toBe(!isGood(one));
    }
  });

  test('every accept has a neighbouring reject, and every reject an accept', () => {
    for (const { one } of cases) {
      const neighbour = byId.get(one.neighbour);
      expect(neighbour, `${one.id} → ${one.neighbour}`).toBeDefined();
      expect(isGood(neighbour!)).toBe(!isGood(one));
    }
  });

  test('there are enough of both', () => {
    const good = cases.filter(({ one }) => isGood(one)).length;
    expect(good).toBeGreaterThanOrEqual(60);
    expect(cases.length - good).toBeGreaterThanOrEqual(90);
  });
});

describe.each([...new Set(cases.map(({ one }) => one.id.split('/')[0]!))])('%s', (topic) => {
  it.each(cases.filter(({ one }) => one.id.startsWith(`${topic}/`)).map(({ path, one }) => [one.id.slice(topic.length + 1), path, one] as const))('%s', async (_, path, one) => {
    const first = await play(path, one, node);
    expect(shown(first, one), JSON.stringify(first.report?.reasons)).toEqual(one.expect);
    // Nothing but the input decides: neither the platform nor what was judged before.
    expect(JSON.stringify((await play(path, one, web)).report)).toBe(JSON.stringify(first.report));
    // Every CRL that the verdict rests on is one that a platform would have fetched.
    const { used, planned } = first.crls ?? { used: [], planned: () => [] };
    const wanted = used.length === 0 ? [] : planned();
    expect(used.filter((url) => !wanted.includes(url))).toEqual([]);
  });
});

test('one case of each topic, twice from nothing and once with everything remembered, gives one report', async () => {
  const seen = new Map(cases.filter(({ one }) => one.expect.conclusion === 'passed').map((each) => [each.one.id.split('/')[0], each]));
  expect(seen.size).toBeGreaterThan(10);
  for (const { path, one } of seen.values()) {
    const reports = [];
    for (const options of [{ algorithms: node.algorithms }, { algorithms: node.algorithms }, node]) reports.push(JSON.stringify((await play(path, one, options)).report));
    expect(new Set(reports).size, one.id).toBe(1);
  }
});
