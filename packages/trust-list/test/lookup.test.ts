import { beforeAll, describe, expect, it } from 'vitest';
import { encodeBase64 } from '../src/base64.js';
import {
  anchorCertificates, matchCriteria, matchRegion, matchScope, readListContent, serializeList, servicesForAnchorCertificate, servicesWithSpki, signList, statusAt, statusEffect, updateTrustList,
  type CertificateFacts, type Criteria, type ScopeQuestion, type ServiceScope, type ServiceStatus, type TrustList, type TrustService,
} from '../src/index.js';
import { hexOf } from '../src/sha256.js';
import { parseCertificate } from '@hefu/pki';
import { algorithms, caCertificate, listOf, NOW, roleOf, serviceOf, sha256, sm2Signer, T } from './helpers/world.js';

const day = (text: string): number => T(`${text}T00:00:00Z`);

function service(parts: Partial<TrustService>): TrustService {
  return {
    id: 'urn:hefu:test:ca', kind: 'ca', name: { zh: '甲' }, anchors: [], intermediates: [], status: [], scope: [], constraints: {},
    revocation: { mode: 'crl-only', overrideCertificateUrls: false, crl: [] }, certKinds: [], ...parts,
  };
}
const event = (status: ServiceStatus['status'], since: string, rest: Partial<ServiceStatus> = {}): ServiceStatus => ({ status, since: day(since), recorded: 1, ...rest });

describe('statusEffect', () => {
  const effect = (history: ServiceStatus[], signed: number, issued = day('2021-01-01'), asKnownAt?: number): string => {
    const { trusted, code } = statusEffect({ service: service({ status: history }), issuedAt: issued, signedAt: signed, ...(asKnownAt !== undefined && { asKnownAt }) });
    expect(trusted).toBe(code === 'GRANTED');
    return code;
  };
  const granted = event('granted', '2020-01-01');

  it('granted: from its first instant on', () => {
    expect(effect([granted], day('2020-01-01') - 1)).toBe('CA_NOT_YET_GRANTED');
    expect(effect([granted], day('2020-01-01'))).toBe('GRANTED');
    expect(effect([], NOW)).toBe('CA_NOT_YET_GRANTED');
    expect(effect([granted], Number.NaN)).toBe('CA_NOT_YET_GRANTED');
    expect(effect([granted], NOW, Number.NaN)).toBe('CA_NOT_YET_GRANTED');
  });

  it('suspended: half-open, and not lifted it stays', () => {
    const history = [event('suspended', '2024-02-01', { gap: 'heal' }), granted];
    expect(effect(history, day('2024-02-01') - 1)).toBe('GRANTED');
    expect(effect(history, day('2024-02-01'))).toBe('CA_SUSPENDED');
    expect(effect(history, day('2030-01-01'))).toBe('CA_SUSPENDED');
  });

  it.each([['void', 'CA_SUSPENDED'], [undefined, 'CA_SUSPENDED'], ['heal', 'GRANTED']] as const)('lifted, gap %s', (gap, expected) => {
    const suspended = event('suspended', '2024-02-01', gap === undefined ? {} : { gap });
    for (const lift of [event('granted', '2024-03-01'), event('ceased', '2024-03-01')]) {
      const history = [lift, suspended, granted];
      expect(effect(history, day('2024-02-01') - 1)).toBe('GRANTED');
      expect(effect(history, day('2024-02-01'))).toBe(expected);
      expect(effect(history, day('2024-03-01') - 1)).toBe(expected);
      expect(effect(history, day('2024-03-01'))).toBe('GRANTED');
    }
  });

  it('a healing suspension that turns into something else does not heal', () => {
    const suspended = event('suspended', '2024-02-01', { gap: 'heal' });
    expect(effect([event('withdrawn', '2024-03-01'), suspended, granted], day('2024-02-15'))).toBe('CA_SUSPENDED');
    expect(effect([event('granted', '2024-04-01'), event('withdrawn', '2024-03-01'), suspended, granted], day('2024-02-15'))).toBe('CA_SUSPENDED');
    const twice = (gap: 'heal' | 'void'): ServiceStatus[] => [event('granted', '2024-04-01'), event('suspended', '2024-03-01', { gap }), suspended, granted];
    expect(effect(twice('heal'), day('2024-02-15'))).toBe('GRANTED');
    expect(effect(twice('void'), day('2024-02-15'))).toBe('CA_SUSPENDED');
    // A later withdrawal that reaches back over the lift undoes it.
    expect(effect([event('withdrawn', '2024-02-20'), event('granted', '2024-03-01'), suspended, granted], day('2024-02-15'))).toBe('CA_SUSPENDED');
    expect(effect([event('withdrawn', '2024-03-20'), event('granted', '2024-03-01'), suspended, granted], day('2024-02-15'))).toBe('GRANTED');
  });

  it('ceased: by issue, whatever the signature time', () => {
    const history = [event('ceased', '2024-02-01'), granted];
    expect(effect(history, NOW, day('2024-02-01') - 1)).toBe('GRANTED');
    expect(effect(history, NOW, day('2024-02-01'))).toBe('CA_CEASED');
    const resumed = [event('granted', '2024-05-01'), ...history];
    expect(effect(resumed, NOW, day('2024-05-01') - 1)).toBe('CA_CEASED');
    expect(effect(resumed, NOW, day('2024-05-01'))).toBe('GRANTED');
    const suspendedSince = [event('ceased', '2024-04-01'), event('suspended', '2024-03-01'), ...history];
    expect(effect(suspendedSince, NOW, day('2024-03-15'))).toBe('CA_CEASED');
    expect(effect(suspendedSince, NOW, day('2024-01-15'))).toBe('GRANTED');
  });

  it('withdrawn: by signature time', () => {
    const history = [event('withdrawn', '2024-02-01'), granted];
    expect(effect(history, day('2024-02-01') - 1)).toBe('GRANTED');
    expect(effect(history, day('2024-02-01'))).toBe('CA_WITHDRAWN');
    const again = [event('granted', '2024-05-01'), ...history];
    expect(effect(again, day('2024-05-01') - 1)).toBe('CA_WITHDRAWN');
    expect(effect(again, day('2024-05-01'))).toBe('GRANTED');
  });

  it('distrusted: retroactive to the compromise, and final', () => {
    const history = [event('distrusted', '2024-02-01', { compromisedSince: day('2023-06-01') }), granted];
    expect(effect(history, day('2023-06-01') - 1)).toBe('GRANTED');
    expect(effect(history, day('2023-06-01'))).toBe('CA_DISTRUSTED');
    expect(effect([event('distrusted', '2024-02-01'), granted], day('2024-02-01') - 1)).toBe('GRANTED');
    expect(effect([event('distrusted', '2024-02-01'), granted], day('2024-02-01'))).toBe('CA_DISTRUSTED');
    expect(effect([event('granted', '2024-05-01'), ...history], NOW)).toBe('CA_DISTRUSTED');
    expect(effect([event('granted', '2024-05-01'), ...history], day('2023-06-01') - 1)).toBe('GRANTED');
    expect(effect([event('distrusted', '2019-01-01')], day('2018-01-01'))).toBe('CA_NOT_YET_GRANTED');
  });

  it('as known at a sequence', () => {
    const history = [event('withdrawn', '2024-02-01', { recorded: 7 }), granted];
    expect(effect(history, day('2024-03-01'))).toBe('CA_WITHDRAWN');
    expect(effect(history, day('2024-03-01'), day('2021-01-01'), 7)).toBe('CA_WITHDRAWN');
    expect(effect(history, day('2024-03-01'), day('2021-01-01'), 6)).toBe('GRANTED');
  });

  it('an unusable service grants nothing', () => {
    const question = { issuedAt: day('2021-01-01'), signedAt: NOW };
    expect(statusEffect({ ...question, service: service({ status: [granted] }) }).trusted).toBe(true);
    expect(statusEffect({ ...question, service: service({ status: [granted], unusable: 'TL_UNSUPPORTED_FEATURE: x' }) }).trusted).toBe(false);
  });
});

it('statusAt gives half-open intervals', () => {
  const history = [event('withdrawn', '2024-03-01'), event('suspended', '2024-02-01'), event('granted', '2020-01-01')];
  const at = (instant: number): unknown => {
    const found = statusAt(service({ status: history }), instant);
    return found && [found.status, found.since, found.until];
  };
  expect(at(day('2020-01-01') - 1)).toBe(undefined);
  expect(at(day('2020-01-01'))).toEqual(['granted', day('2020-01-01'), day('2024-02-01')]);
  expect(at(day('2024-02-01'))).toEqual(['suspended', day('2024-02-01'), day('2024-03-01')]);
  expect(at(day('2024-03-01'))).toEqual(['withdrawn', day('2024-03-01'), undefined]);
});

describe('matchScope', () => {
  const question: ScopeQuestion = { region: '420100', transaction: '工程建设', role: 'bidder', purpose: 'sign', at: NOW };
  const scope: ServiceScope = { regions: ['42*'], transactions: ['工程建设'], roles: ['bidder'], purposes: ['sign', 'auth'], from: NOW, until: NOW + 1000 };
  const failed = (scopes: ServiceScope[], changes: Partial<ScopeQuestion> = {}): string => {
    const match = matchScope(service({ scope: scopes }), { ...question, ...changes });
    return match.matched ? 'matched' : match.failed;
  };

  it.each<[Partial<ScopeQuestion>, string]>([
    [{}, 'matched'],
    [{ region: '430100' }, 'REGION'],
    [{ transaction: '政府采购' }, 'TRANSACTION'],
    [{ role: 'agency' }, 'ROLE'],
    [{ purpose: 'seal' }, 'PURPOSE'],
    [{ at: NOW - 1 }, 'TIME'],
    [{ at: NOW + 999 }, 'matched'],
    [{ at: NOW + 1000 }, 'TIME'],
    [{ at: Number.NaN }, 'TIME'],
  ])('%j: %s', (changes, expected) => {
    expect(failed([scope], changes)).toBe(expected);
  });

  it('is not met by a question that leaves a restricted dimension open', () => {
    const open = { region: '420100', purpose: 'sign', at: NOW } as const;
    expect(matchScope(service({ scope: [{ regions: ['*'] }] }), open).matched).toBe(true);
    expect(matchScope(service({ scope: [{ regions: ['*'], transactions: ['工程建设'] }] }), open).matched).toBe(false);
    expect(matchScope(service({ scope: [{ regions: ['*'], roles: ['bidder'] }] }), open).matched).toBe(false);
  });

  it('names the nearest miss first', () => {
    const far: ServiceScope = { regions: ['11*'], transactions: ['政府采购'] };
    const region: ServiceScope = { regions: ['11*'] };
    const role: ServiceScope = { regions: ['*'], roles: ['agency'] };
    const match = matchScope(service({ scope: [far, region, role] }), question);
    expect(match).toEqual({
      matched: false,
      failed: 'ROLE',
      misses: [{ scope: role, dimensions: ['ROLE'] }, { scope: region, dimensions: ['REGION'] }, { scope: far, dimensions: ['REGION', 'TRANSACTION'] }],
    });
    expect(failed([])).toBe('REGION');
    expect(matchScope(service({ scope: [far, scope] }), question)).toEqual({ matched: true, scope });
  });

  it.each([['420100', '420100', true], ['420100', '420101', false], ['42*', '420100', true], ['42*', '424', false], ['42*', '430100', false], ['*', '999999', true], ['*', '*', false], ['42*', '42*', false], ['*', '', false], ['420100', '420100100', false], ['4201*', '420100100', true]] as const)(
    'region %s of %s: %s',
    (pattern, region, expected) => {
      expect(matchRegion(pattern, region)).toBe(expected);
    },
  );
});

describe('matchCriteria', () => {
  const facts: CertificateFacts = {
    keyUsage: new Set(['digitalSignature', 'nonRepudiation']), extensions: ['2.5.29.15', '1.2.3'], policies: ['1.2.156.1'], eku: ['1.3.6.1.5.5.7.3.4'],
    subject: [{ type: '2.5.4.6', value: 'CN' }, { type: '2.5.4.10', value: '某公司' }],
  };
  it.each<[Criteria, boolean, boolean]>([
    // criteria, met, met without keyUsage
    [{ keyUsage: { has: ['digitalSignature'] } }, true, false],
    [{ keyUsage: { has: ['digitalSignature', 'keyEncipherment'] } }, false, false],
    [{ keyUsage: { not: ['keyEncipherment'] } }, true, false],
    [{ keyUsage: { has: ['digitalSignature'], not: ['nonRepudiation'] } }, false, false],
    [{ extPresent: '1.2.3' }, true, true],
    [{ extPresent: '1.2.4' }, false, false],
    [{ policy: '1.2.156.1' }, true, true],
    [{ policy: '1.2.156' }, false, false],
    [{ eku: '1.3.6.1.5.5.7.3.4' }, true, true],
    [{ eku: '2.5.29.37.0' }, false, false],
    [{ dn: { type: 'c', value: 'CN' } }, true, true],
    [{ dn: { type: '2.5.4.6', value: 'US' } }, false, false],
    [{ dn: { type: 'O' } }, true, true],
    [{ dn: { type: 'OU' } }, false, false],
    [{ dn: { type: 'nonsense' } }, false, false],
    [{ all: [{ extPresent: '1.2.3' }, { policy: '1.2.156.1' }] }, true, true],
    [{ all: [{ extPresent: '1.2.3' }, { policy: '1.2.3' }] }, false, false],
    [{ any: [{ extPresent: '9.9' }, { policy: '1.2.156.1' }] }, true, true],
    [{ any: [] }, false, false],
    [{ none: [{ extPresent: '9.9' }] }, true, true],
    [{ none: [{ extPresent: '1.2.3' }] }, false, false],
    [{ unknown: 1 } as never, false, false],
  ])('%j', (criteria, met, metWithout) => {
    expect(matchCriteria(criteria, facts)).toBe(met);
    expect(matchCriteria(criteria, { ...facts, keyUsage: undefined })).toBe(metWithout);
  });
});

describe('anchors', () => {
  let a: Uint8Array;
  let b: Uint8Array;
  let c: Uint8Array;
  let list: TrustList;
  const options = { sha256 };
  const spki = (certificate: Uint8Array): string => hexOf(sha256.digest(parseCertificate(certificate).spki.bytes));

  beforeAll(async () => {
    [a, b, c] = (await Promise.all(['A', 'B', 'C'].map(caCertificate))) as [Uint8Array, Uint8Array, Uint8Array];
    const draft = listOf([
      serviceOf(a, { id: 'urn:a', anchors: [{ x5c: [encodeBase64(a)], spkiSha256: spki(a), mode: 'root' }] }),
      serviceOf(b, { id: 'urn:b', anchors: [{ sha256: hexOf(sha256.digest(b)), mode: 'root' }] }),
      serviceOf(c, { id: 'urn:c', anchors: [{ spkiSha256: spki(c), mode: 'root' }] }),
      serviceOf(c, { id: 'urn:contradiction', anchors: [{ sha256: hexOf(sha256.digest(b)), spkiSha256: spki(c), mode: 'root' }] }),
    ]);
    const signer = sm2Signer(7);
    const outcome = await updateTrustList(undefined, await signList(serializeList(draft), [signer]), { role: roleOf([[signer, 'a']], { threshold: 1 }), algorithms, at: NOW });
    if (outcome.outcome !== 'accepted') throw new Error(outcome.outcome);
    list = outcome.trustList;
  });

  it('finds the services a certificate anchors, by the narrowest statement', () => {
    for (const value of [list, { ...readListContent(new TextEncoder().encode(JSON.stringify(listOf([serviceOf(a)]))), options), sha256: '', signedBy: [], envelope: a, services: list.services }]) {
      const ids = (certificate: Uint8Array): string[] => servicesForAnchorCertificate(value, certificate, options).map(({ service: { id }, by }) => `${id} ${by}`);
      expect(ids(a)).toEqual(['urn:a certificate']);
      expect(ids(b)).toEqual(['urn:b sha256']);
      expect(ids(c)).toEqual(['urn:c spkiSha256']);
      expect(ids(a.slice(1))).toEqual([]);
    }
    const tampered = a.slice();
    tampered[tampered.length - 1]! ^= 1;
    expect(servicesForAnchorCertificate(list, tampered, options)).toEqual([]);
  });

  it('finds services by key, however stated', () => {
    expect(servicesWithSpki(list, spki(a), options).map(({ by }) => by)).toEqual(['certificate']);
    expect(servicesWithSpki(list, spki(c), options).map(({ service: { id } }) => id)).toEqual(['urn:c', 'urn:contradiction']);
    expect(servicesWithSpki(list, spki(b), options)).toEqual([]);
    expect(anchorCertificates(list, options).map(({ certificate }) => certificate.bytes)).toEqual([a]);
  });

  it('is immutable', () => {
    expect(() => (list.services as TrustService[]).push(list.services[0]!)).toThrow(TypeError);
    expect(() => Object.assign(list.services[0]!, { unusable: undefined })).toThrow(TypeError);
    expect(() => Object.assign(list, { nextUpdate: Infinity })).toThrow(TypeError);
  });
});
