import { equalBytes } from '@hefu/pki';
import { alternativesOf, SignError, type AdapterContext, type Capabilities, type Credential, type JsonObject } from '@hefu/sign';
import { choicesOf } from './algorithms.js';
import { authPlanOf } from './auth-plan.js';
import { chainOf } from './chain.js';
import { countOf, isObject, listOf, objectOf, textOf, textsOf, unexpected } from './read.js';
import type { CscInfo, CscService } from './service.js';

/** Pages of a listing; a service that never ends one is not followed for ever. */
const MAX_PAGES = 100;

export interface CscListing {
  readonly userId?: string;
  readonly limit: number;
}

/** `credentials/list`, with its pages, and `credentials/info` where the list has no details. */
export async function listCredentials(service: CscService, { userId, limit }: CscListing, context: AdapterContext): Promise<readonly Credential[]> {
  const info = await service.info(context);
  const found: Credential[] = [];
  let pageToken: string | undefined;
  for (let page = 0; found.length < limit; page++) {
    if (page >= MAX_PAGES) throw unexpected('endless-pages');
    const { body } = await service.call(context, 'credentials/list', 'read', {
      maxResults: limit - found.length,
      ...(userId === undefined ? {} : { userID: userId }),
      ...(pageToken === undefined ? {} : { pageToken }),
      ...(info.version === 'v1' ? {} : { credentialInfo: true, ...detailsWanted(service) }),
    });
    const ids = textsOf(body, 'credentialIDs').slice(0, limit - found.length);
    const details = new Map((listOf(body, 'credentialInfos') ?? []).filter(isObject).map((each) => [textOf(each, 'credentialID'), each]));
    for (const id of ids) {
      const detail = details.get(id) ?? (await service.call(context, 'credentials/info', 'read', { credentialID: id, ...detailsWanted(service) })).body;
      if (!found.some(({ ref }) => ref === id)) found.push(credentialOf(service, info, id, detail));
    }
    pageToken = textOf(body, 'nextPageToken');
    if (pageToken === undefined || ids.length === 0) break;
  }
  return found;
}

/**
 * Before a user is asked: the credential still has the certificate that was chosen, and its key may sign. A renewed certificate
 * keeps its credentialID.
 * @throws SignError CERT_SWAPPED, CREDENTIAL_DISABLED, those of the service
 */
export async function requireUnchanged(service: CscService, { ref, chain }: Credential, context: AdapterContext): Promise<void> {
  const { body } = await service.call(context, 'credentials/info', 'read', { credentialID: ref, ...detailsWanted(service) });
  const leaf = chainOf(body)[0]!;
  if (chain[0] === undefined || !equalBytes(leaf.bytes, chain[0])) throw new SignError('CERT_SWAPPED', 'the credential has another certificate than the one chosen', { outcome: 'not-signed', detail: 'before-signing' });
  if (textOf(objectOf(body, 'key') ?? {}, 'status') === 'disabled') throw new SignError('CREDENTIAL_DISABLED', 'the key is disabled');
}

function detailsWanted({ quirks }: CscService): JsonObject {
  return { certificates: 'chain', authInfo: true, ...(quirks.noCertInfo === true ? {} : { certInfo: false }) };
}

function credentialOf({ quirks }: CscService, { version }: CscInfo, id: string, info: JsonObject): Credential {
  const key = objectOf(info, 'key') ?? {};
  const certificates = chainOf(info);
  const named = textsOf(key, 'algo').slice(0, 32);
  const label = textOf(info, 'description')?.slice(0, 200);
  const status = textOf(key, 'status');
  return {
    ref: id,
    chain: certificates.map(({ bytes }) => bytes),
    keyStatus: status === 'enabled' || status === 'disabled' ? status : 'unknown',
    algorithms: choicesOf(certificates[0]!, named, quirks.digestOctets),
    auth: authPlanOf(version, info),
    maxPerAuthorisation: countOf(info, 'multisign') ?? 1,
    hashBound: String(info['SCAL'] ?? '1') === '2',
    ...(label === undefined ? {} : { label }),
    providerData: { algo: named },
  };
}

/** Looked at for what the service can do. */
const LOOKED_AT = 100;

/** What `info` and the user's credentials allow: nothing is declared that none of them can. */
export async function capabilitiesOf(service: CscService, listing: Omit<CscListing, 'limit'>, context: AdapterContext): Promise<Capabilities> {
  const { methods } = await service.info(context);
  const credentials = await listCredentials(service, { ...listing, limit: LOOKED_AT }, context);
  const perAuthorisation = Math.max(1, ...credentials.map(({ maxPerAuthorisation }) => maxPerAuthorisation));
  const { maxPerCall = perAuthorisation, confirmMs } = service.quirks;
  return {
    accepts: ['sm2-e', 'digest'], sm2: { preHash: 'caller-e' },
    algorithms: distinct(credentials.flatMap(({ algorithms }) => algorithms)),
    batch: { maxPerAuthorisation: perAuthorisation, maxPerCall, hashBound: credentials.length > 0 && credentials.every(({ hashBound }) => hashBound), extend: methods.includes('credentials/extendTransaction') },
    authorisation: [...new Set(credentials.flatMap(({ auth }) => alternativesOf(auth).flat().map(({ factor }) => factor)))],
    // The API has no cancelling: what is not asked for again is never signed, but a phone may go on asking its user.
    cancel: 'local-only', idempotency: { kind: 'none' },
    // A job whose number was lost cannot be found. Where it is known, or came to `response_uri`, it is asked for all the same.
    reconcile: 'none', resumable: true, certificateKnownBeforeSigning: true,
    limits: confirmMs === undefined ? {} : { sessionTtlMs: confirmMs },
    showsLabels: true,
  };
}

function distinct(choices: Capabilities['algorithms']): Capabilities['algorithms'] {
  return choices.filter(({ name, digest }, index) => choices.findIndex((each) => each.name === name && each.digest === digest) === index);
}
