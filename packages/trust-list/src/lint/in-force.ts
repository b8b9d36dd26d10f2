import type { StatusDocument } from '../list-document.js';
import type { ServiceStatusName } from '../model.js';
import { parseInstant } from '../time.js';

/** As `statusAt`, of a document. */
export function inForceStatus(history: readonly StatusDocument[], at: number): ServiceStatusName | undefined {
  return history.find((event) => parseInstant(event.since) <= at)?.status;
}
