import type { ListDocument, StatusDocument } from '../list-document.js';
import type { Bilingual } from '../refusal.js';
import { isBackdated } from './status.js';

/** What a candidate asks of its approvers beyond the threshold of their role. */
export interface EditRequirement {
  readonly code: 'BACKDATED_EVENT';
  readonly serviceId: string;
  readonly event: StatusDocument;
  /** Signatures wanted above the role's threshold, once for the document however many events ask for them. */
  readonly extraApprovers: 1;
  /** Reason and reference are there. */
  readonly explained: boolean;
  readonly text: Bilingual;
}

/**
 * The requirements of a candidate, derived from what it holds and not from how it was edited. Events of the first
 * list, which begins the record, are free.
 * @param base the list it follows
 */
export function requirementsOf(base: ListDocument | undefined, candidate: ListDocument): readonly EditRequirement[] {
  if (base === undefined) return [];
  return candidate.services.flatMap((service) =>
    service.status
      .filter((event) => event.recorded > base.sequence && isBackdated(event, candidate.issued))
      .map((event): EditRequirement => {
        const explained = event.reason !== undefined && event.ref !== undefined;
        return {
          code: 'BACKDATED_EVENT',
          serviceId: service.id,
          event,
          extraApprovers: 1,
          explained,
          text: {
            zh: `${service.id} 的 ${event.status} 事件早于签发日 7 天以上（${event.since}）：需多一人批准${explained ? '' : '，并写明理由和文号'}。`,
            en: `${event.status} of ${service.id} begins more than 7 days before issue (${event.since}): one more approver is needed${explained ? '' : ', and a reason and a reference'}.`,
          },
        };
      }),
  );
}
