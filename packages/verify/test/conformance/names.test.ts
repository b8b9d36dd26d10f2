import { describe, expect, it } from 'vitest';
import { explicit, ia5String, oid, printableString, sequence, setOf, utf8String } from '@hefu/pki';
import { validatePath } from '../../src/index.js';
import { ALGORITHMS, AT, dn, dns, issueCertificate, mail, nameConstraints, newCa, newKey, subjectAltName, uri, type TestCa } from '../path/issue.js';

/** Name chaining, key rollover and name constraints by the sections of PKITS (4.3, 4.5, 4.13), from bytes. */

const leafKey = newKey('p256');

interface Leaf {
  readonly subject?: string;
  readonly names?: readonly Uint8Array[];
}

async function under(cas: readonly TestCa[], { subject = 'C=US,O=Inside,CN=Leaf', names = [] }: Leaf): Promise<string> {
  const issuer = cas.at(-1)!;
  const leaf = issueCertificate({ subject: dn(subject), key: leafKey, issuer, extensions: names.length === 0 ? [] : [subjectAltName(...names)] });
  const [root, ...rest] = cas;
  const { valid, failure } = await validatePath({
    leaf: leaf.bytes,
    candidates: rest.map(({ certificate }) => certificate.bytes),
    anchors: [root!.certificate.bytes],
    at: AT,
    algorithms: ALGORITHMS,
  });
  return valid ? 'valid' : failure!.code;
}

const directoryBase = (text: string): Uint8Array => explicit(4, dn(text));
const root = newCa('O=Root');
const constrained = (parts: Parameters<typeof nameConstraints>[0], parent = root, name = 'C=US,O=Inside,OU=CA'): TestCa => newCa(name, parent, { extensions: [nameConstraints(parts)] });
const VIOLATED = 'NAME_CONSTRAINTS_VIOLATED';

describe('directory names (4.13)', () => {
  const one = constrained({ permitted: [directoryBase('C=US,O=Inside')] });
  const two = constrained({ permitted: [directoryBase('C=US,O=Inside'), directoryBase('C=US,O=Other')] });
  const without = constrained({ excluded: [directoryBase('C=US,O=Inside,OU=Secret')] });
  it.each([
    ['inside the one permitted', one, {}, 'valid'],
    ['outside it', one, { subject: 'C=US,O=Outside,CN=Leaf' }, VIOLATED],
    ['its parent', one, { subject: 'C=US' }, VIOLATED],
    ['case and spaces apart', one, { subject: 'C=us,O= inside ,CN=Leaf' }, 'valid'],
    ['in the other of two permitted', two, { subject: 'C=US,O=Other,CN=Leaf' }, 'valid'],
    ['not excluded', without, {}, 'valid'],
    ['excluded', without, { subject: 'C=US,O=Inside,OU=Secret,CN=Leaf' }, VIOLATED],
    ['a second name outside', one, { names: [explicit(4, dn('C=US,O=Outside'))] }, VIOLATED],
    ['a second name inside', one, { names: [explicit(4, dn('C=US,O=Inside,OU=x'))] }, 'valid'],
  ] as const)('%s', async (_what, ca, leaf, expected) => {
    expect(await under([root, ca], leaf)).toBe(expected);
  });

  it('of several CAs bind together', async () => {
    const narrower = constrained({ permitted: [directoryBase('C=US,O=Inside,OU=A')] }, one, 'C=US,O=Inside,OU=CA 2');
    expect(await under([root, one, narrower], { subject: 'C=US,O=Inside,OU=A,CN=x' })).toBe('valid');
    expect(await under([root, one, narrower], { subject: 'C=US,O=Inside,OU=B,CN=x' })).toBe(VIOLATED);
    const wider = constrained({ permitted: [directoryBase('C=US')] }, one, 'C=US,O=Inside,OU=CA 3');
    expect(await under([root, one, wider], { subject: 'C=US,O=Outside,CN=x' })).toBe(VIOLATED);
    const excluding = constrained({ excluded: [directoryBase('C=US,O=Inside')] }, one, 'C=US,O=Inside,OU=CA 4');
    expect(await under([root, one, excluding], { subject: 'C=US,O=Inside,CN=x' })).toBe(VIOLATED);
  });

  it('spare self-issued CAs, and not a self-issued leaf', async () => {
    const away = constrained({ permitted: [directoryBase('C=US,O=Elsewhere')] });
    const rollover = newCa('', away, { subject: away.name });
    expect(await under([root, away, rollover], { subject: 'C=US,O=Elsewhere,CN=x' })).toBe('valid');
    expect(await under([root, away], { subject: 'C=US,O=Inside,OU=CA' })).toBe(VIOLATED);
  });
});

describe('other names (4.13)', () => {
  it.each([
    ['mail of a domain', { permitted: [mail('.inside.example')] }, { names: [mail('a@mail.inside.example')] }, 'valid'],
    ['mail of the domain itself', { permitted: [mail('.inside.example')] }, { names: [mail('a@inside.example')] }, VIOLATED],
    ['mail of a host', { permitted: [mail('inside.example')] }, { names: [mail('a@inside.example')] }, 'valid'],
    ['mail of another host', { permitted: [mail('inside.example')] }, { names: [mail('a@mail.inside.example')] }, VIOLATED],
    ['mail excluded', { excluded: [mail('inside.example')] }, { names: [mail('a@inside.example')] }, VIOLATED],
    ['mail in the subject', { permitted: [mail('.inside.example')] }, { subject: 'C=US,CN=x,E=a@mail.outside.example' }, VIOLATED],
    ['mail in the subject, inside', { permitted: [mail('.inside.example')] }, { subject: 'C=US,CN=x,E=a@mail.inside.example' }, 'valid'],
    ['a host inside', { permitted: [dns('inside.example')] }, { names: [dns('www.inside.example')] }, 'valid'],
    ['a host that only ends alike', { permitted: [dns('inside.example')] }, { names: [dns('myinside.example')] }, VIOLATED],
    ['a host excluded', { excluded: [dns('inside.example')] }, { names: [dns('inside.example')] }, VIOLATED],
    ['a URI inside', { permitted: [uri('.inside.example')] }, { names: [uri('http://www.inside.example/x')] }, 'valid'],
    ['a URI outside', { permitted: [uri('.inside.example')] }, { names: [uri('http://inside.example.test/x')] }, VIOLATED],
    ['a URI excluded', { excluded: [uri('bad.example')] }, { names: [uri('ftp://bad.example:21/')] }, VIOLATED],
    ['a form that is not constrained', { permitted: [dns('inside.example')] }, { names: [mail('a@outside.example')] }, 'valid'],
  ] as const)('%s', async (_what, parts, leaf, expected) => {
    expect(await under([root, constrained(parts)], leaf)).toBe(expected);
  });

  it('both of two forms', async () => {
    const ca = constrained({ permitted: [directoryBase('C=US,O=Inside'), mail('inside.example')] });
    expect(await under([root, ca], { names: [mail('a@inside.example')] })).toBe('valid');
    expect(await under([root, ca], { names: [mail('a@outside.example')] })).toBe(VIOLATED);
    expect(await under([root, ca], { subject: 'C=US,O=Outside', names: [mail('a@inside.example')] })).toBe(VIOLATED);
  });
});

describe('name chaining (4.3)', () => {
  const chained = async (issuer: Uint8Array, subject: Uint8Array): Promise<string> => {
    const ca = newCa('', root, { subject });
    return under([root, { ...ca, name: issuer }], {});
  };
  const O = '2.5.4.10';
  const rdn = (...attributes: readonly Uint8Array[]): Uint8Array => setOf(...attributes);
  const attribute = (type: string, value: Uint8Array): Uint8Array => sequence(oid(type), value);
  it('compares by RFC 5280 §7.1', async () => {
    expect(await chained(dn('O=Some CA'), dn('O=Some CA'))).toBe('valid');
    expect(await chained(dn('O=some   ca '), dn('O=Some CA', printableString))).toBe('valid');
    expect(await chained(dn('O=Some CA,OU=x'), dn('OU=x,O=Some CA'))).toBe('PATH_NOT_FOUND'); // order of RDNs
    expect(await chained(dn('O=SomeCA'), dn('O=Some CA'))).toBe('PATH_NOT_FOUND');
    const dc = (text: string): Uint8Array => sequence(rdn(attribute('0.9.2342.19200300.100.1.25', ia5String(text))));
    expect(await chained(dc('Example'), dc('eXample'))).toBe('valid');
    const several = (...values: readonly string[]): Uint8Array => sequence(rdn(...values.map((value) => attribute(O, utf8String(value)))));
    expect(await chained(several('a', 'b'), several('b', 'A'))).toBe('valid'); // an RDN is a set
    expect(await chained(several('a', 'b'), several('a'))).toBe('PATH_NOT_FOUND');
  });
});

describe('key rollover (4.5)', () => {
  const old = newCa('O=Rolling CA', root);
  const fresh = newCa('O=Rolling CA', root);
  const newWithOld = newCa('O=Rolling CA', old, { key: fresh.key });
  const oldWithNew = newCa('O=Rolling CA', fresh, { key: old.key });
  it('finds the way over a self-issued certificate', async () => {
    expect(await under([root, old, newWithOld], {})).toBe('valid');
    expect(await under([root, fresh, oldWithNew], {})).toBe('valid');
  });
  it('and not where neither key has a certificate from above', async () => {
    const alone = newCa('O=Rolling CA');
    const leaf = issueCertificate({ subject: dn('O=Leaf'), key: leafKey, issuer: newWithOld });
    const { valid } = await validatePath({ leaf: leaf.bytes, candidates: [newWithOld.certificate.bytes, oldWithNew.certificate.bytes, alone.certificate.bytes], anchors: [root.certificate.bytes], at: AT, algorithms: ALGORITHMS });
    expect(valid).toBe(false);
  });
  it('does not count against the path length', async () => {
    const short = newCa('O=Rolling CA', root, { pathLength: 0 });
    const rolled = newCa('O=Rolling CA', short, { pathLength: 0 });
    expect(await under([root, short, rolled], {})).toBe('valid');
    const other = newCa('O=Another CA', rolled);
    expect(await under([root, short, rolled, other], {})).toBe('PATH_LENGTH_EXCEEDED');
  });
});
