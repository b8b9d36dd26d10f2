import { expect, it } from 'vitest';
import { dn, newCa, newLeaf } from '../path/issue.js';
import { anchor, judged, listOf, serviceOf } from './listed.js';

/** Subjects that a list's entry permits or excludes. */

const ca = newCa('C=CN,O=CA');

async function decided(subject: string, constraints: { readonly permittedDN?: string[][]; readonly excludedDN?: string[][] }): Promise<string> {
  const verdict = await judged(newLeaf(ca, { subject: dn(subject) }), listOf(serviceOf('urn:ca', { anchors: [anchor(ca.certificate)], constraints })), {});
  return verdict.reasons.map(({ code }) => code).find((code) => code === 'SERVICE_CONSTRAINTS_VIOLATED') ?? 'passed by';
}

it('nobody gets past an exclusion by a space, a width, a case or a character that is not seen', async () => {
  const excludedDN = [['C=CN', 'O=Acme 公司']];
  for (const subject of ['C=CN,O=Acme 公司', 'C=CN,O= Acme  公司 ', 'C=CN,O=ACME 公司', 'C=CN,O=Ａcme 公司', 'C=CN,O=Ac\u200bme 公司', 'C=CN,OU=x,O=Acme 公司']) expect(await decided(subject, { excludedDN }), subject).toBe('SERVICE_CONSTRAINTS_VIOLATED');
  for (const subject of ['C=CN,O=Acme 公司 2', 'C=DE,O=Acme 公司', 'C=CN,OU=Acme 公司']) expect(await decided(subject, { excludedDN }), subject).toBe('passed by');
});

it('what is permitted is written as it is', async () => {
  expect(await decided('C=CN,O=Acme', { permittedDN: [['O=Acme']] })).toBe('passed by');
  expect(await decided('C=CN,O=ACME', { permittedDN: [['O=Acme']] })).toBe('SERVICE_CONSTRAINTS_VIOLATED');
});
