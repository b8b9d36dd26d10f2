import type { MemberReader } from './member-reader.js';
import { present } from './member-reader.js';
import type { ServiceStatus } from './model.js';

const STATUSES = ['granted', 'suspended', 'ceased', 'withdrawn', 'distrusted'] as const;

/** Reads a status history, newest first, and the rules that make it unambiguous (trust-list design §5.5). */
export function readStatusHistory(reader: MemberReader, list: { readonly sequence: number; readonly issued: number }): readonly ServiceStatus[] {
  if (reader.get('status') === undefined) reader.fail('status', 'is missing');
  const history = reader.objects('status', 1, 1000, (event) => readStatus(event, list.sequence)) ?? [];
  history.forEach((event, index) => {
    const problem = conflict(event, history.slice(index + 1), list.issued);
    if (problem !== undefined) reader.fail(`status[${index}]`, problem);
  });
  return history;
}

function readStatus(reader: MemberReader, sequence: number): ServiceStatus {
  const status = reader.oneOf('status', STATUSES);
  const since = reader.instant('since');
  const gap = reader.optionalObject('effect')?.optionalOneOf('gap', ['heal', 'void']);
  const compromisedSince = reader.optionalInstant('compromisedSince');
  if (gap !== undefined && status !== 'suspended') reader.fail('effect', `says a gap, but the status is ${status}`);
  if (compromisedSince !== undefined && status !== 'distrusted') reader.fail('compromisedSince', `is given, but the status is ${status}`);
  if (compromisedSince !== undefined && compromisedSince > since) reader.fail('compromisedSince', 'is later than since');
  return {
    status,
    since,
    recorded: reader.integer('recorded', 1, Math.max(1, sequence)),
    ...present<Pick<ServiceStatus, 'reason' | 'ref' | 'gap' | 'compromisedSince'>>({
      reason: reader.optionalText('reason'), ref: reader.optionalText('ref'), gap, compromisedSince,
    }),
  };
}

/**
 * An event may reach back before earlier ones only to refuse more. What would give trust back, over a time for
 * which it was already refused, is a conflict.
 */
function conflict(event: ServiceStatus, older: readonly ServiceStatus[], issued: number): string | undefined {
  if (older[0] !== undefined && older[0].recorded > event.recorded) return 'was recorded before the event it follows';
  if (event.status !== 'distrusted' && older.some((other) => other.status === 'distrusted')) {
    return 'follows a distrusted one; distrust is final, a new key is a new service';
  }
  // A suspension that heals gives trust back once it is lifted, so it counts as giving.
  const heals = event.status === 'suspended' && event.gap === 'heal';
  if (event.status === 'granted' || event.status === 'ceased' || heals) {
    const refusals = older.filter((other) => other.status === 'suspended' || other.status === 'withdrawn' || (event.status === 'granted' && other.status === 'ceased'));
    if (refusals.some((other) => other.since >= event.since)) return 'does not begin after an event it would lift';
  }
  const before = older[0];
  if (heals && (before?.status === 'withdrawn' || (before?.status === 'suspended' && before.gap !== 'heal'))) return 'would heal what the event before it does not';
  const lifts = (event.status === 'granted' || event.status === 'ceased') && before?.status === 'suspended';
  if (lifts && before.gap === 'heal' && event.since > issued) return 'would heal a suspension before it is lifted; record it when it happens';
  return undefined;
}
