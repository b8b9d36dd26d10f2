import type { ListDocument, StatusDocument } from '../list-document.js';
import type { ServiceStatusName } from '../model.js';
import { formatInstant, parseInstant } from '../time.js';
import { replaceService, type EditContext } from './draft.js';
import { EditError } from './error.js';

/** How far before the list's `issued` an event may begin without further approval (trust-list design §5.5). */
export const BACKDATING_FREE: number = 7 * 86_400_000;

/** Which status may follow which (as tlmanager's graph for TS 119 612, with `suspended`). A status may restate itself to reach further back. */
export const STATUS_TRANSITIONS: Readonly<Record<ServiceStatusName, readonly ServiceStatusName[]>> = {
  granted: ['suspended', 'ceased', 'withdrawn', 'distrusted'],
  suspended: ['granted', 'suspended', 'ceased', 'withdrawn', 'distrusted'],
  ceased: ['granted', 'suspended', 'ceased', 'withdrawn', 'distrusted'],
  withdrawn: ['granted', 'withdrawn', 'distrusted'],
  distrusted: ['distrusted'],
};

/** A status event to be recorded. Instants are epoch milliseconds. */
export interface StatusEvent {
  readonly status: ServiceStatusName;
  readonly since: number;
  readonly reason?: string;
  readonly ref?: string;
  /** With `suspended`: what becomes of signatures made meanwhile once it is lifted. */
  readonly gap?: 'heal' | 'void';
  /** With `distrusted`. */
  readonly compromisedSince?: number;
}

type Event<S extends keyof StatusEvent = never> = Pick<StatusEvent, 'since' | 'reason' | 'ref' | S>;

/**
 * Appends an event to a service's history, recorded in the draft's sequence. Nothing recorded before changes.
 * @throws EditError EDIT_NOT_FOUND | EDIT_TRANSITION | EDIT_BACKDATED | EDIT_INVALID
 */
export function recordStatus(draft: ListDocument, serviceId: string, event: StatusEvent, context: EditContext): ListDocument {
  return replaceService(
    draft,
    serviceId,
    (service) => {
      const before = service.status[0]?.status;
      if (before !== undefined && !STATUS_TRANSITIONS[before]?.includes(event.status)) {
        throw new EditError('EDIT_TRANSITION', {
          zh: `${serviceId} 现为 ${before}，不能改为 ${event.status}。`,
          en: `${serviceId} is ${before}; ${event.status} does not follow that.`,
        });
      }
      const status = statusDocument(event, draft.sequence);
      if (isBackdated(status, draft.issued) && (event.reason === undefined || event.ref === undefined)) {
        throw new EditError('EDIT_BACKDATED', {
          zh: `事件早于名单签发日 7 天以上（${status.compromisedSince ?? status.since}），必须写明理由和文号，并多一人批准。`,
          en: `The event begins more than 7 days before the list is issued (${status.compromisedSince ?? status.since}): it needs a reason, a reference and one more approver.`,
        });
      }
      return { ...service, status: [status, ...service.status] };
    },
    context,
  );
}

export function suspend(draft: ListDocument, serviceId: string, event: Event<'gap'>, context: EditContext): ListDocument {
  return recordStatus(draft, serviceId, { ...event, status: 'suspended', gap: event.gap ?? 'void' }, context);
}

/** Lifts a suspension, or grants again what was ceased or withdrawn. */
export function resume(draft: ListDocument, serviceId: string, event: Event, context: EditContext): ListDocument {
  return recordStatus(draft, serviceId, { ...event, status: 'granted' }, context);
}

/** The CA issues no more; its certificates live out their time. */
export function cease(draft: ListDocument, serviceId: string, event: Event, context: EditContext): ListDocument {
  return recordStatus(draft, serviceId, { ...event, status: 'ceased' }, context);
}

export function withdraw(draft: ListDocument, serviceId: string, event: Event, context: EditContext): ListDocument {
  return recordStatus(draft, serviceId, { ...event, status: 'withdrawn' }, context);
}

/** The key is lost; final. */
export function distrust(draft: ListDocument, serviceId: string, event: Event<'compromisedSince'>, context: EditContext): ListDocument {
  return recordStatus(draft, serviceId, { ...event, status: 'distrusted' }, context);
}

/** Whether an event reaches back more than {@link BACKDATING_FREE} before the list that first carries it is issued. */
export function isBackdated(event: StatusDocument, issued: string): boolean {
  const since = Math.min(parseInstant(event.since), parseInstant(event.compromisedSince ?? event.since));
  return since < parseInstant(issued) - BACKDATING_FREE;
}

export function statusDocument(event: StatusEvent, recorded: number): StatusDocument {
  return {
    status: event.status,
    since: formatInstant(event.since),
    recorded,
    ...(event.reason !== undefined && { reason: event.reason }),
    ...(event.ref !== undefined && { ref: event.ref }),
    ...(event.gap !== undefined && { effect: { gap: event.gap } }),
    ...(event.compromisedSince !== undefined && { compromisedSince: formatInstant(event.compromisedSince) }),
  };
}
