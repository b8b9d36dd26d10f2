import { readFileSync } from 'node:fs';
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import { beforeAll, describe, expect, it } from 'vitest';
import { describeFile, readIndex, readManifest, readSeals, serializeIndex } from '../../src/index.js';
import { algorithms, judgedWorld } from './world.js';

const ajv = new Ajv2020({ strict: false, unicodeRegExp: true });
const schemaOf = (name: string): ValidateFunction => ajv.compile(JSON.parse(readFileSync(new URL(`../../schemas/evidence-${name}.schema.json`, import.meta.url), 'utf8')) as object);
const octets = (value: unknown): Uint8Array => new TextEncoder().encode(JSON.stringify(value));
const takes = (read: (bytes: Uint8Array) => unknown, value: unknown): boolean => {
  try {
    read(octets(value));
    return true;
  } catch (error) {
    if ((error as { code?: string }).code !== 'EVIDENCE_DOCUMENT_INVALID') throw error;
    return false;
  }
};

describe('published schemas', () => {
  let documents: readonly (readonly [name: string, validate: ValidateFunction, read: (bytes: Uint8Array) => unknown, value: Record<string, unknown>])[];
  beforeAll(async () => {
    const judged = await judgedWorld('schemas');
    const { record } = await judged.record(judged.world.scenarios.find(({ expected, lists }) => expected.stage === 'judge' && lists.length === 1)!.id);
    const index = JSON.parse(new TextDecoder().decode(serializeIndex({
      type: 'hefu-evidence-index', version: 1, project: 'P', manifests: [{ id: record.manifest.id, ...describeFile(record.bytes, algorithms) }], objects: [...record.manifest.files],
    }))) as Record<string, unknown>;
    const seals = { type: 'hefu-evidence-seals', version: 1, chains: [{ digest: 'SHA-256', stamps: [{ token: 'AAAA', validation: [{ kind: 'crl', octets: 'AA==' }] }] }] };
    documents = [
      ['manifest', schemaOf('manifest'), readManifest, JSON.parse(new TextDecoder().decode(record.bytes)) as Record<string, unknown>],
      ['index', schemaOf('index'), readIndex, index],
      ['seals', schemaOf('seals'), readSeals, seals],
    ];
  });

  it('say what readers take', () => {
    for (const [name, validate, read, value] of documents) expect([name, validate(value), takes(read, value), validate.errors]).toEqual([name, true, true, null]);
  });
  it('whatever a schema refuses, its reader does', () => {
    let refused = 0;
    for (const [name, validate, read, value] of documents) {
      for (const changed of mutations(value)) {
        if (validate(changed)) continue;
        refused += 1;
        expect(takes(read, changed), `${name} ${JSON.stringify(changed).slice(0, 300)}`).toBe(false);
      }
    }
    expect(refused).toBeGreaterThan(100);
  });
});

/** The value with one member removed, replaced by another kind of value, or added, at every place. */
function* mutations(value: unknown): Generator<unknown> {
  if (Array.isArray(value)) {
    yield 'text';
    yield [...value, 7];
    for (const [index, element] of value.slice(0, 2).entries()) for (const changed of mutations(element)) yield value.map((each: unknown, at) => (at === index ? changed : each));
  } else if (typeof value === 'object' && value !== null) {
    yield 'text';
    yield { ...value, unknown: 1 };
    for (const [name, member] of Object.entries(value)) {
      yield Object.fromEntries(Object.entries(value).filter(([other]) => other !== name));
      for (const changed of mutations(member)) yield { ...value, [name]: changed };
    }
  } else {
    yield null;
    yield { nested: true };
    yield typeof value === 'number' ? -1.5e17 : 1;
    yield '';
  }
}
