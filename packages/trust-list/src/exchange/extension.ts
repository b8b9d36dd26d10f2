import type { ListDocument, ServiceDocument } from '../list-document.js';

/** Our own extensions of a LoTE: what the standard's members cannot say, whole, so that it is not said in two halves. */
export const LIST_EXTENSION = 'urn:hefu:lote:list:1';
export const SERVICE_EXTENSION = 'urn:hefu:lote:service:1';

/** A list without its services. */
export type ListExtension = Omit<ListDocument, 'services'>;

/** A service whose anchors name their certificates by position in `ServiceDigitalIdentity.X509Certificates`. */
export interface ServiceExtension extends Omit<ServiceDocument, 'anchors'> {
  readonly anchors: readonly (Omit<ServiceDocument['anchors'][number], 'x5c'> & { readonly certificate?: number })[];
}
