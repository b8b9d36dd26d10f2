import { createHash } from 'node:crypto';
import { serializeList } from '@hefu/trust-list';
import { lazily } from '../lazily.js';
import type { Authority, WorldGround } from './authority.js';
import { DAY, HOUR } from './clock.js';
import { instant, listDocument, type ListDraft } from './list-document.js';
import { type ListOperator, signEnvelope } from './operators.js';
import type { SealMaker } from './sealing.js';
import type { TimestampService } from './timestamping.js';

/** Envelopes a verifier may be handed, the good ones and those it must refuse. */
export type ListName =
  | 'expired' // sequence 10, rightly signed, due for renewal 20 days ago
  | 'previous' // sequence 11: the rollback
  | 'current' // sequence 12
  | 'suspended' // sequence 13: one CA suspended since yesterday
  | 'one-key-twice' // 12, one operator's signature two times
  | 'one-organisation' // 12, two keys of one organisation
  | 'unsigned' // 12, no signatures
  | 'empty'; // 12, rightly signed, no services

export const SUSPENDED_AUTHORITY = 'guting';
/** The newest member: not in the lists before the current one. */
const NEWEST_AUTHORITY = 'suiyun';
const FIRST_SEQUENCE = 10;

/** Every envelope of the world; each `prev` is the hash of the payload before. */
export function createLists(
  ground: WorldGround,
  authorities: readonly Authority[],
  others: { readonly timestampServices: readonly TimestampService[]; readonly sealMakers: readonly SealMaker[] },
  operators: readonly ListOperator[],
): Readonly<Record<ListName, Uint8Array>> {
  const { at } = ground;
  const listed = authorities.filter(({ design }) => design.listed);
  const before = listed.filter(({ id }) => id !== NEWEST_AUTHORITY);
  const joined = { [NEWEST_AUTHORITY]: FIRST_SEQUENCE + 2 };
  const [centre1, centre2, supervision] = operators as readonly [ListOperator, ListOperator, ListOperator];
  const quorum = [centre1, supervision];

  const write = (draft: Omit<ListDraft, 'joined' | 'timestampServices' | 'sealMakers' | 'prev'>, prev: () => string): Payload => lazily({ issued: draft.issued }, {
    payload: () => serializeList(listDocument(ground, { ...(draft.authorities.length === 0 ? { timestampServices: [], sealMakers: [] } : others), ...draft, prev: prev(), joined })),
  });
  const expired = write({ sequence: FIRST_SEQUENCE, issued: at - 200 * DAY, nextUpdate: at - 20 * DAY, authorities: before }, () => sha256Of(`hefu sandbox list ${FIRST_SEQUENCE - 1}`));
  const previous = write({ sequence: FIRST_SEQUENCE + 1, issued: at - 40 * DAY, nextUpdate: at + 50 * DAY, authorities: before }, () => sha256Of(expired.payload));
  const now = { sequence: FIRST_SEQUENCE + 2, issued: at - 2 * DAY, nextUpdate: at + 88 * DAY };
  const current = write({ ...now, authorities: listed }, () => sha256Of(previous.payload));
  const empty = write({ ...now, authorities: [] }, () => sha256Of(previous.payload));
  const suspended = write({
    sequence: FIRST_SEQUENCE + 3,
    issued: at - 2 * HOUR,
    nextUpdate: at + 90 * DAY - 2 * HOUR,
    authorities: listed,
    suspended: {
      [SUSPENDED_AUTHORITY]: {
        status: 'suspended', since: instant(at - DAY), recorded: FIRST_SEQUENCE + 3, reason: 'supervision-order', ref: '沙盒监督令第1号', effect: { gap: 'void' },
      },
    },
  }, () => sha256Of(current.payload));

  return lazily({}, {
    expired: sign(expired, quorum),
    previous: sign(previous, quorum),
    current: sign(current, quorum),
    suspended: sign(suspended, quorum),
    'one-key-twice': sign(current, [centre1, centre1]),
    'one-organisation': sign(current, [centre1, centre2]),
    unsigned: sign(current, []),
    empty: sign(empty, quorum),
  });
}

function sign(document: Payload, by: readonly ListOperator[]): () => Uint8Array {
  return () => signEnvelope(document.payload, by, document.issued);
}

function sha256Of(data: Uint8Array | string): string {
  return `sha256:${createHash('sha256').update(data).digest('hex')}`;
}

interface Payload {
  readonly payload: Uint8Array;
  readonly issued: number;
}
