import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Json } from '@hefu/sign';
import { BJCA_COSS_MAPPING, createMemoryJobVault, createQrSessionAdapter, readQrMapping, SMART_ID_MAPPING, ZHONGZHAO_MAPPING } from '../../src/index.js';
import { readPath, textAt } from '../../src/qr-session/answer-path.js';
import { fill, fillText, namesIn } from '../../src/qr-session/template.js';
import { algorithms } from './bench.js';

const SHIPPED = { ZHONGZHAO_MAPPING, BJCA_COSS_MAPPING, SMART_ID_MAPPING };
/** A copy with one member set, by its path. */
function changed(mapping: object, path: string, value: unknown): unknown {
  const copy = structuredClone(mapping) as Record<string, unknown>;
  const names = path.split('.');
  let here = copy;
  for (const name of names.slice(0, -1)) here = here[name] as Record<string, unknown>;
  if (value === undefined) delete here[names.at(-1)!];
  else here[names.at(-1)!] = value;
  return copy;
}

describe('a mapping', () => {
  it.each(Object.entries(SHIPPED))('%s is one, as JSON', (_, mapping) => {
    expect(readQrMapping(JSON.parse(JSON.stringify(mapping)))).toEqual(mapping);
  });

  it('stands in the documentation, as a complete example', () => {
    const page = readFileSync(new URL('../../../../docs/qr-mappings.md', import.meta.url), 'utf8');
    const [, json] = /```json\n([\s\S]*?)\n```/.exec(page)!;
    expect(readQrMapping(JSON.parse(json!)).id).toBe('qr-example');
  });

  const wrong: [what: string, path: string, value: unknown, says: RegExp][] = [
    ['a member nobody knows', 'onSigned', 'alert(1)', /no member named "onSigned"/],
    ['a member missing', 'sign', undefined, /lacks sign/],
    ['a name that does not exist', 'sign.create.body.title', '${process.env}', /there is no \$\{process.env\}/],
    ['a template that is none', 'sign.create.body.title', '${a(b)}', /is no template/],
    ['a filter nobody knows', 'sign.create.body.title', '${request.id|eval}', /is no template/],
    ['a path that is none', 'sign.job.id', 'data[0]', /is not a path/],
    ['a path too deep', 'sign.job.id', 'a.b.c.d.e.f.g.h.i', /is not a path/],
    ['a secret in the query of a code', 'sign.qr.payload', '${job.link}?k=${secret.scan}', /there is no \$\{secret.scan\} here/],
    ['a secret in an address', 'sign.status.0.call.path', 'query/${secret.scan}', /there is no \$\{secret.scan\} here/],
    ['a label in an address', 'sign.create.path', 'add/${display.text}', /there is no \$\{display.text\} here/],
    ['an address elsewhere', 'sign.create.path', 'https://example.net/', /not below the base/],
    ['an address above', 'sign.create.path', '../admin', /not below the base/],
    ['a body where there is none', 'sign.create.method', 'GET', /GET has none/],
    ['no word for signed', 'sign.status.0.words.0.is', { TOSIGN: 'waiting' }, /no word means signed/],
    ['a word that means what no word may', 'sign.status.0.words.0.is.FINISH', 'SIGNATURE_INVALID', /is none of/],
    ['results tied to nothing', 'sign.binds', [], /nothing ties a result/],
    ['a callback signature that leaves the body out', 'callback.signature.over', '${callback.header-x-coss-timestamp}', /does not cover the body/],
    ['codes without success', 'answer.success', undefined, /go together/],
    ['entries without a list', 'sign.values.list', undefined, /need a list/],
    ['the prototype', 'sign.job.fields', JSON.parse('{"__proto__":"a"}'), /no member named "__proto__"/],
    ['a batch of none', 'batch', 0, /whole number/],
    ['haste', 'sign.pace.firstMs', 10, /whole number/],
  ];
  it.each(wrong)('with %s is refused', (_, path, value, says) => {
    expect(() => readQrMapping(changed(BJCA_COSS_MAPPING, path, value))).toThrow(says);
  });

  it('whose proof has no secret of the job is refused', () => {
    expect(() => readQrMapping(changed(SMART_ID_MAPPING, 'sign.qr.proofs.qr.secret', 'other'))).toThrow(/no secret of the job/);
  });

  it('that is anything else is refused with TypeError, and never something else', () => {
    fc.assert(fc.property(fc.jsonValue(), (value) => {
      expect(() => readQrMapping(value)).toThrow(TypeError);
    }), { numRuns: 200 });
  });

  it('needs its settings, its keys and, sealed, its opener', () => {
    const clock = { now: () => 0, sleep: () => Promise.resolve() };
    const options = { fetch: () => Promise.reject(new Error()), baseUrl: 'https://ca.example', algorithms, clock, vault: createMemoryJobVault(clock) };
    expect(() => createQrSessionAdapter({ ...options, mapping: BJCA_COSS_MAPPING })).toThrow(/setting appId/);
    expect(() => createQrSessionAdapter({ ...options, mapping: BJCA_COSS_MAPPING, settings: { appId: 'a' } })).toThrow(/key app/);
    expect(() => createQrSessionAdapter({ ...options, mapping: ZHONGZHAO_MAPPING, settings: { platformCode: 'a' } })).toThrow(/openCallback/);
    expect(() => createQrSessionAdapter({ ...options, baseUrl: 'http://ca.example', mapping: BJCA_COSS_MAPPING, settings: { appId: 'a' }, keys: { app: { kind: 'mac', secret: new Uint8Array(8) } } })).toThrow(/https/);
  });
});

describe('a template', () => {
  const filling = (values: Record<string, Json | Uint8Array | undefined>) => ({ scope: (name: string) => values[name], digests: algorithms.digests });
  it('keeps the type of a whole value, leaves out what is missing, and repeats for items', () => {
    const items = [{ 'item.id': 'a' }, { 'item.id': 'b' }].map((each) => (name: string) => each[name as 'item.id']);
    expect(fill({ n: '${n}', text: 'n=${n}', none: '${none}', list: { $items: { id: '${item.id}', n: '${n}' } }, deep: [{ x: '${none}' }] }, { ...filling({ n: 7 }), items }))
      .toEqual({ n: 7, text: 'n=7', list: [{ id: 'a', n: 7 }, { id: 'b', n: 7 }], deep: [{}] });
  });
  it('encodes octets, and refuses them bare', () => {
    const octets = Uint8Array.of(0xfb, 0xff);
    expect(fill({ a: '${v|base64}', b: '${v|base64url}', c: '${v|hex}', d: '${v|HEX}', e: '${v|sha256|hex}' }, filling({ v: octets })))
      .toEqual({ a: '+/8=', b: '-_8', c: 'fbff', d: 'FBFF', e: Buffer.from(algorithms.digests.find(({ name }) => name === 'SHA-256')!.digest(octets)).toString('hex') });
    expect(() => fill('${v}', filling({ v: octets }))).toThrow(expect.objectContaining({ code: 'ADAPTER_MISCONFIGURED' }));
    expect(() => fillText('a${none}', filling({}))).toThrow(expect.objectContaining({ code: 'ADAPTER_MISCONFIGURED' }));
  });
  it('does not read what it fills in as a template', () => {
    expect(fillText('${a}', filling({ a: '${b}', b: 'secret' }))).toBe('${b}');
  });
  it('cuts whole characters', () => {
    expect(fillText('${a|cut:2}', filling({ a: '𠮷野家' }))).toBe('𠮷野');
  });
  it.each(['${', '${a', '${a b}', '${a|b}', '${A.b}', '${a.b.c.d}', '${a|cut:0}', '${}'])('%s is none', (text) => {
    expect(namesIn(text)).toBeUndefined();
  });
});

describe('a path', () => {
  it('leads to own members alone', () => {
    const answer = { a: [{ b: 'x' }], n: 0 };
    expect(readPath(answer, 'a.0.b')).toBe('x');
    expect(textAt(answer, 'n')).toBe('0');
    for (const path of ['a.length', 'a.0.constructor', '__proto__', 'toString', 'a.1', 'a.0.b.0']) expect(textAt(answer, path), path).toBeUndefined();
  });
});
