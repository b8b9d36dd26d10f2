import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { statusEffect, type ServiceStatus, type ServiceStatusName, type TrustService } from '../src/index.js';

const END = 14;
const NAMES: readonly ServiceStatusName[] = ['granted', 'suspended', 'ceased', 'withdrawn', 'distrusted'];

function service(status: readonly ServiceStatus[]): TrustService {
  return { id: 'urn:x', kind: 'ca', name: { zh: '甲' }, anchors: [], intermediates: [], status, scope: [], constraints: {}, revocation: { mode: 'crl-only', overrideCertificateUrls: false, crl: [] }, certKinds: [] };
}

/**
 * The same rules told another way: every event is painted over a line of days, the oldest first, and the line is
 * walked. Nothing of the code under test is used.
 */
function oracle(newestFirst: readonly ServiceStatus[], issued: number, signed: number, known: number): string {
  const events = newestFirst.filter(({ recorded }) => recorded <= known).reverse();
  const line: (ServiceStatus | undefined)[] = Array.from({ length: END + 2 }, () => undefined);
  const issuing: (ServiceStatus | undefined)[] = [...line];
  for (const event of events) {
    for (let day = event.since; day < line.length; day++) {
      line[day] = event;
      if (event.status === 'granted' || event.status === 'ceased') issuing[day] = event;
    }
  }
  for (const event of events) {
    if (event.status !== 'distrusted') continue;
    for (let day = Math.min(event.since, event.compromisedSince ?? END); day < line.length; day++) if (day === signed) return 'CA_DISTRUSTED';
  }
  const today = line[signed];
  if (today === undefined) return 'CA_NOT_YET_GRANTED';
  if (today.status === 'withdrawn') return 'CA_WITHDRAWN';
  if (today.status === 'suspended') {
    let day = signed;
    while (day < line.length && line[day]!.status === 'suspended' && line[day]!.gap === 'heal') day++;
    const lift = line[day]?.status;
    if (lift !== 'granted' && lift !== 'ceased') return 'CA_SUSPENDED';
  }
  if (issuing[issued]?.status === 'ceased') return 'CA_CEASED';
  let ground: string | undefined;
  for (let day = 0; day <= signed; day++) {
    const status = line[day]?.status;
    if (status !== undefined && status !== 'suspended' && status !== 'ceased') ground = status;
  }
  return ground === undefined ? 'CA_NOT_YET_GRANTED' : ground === 'withdrawn' ? 'CA_WITHDRAWN' : 'GRANTED';
}

const histories: fc.Arbitrary<ServiceStatus[]> = fc
  .array(
    fc.record({ status: fc.constantFrom(...NAMES, 'granted', 'granted', 'suspended'), since: fc.integer({ min: 0, max: END }), gap: fc.constantFrom('heal', 'void', undefined), back: fc.option(fc.integer({ min: 0, max: 4 })) }),
    { maxLength: 7 },
  )
  .map((drafts) => drafts.map(({ status, since, gap, back }, index): ServiceStatus => ({
    status, since, recorded: drafts.length - index,
    ...(status === 'suspended' && gap !== undefined && { gap }),
    ...(status === 'distrusted' && back !== null && { compromisedSince: Math.max(0, since - back) }),
  })));

describe('statusEffect over random histories', () => {
  it('is what painting the events over a line says, at every issue and signature time and as known at every sequence', () => {
    const met = new Set<string>();
    fc.assert(
      fc.property(histories, fc.integer({ min: 0, max: END }), fc.integer({ min: 0, max: END }), fc.integer({ min: 0, max: 8 }), (history, issued, signed, known) => {
        const asKnown = statusEffect({ service: service(history), issuedAt: issued, signedAt: signed, asKnownAt: known });
        expect(asKnown.code).toBe(oracle(history, issued, signed, known));
        expect(asKnown.trusted).toBe(asKnown.code === 'GRANTED');
        const now = statusEffect({ service: service(history), issuedAt: issued, signedAt: signed });
        expect(now.code).toBe(oracle(history, issued, signed, Infinity));
        met.add(now.code);
      }),
      { numRuns: 1500 },
    );
    // A property that only ever saw one answer would prove little.
    expect([...met].sort()).toEqual(['CA_CEASED', 'CA_DISTRUSTED', 'CA_NOT_YET_GRANTED', 'CA_SUSPENDED', 'CA_WITHDRAWN', 'GRANTED']);
  });

  it('an event recorded later changes nothing of what was known before', () => {
    fc.assert(
      fc.property(histories, histories, fc.integer({ min: 0, max: END }), fc.integer({ min: 0, max: END }), (older, newer, issued, signed) => {
        const later = newer.map((event) => ({ ...event, recorded: event.recorded + older.length }));
        const question = { issuedAt: issued, signedAt: signed };
        expect(statusEffect({ ...question, service: service([...later, ...older]), asKnownAt: older.length })).toEqual(statusEffect({ ...question, service: service(older) }));
      }),
    );
  });
});

describe('what a suspension or a cessation stands on', () => {
  const at = (history: readonly ServiceStatus[], signed: number, issued = 0): ReturnType<typeof statusEffect> => statusEffect({ service: service(history), issuedAt: issued, signedAt: signed });
  const granted: ServiceStatus = { status: 'granted', since: 0, recorded: 1 };

  it('a cessation brings back nothing that was withdrawn, and recognises nothing never granted', () => {
    const withdrawn: ServiceStatus = { status: 'withdrawn', since: 4, recorded: 2 };
    const ceased: ServiceStatus = { status: 'ceased', since: 8, recorded: 3 };
    expect(at([ceased, withdrawn, granted], 9).code).toBe('CA_WITHDRAWN');
    expect(at([ceased, granted], 9).code).toBe('GRANTED');
    expect(at([ceased], 9).code).toBe('CA_NOT_YET_GRANTED');
    expect(at([ceased], 9, 8).code).toBe('CA_CEASED');
  });

  it('says when waiting is of no use', () => {
    const suspended = (gap: 'heal' | 'void'): ServiceStatus => ({ status: 'suspended', since: 4, recorded: 2, gap });
    const lift: ServiceStatus = { status: 'granted', since: 8, recorded: 3 };
    expect(at([suspended('void'), granted], 5)).toMatchObject({ code: 'CA_SUSPENDED' });
    expect(at([suspended('void'), granted], 5).void).toBeUndefined();
    expect(at([lift, suspended('void'), granted], 5)).toMatchObject({ code: 'CA_SUSPENDED', void: true });
    expect(at([lift, suspended('heal'), granted], 5)).toMatchObject({ code: 'GRANTED' });
  });
});
