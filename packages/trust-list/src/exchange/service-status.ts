import type { StatusDocument } from '../list-document.js';
import type { ServiceStatusName } from '../model.js';
import { formatInstant } from '../time.js';
import type { ForeignService } from './foreign-list.js';
import type { NoteTaker } from './import-report.js';

const TL = 'http://uri.etsi.org/TrstSvc/TrustedList/Svcstatus/';
const OURS = 'urn:hefu:svcstatus:';

/** TS 119 612 §5.5.4 and its predecessors. `national`: recognised by national law alone. */
const STATUSES: Readonly<Record<string, ServiceStatusName | 'national'>> = {
  granted: 'granted',
  accredited: 'granted',
  undersupervision: 'granted',
  supervisionincessation: 'granted',
  recognisedatnationallevel: 'national',
  setbynationallaw: 'national',
  supervisionceased: 'ceased',
  accreditationceased: 'ceased',
  withdrawn: 'withdrawn',
  supervisionrevoked: 'withdrawn',
  accreditationrevoked: 'withdrawn',
  deprecatedatnationallevel: 'withdrawn',
  deprecatedbynationallaw: 'withdrawn',
};

const OUR_STATUSES: readonly ServiceStatusName[] = ['granted', 'suspended', 'ceased', 'withdrawn', 'distrusted'];

/** The older prefix of the same words (TS 102 231), and the two of TS 119 602's list of public attestation providers. */
const OLDER = 'http://uri.etsi.org/TrstSvc/Svcstatus/';
const LOTE = /^http:\/\/uri\.etsi\.org\/19602\/[\w/]*SvcStatus\/(notified|withdrawn)$/;

/** @returns undefined for a status of no list known here */
export function statusOfUri(uri: string, acceptNational: boolean): ServiceStatusName | undefined {
  if (uri.startsWith(OURS)) return OUR_STATUSES.find((name) => uri === OURS + name);
  const lote = LOTE.exec(uri)?.[1];
  if (lote !== undefined) return lote === 'notified' ? 'granted' : 'withdrawn';
  const word = uri.startsWith(TL) ? uri.slice(TL.length) : uri.startsWith(OLDER) ? uri.slice(OLDER.length) : '';
  const status = Object.hasOwn(STATUSES, word) ? STATUSES[word] : undefined;
  return status === 'national' ? (acceptNational ? 'granted' : 'withdrawn') : status;
}

/** `granted` and `withdrawn` mean elsewhere what they mean here; the others are ours. */
export function uriOfStatus(status: ServiceStatusName): string {
  return status === 'granted' || status === 'withdrawn' ? TL + status : OURS + status;
}

/** What a list without our statuses can say: nothing that a reader would take for trust. */
export function plainUriOfStatus(status: ServiceStatusName): string {
  return TL + (status === 'granted' ? 'granted' : 'withdrawn');
}

export interface StatusMapping {
  /** Of the list that receives the events. */
  readonly sequence: number;
  readonly acceptNational: boolean;
  /** When a list that states no status was issued: presence in it is all there is. */
  readonly issued: number;
}

/**
 * The status history, newest first. TS 119 612 lets an instance hold from its start to the start of the next newer one;
 * at that very instant the newer one holds (half-open intervals), so an instance that begins with its successor held at no
 * time and is left out. Dates decide, not the order of the document; nothing in the history may follow the current status.
 * @returns undefined when a status is not understood: nothing is guessed about trust
 */
export function mapStatuses(service: ForeignService, mapping: StatusMapping, note: NoteTaker): readonly StatusDocument[] | undefined {
  const { current } = service;
  if (current.status === undefined) {
    note('STATUS_ABSENT', 'kept', `listed, so granted, from ${formatInstant(current.since ?? mapping.issued)}`);
    return [event('granted', current.since ?? mapping.issued, mapping.sequence)];
  }
  if (current.since === undefined) {
    note('STATUS_WITHOUT_START', 'refused', current.status);
    return undefined;
  }
  const instances = [{ status: current.status, since: current.since }, ...[...service.history].sort((a, b) => b.since - a.since)];
  if (service.history.some((instance, index) => index > 0 && instance.since > service.history[index - 1]!.since)) note('HISTORY_REORDERED', 'kept', 'put in order of StatusStartingTime');
  const mapped: StatusDocument[] = [];
  let before = Number.POSITIVE_INFINITY;
  for (const [index, { status: uri, since }] of instances.entries()) {
    const status = statusOfUri(uri, mapping.acceptNational);
    if (status === undefined) {
      note('STATUS_UNKNOWN', 'refused', uri);
      return undefined;
    }
    if (index > 0 && since >= before) {
      note(since > current.since ? 'HISTORY_AFTER_CURRENT' : 'HISTORY_EMPTY_INTERVAL', 'lost', `${uri} from ${formatInstant(since)}`);
      continue;
    }
    if (!mapping.acceptNational && statusOfUri(uri, true) !== status) note('STATUS_NATIONAL', 'mapped', `${uri} counts as withdrawn`);
    before = since;
    mapped.push({ ...event(status, since, mapping.sequence), ...(uri.startsWith(OURS) ? {} : { ref: uri }) });
  }
  return mapped;
}

function event(status: ServiceStatusName, since: number, recorded: number): StatusDocument {
  return { status, since: formatInstant(since), recorded };
}
