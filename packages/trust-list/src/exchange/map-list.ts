import type { DigestAlgorithm } from '@hefu/crypto';
import type { ListDocument, ServiceDocument } from '../list-document.js';
import { readListContent } from '../list-content.js';
import { serializeList } from '../list-document.js';
import { DEFAULT_LIMITS } from '../limits.js';
import { TrustListError } from '../error.js';
import { hexOf } from '../sha256.js';
import { formatInstant } from '../time.js';
import { LIST_EXTENSION, type ListExtension } from './extension.js';
import type { ForeignList } from './foreign-list.js';
import { refuseImport, type ImportedService, type ImportOutcome, type ImportSignature, type PointerSuggestion } from './import-report.js';
import { mapService } from './map-service.js';
import { localised } from './names.js';
import { noteTaker } from './note-taker.js';

export interface ImportOptions {
  readonly sha256: DigestAlgorithm;
  /** Epoch milliseconds: what has expired is said against it. */
  readonly at: number;
  /** Id of the list that is drafted. Default `imported`, or what one of our own says. */
  readonly listId?: string;
  /** GB/T 2260 codes or prefixes the list answers for; needed unless the source is one of our own. */
  readonly territory?: readonly string[];
  /** Regions in which the services are to be recognised; without them they are recognised nowhere until somebody adds them. */
  readonly regions?: readonly string[];
  /** Takes `recognisedatnationallevel` and `setbynationallaw` for granted. Default false: withdrawn. */
  readonly acceptNational?: boolean;
}

/**
 * Drafts a list of ours from a foreign one (mapping of trust-list design §3.9). Pure; whoever calls has checked the signature.
 * @param payload the octets that were signed
 */
export function mapForeignList(foreign: ForeignList, payload: Uint8Array, signature: ImportSignature, options: ImportOptions): ImportOutcome {
  const { notes, take } = noteTaker();
  const unknown = foreign.extensions.find(({ name, critical }) => critical && name !== LIST_EXTENSION);
  if (unknown !== undefined) return refuseImport('IMPORT_CRITICAL_UNKNOWN', `scheme extension ${unknown.name}`);
  for (const { name } of foreign.extensions) if (name !== LIST_EXTENSION) take('EXTENSION_LOST', 'lost', name);
  const ours = listExtension(foreign);
  const territory = options.territory ?? ours?.territory;
  if (territory === undefined) return refuseImport('IMPORT_TERRITORY', `the source says ${foreign.territory ?? 'nothing'}`);
  if (foreign.nextUpdate === undefined) take('LIST_CLOSED', 'kept', 'its next update here is its issue and a second');
  else if (foreign.nextUpdate <= options.at) take('LIST_EXPIRED', 'kept', formatInstant(foreign.nextUpdate));
  const latest = foreign.issued + DEFAULT_LIMITS.maxLifetime;
  if (foreign.nextUpdate !== undefined && foreign.nextUpdate > latest) take('LIFETIME_SHORTENED', 'mapped', `${formatInstant(foreign.nextUpdate)} to ${formatInstant(latest)}`);
  if (foreign.historicalInformationPeriod !== undefined && foreign.historicalInformationPeriod !== 65_535) take('HISTORY_LIMITED', 'kept', `${foreign.historicalInformationPeriod} days`);

  const sequence = ours?.sequence ?? 1;
  const mapping = { sequence, issued: foreign.issued, sha256: options.sha256, acceptNational: options.acceptNational === true, regions: options.regions, taken: new Set<string>() };
  const documents: ServiceDocument[] = [];
  const services: ImportedService[] = [];
  for (const [e, entity] of foreign.entities.entries()) {
    for (const [s, service] of entity.services.entries()) {
      const own = noteTaker(100);
      const document = mapService(service, entity, mapping, own.take);
      if (document !== undefined) documents.push(document);
      services.push({
        where: `entities[${e}].services[${s}]`,
        ...(document === undefined ? {} : { id: document.id }),
        name: localised(service.current.names, () => undefined, service.current.type ?? '').zh,
        notes: own.notes,
      });
    }
  }
  const [example] = services.flatMap(({ notes: each }) => each.filter(({ effect }) => effect === 'refused'));
  if (documents.length === 0) return refuseImport('IMPORT_NOTHING', example === undefined ? 'no services at all' : `${services.length} services, the first: ${example.code} ${example.detail}`);

  const draft: ListDocument = {
    type: 'list',
    spec: '1.0',
    listId: 'imported',
    sequence,
    issued: formatInstant(foreign.issued),
    nextUpdate: formatInstant(Math.min(foreign.nextUpdate ?? foreign.issued + 1000, latest)),
    operator: { name: localised(foreign.operatorNames, take, 'unknown') },
    ...withoutPointers(ours),
    ...(options.listId === undefined ? {} : { listId: options.listId }),
    territory,
    services: documents,
  };
  try {
    readListContent(serializeList(draft), { sha256: options.sha256, limits: { maxBytes: 64 * 1024 * 1024 } });
  } catch (error) {
    if (!(error instanceof TrustListError)) throw error;
    return refuseImport('IMPORT_MALFORMED', `${error.code}: ${error.message}`);
  }
  const lost = [...notes, ...services.flatMap(({ notes: each }) => each)].filter(({ effect }) => effect === 'lost').length;
  return {
    outcome: 'imported',
    draft,
    report: {
      format: foreign.format,
      source: {
        sha256: hexOf(options.sha256.digest(payload)),
        version: foreign.version,
        sequence: foreign.sequence,
        ...(foreign.type === undefined ? {} : { type: foreign.type }),
        ...(foreign.territory === undefined ? {} : { territory: foreign.territory }),
        issued: formatInstant(foreign.issued),
        ...(foreign.nextUpdate === undefined ? {} : { nextUpdate: formatInstant(foreign.nextUpdate) }),
      },
      signature,
      counts: { services: services.length, imported: documents.length, leftOut: services.length - documents.length, lost },
      notes,
      services,
      pointers: pointersOf(foreign, options.sha256),
    },
  };
}

function listExtension(foreign: ForeignList): ListExtension | undefined {
  const value = foreign.extensions.find(({ name }) => name === LIST_EXTENSION)?.value;
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as ListExtension) : undefined;
}

/** Whom a list delegates to or recognises is decided by people, each time. */
function withoutPointers(ours: ListExtension | undefined): Partial<ListDocument> {
  if (ours === undefined) return {};
  const { delegations: _delegations, peers: _peers, ...rest } = ours;
  return rest;
}

function pointersOf(foreign: ForeignList, sha256: DigestAlgorithm): readonly PointerSuggestion[] {
  return foreign.pointers.map(({ location, certificates, operatorNames, type, territory }) => ({
    // A list of the same scheme is a child; a list of another country is a peer.
    as: territory !== undefined && territory !== foreign.territory ? 'peer' : 'delegation',
    location,
    ...(type === undefined ? {} : { type }),
    ...(territory === undefined ? {} : { territory }),
    operatorNames,
    certificates: certificates.map((der) => hexOf(sha256.digest(der))),
  }));
}
