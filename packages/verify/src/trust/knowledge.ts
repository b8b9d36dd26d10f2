import type { Federation, ListReference, MemberList } from '@hefu/trust-list';
import { VerifyError } from '../error.js';
import { inWords } from '../remedies.js';
import type { Bilingual, KnowledgeAnswer, KnowledgeComparison, Reason } from '../report.js';
import type { PathDecision } from './decide.js';

/** The lists that were current at some moment, as a report of that moment cites them, and which knowledge decides. */
export interface KnownAt {
  /** `report.trustLists`, or `[report.trustList]` of a list by itself. A list not named was not known. */
  readonly lists: readonly ListReference[];
  /** `then` reproduces the decision of that moment; `now` (default) judges by everything recorded since. Where they differ the report has both. */
  readonly decides?: 'then' | 'now';
}

/**
 * The references as the trust-list room takes them.
 * @throws VerifyError CONTEXT_INVALID when the top list is not among them, or one is newer than the list in hand
 */
export function readKnownAt(knownAt: KnownAt, federation: Federation): readonly ListReference[] {
  const refuse = (message: string): never => {
    throw new VerifyError('CONTEXT_INVALID', message);
  };
  if (knownAt.decides !== undefined && knownAt.decides !== 'then' && knownAt.decides !== 'now') refuse('knownAt.decides must be then or now');
  const lists = knownAt.lists.map(({ schemeId = federation.schemeId, id, sequence }): ListReference => {
    if (typeof id !== 'string' || !Number.isSafeInteger(sequence) || sequence < 1) refuse('knownAt.lists must name lists by id and sequence');
    return { ...(schemeId === undefined ? {} : { schemeId }), id, sequence };
  });
  const everyone = [federation, ...federation.peers.flatMap((peer) => peer.federation ?? [])];
  for (const { schemeId, members } of everyone) {
    for (const { list } of members) {
      const known = lists.find((each) => each.id === list.listId && each.schemeId === schemeId);
      if (known !== undefined && known.sequence > list.sequence) refuse(`knownAt names list ${list.listId} at ${known.sequence}, and the one in hand is ${list.sequence}`);
    }
  }
  if (!lists.some(({ id, schemeId }) => id === federation.top.listId && schemeId === federation.schemeId)) refuse(`knownAt.lists must name list ${federation.top.listId}`);
  return lists;
}

/** One state of knowledge: what was decided, and why not. */
export interface KnowledgeSide {
  readonly decision: PathDecision;
  /** When it is not trusted. */
  readonly reason: Reason | undefined;
}

/** Both answers where they differ, undefined where they do not. */
export function compareKnowledge(then: KnowledgeSide, now: KnowledgeSide, options: { readonly federation: Federation; readonly lists: readonly ListReference[]; readonly decides: 'then' | 'now' }): KnowledgeComparison | undefined {
  if (then.decision.code === now.decision.code) return undefined;
  const { federation, lists, decides } = options;
  inWords([then.reason, now.reason]);
  const before = answer(then.decision, federation, ({ list, schemeId }) => lists.find((each) => each.id === list.listId && each.schemeId === schemeId)?.sequence);
  const after = answer(now.decision, federation, ({ list }) => list.sequence);
  const said = (side: KnowledgeSide, lang: keyof Bilingual, accepted: string, refused: string): string => (side.reason === undefined ? accepted : `${refused}${side.reason.message[lang].replace(/[。.]$/, '')}`);
  return {
    decides,
    // oxlint-disable-next-line unicorn/no-thenable -- the report's own word; no function, so nothing awaits it
    then: before,
    now: after,
    message: {
      zh:
        `按当时的名单 ${cited(before)}：${said(then, 'zh', '予以认可', '不予认可，')}；按现在的名单 ${cited(after)}：${said(now, 'zh', '予以认可', '不予认可，')}。` +
        `本报告以${decides === 'then' ? '当时' : '现在'}的名单为准。`,
      en:
        `Under the list of that time, ${cited(before)}: ${said(then, 'en', 'accepted', 'not accepted: ')}; under the list of now, ${cited(after)}: ${said(now, 'en', 'accepted', 'not accepted: ')}. ` +
        `This report follows the ${decides === 'then' ? 'former' : 'latter'}.`,
    },
  };
}

function answer(decision: PathDecision, federation: Federation, sequenceOf: (member: MemberList) => number | undefined): KnowledgeAnswer {
  const { decisive, trusted, code } = decision;
  const member = decisive?.statement.member ?? federation.members[0]!;
  const since = decisive?.status.event?.since;
  return {
    list: { ...(member.schemeId === undefined ? {} : { schemeId: member.schemeId }), id: member.list.listId, sequence: sequenceOf(member) ?? member.list.sequence },
    ...(decisive === undefined ? {} : { serviceId: decisive.statement.service.id }),
    trusted,
    code,
    ...(since === undefined ? {} : { since: new Date(since).toISOString() }),
  };
}

function cited({ list: { id, sequence } }: KnowledgeAnswer): string {
  return `${id} #${sequence}`;
}
