import { SignError, type BeginRequest, type AdapterContext, type SigningAdapter } from '@hefu/sign';
import { capabilitiesOf, listCredentials, requireUnchanged } from './credentials.js';
import { createMemoryVault, type CscOptions } from './ports.js';
import { createCscService } from './service.js';
import { cscSession, readProgress } from './session.js';
import type { CscWork } from './work.js';

/**
 * A service that speaks the Cloud Signature Consortium API, v1.0.4 or v2. It belongs into the backend: the API knows no CORS,
 * and tokens and SADs stay there.
 * @throws TypeError for a `baseUrl` that is not https, or http on loopback
 */
export function cscAdapter(options: CscOptions): SigningAdapter {
  const service = createCscService(options);
  const vault = options.vault ?? createMemoryVault();
  const listing = options.userId === undefined ? {} : { userId: options.userId };
  const workOf = async (request: BeginRequest, context: AdapterContext): Promise<CscWork> => ({ options, service, info: await service.info(context), request, context, vault });
  return {
    info: { id: 'csc', version: '1', contract: 1, kind: 'csc', runtime: ['node', 'browser'], halves: 'browser+backend' },
    discover: (context) => capabilitiesOf(service, listing, context),
    listCredentials: (query, context) => listCredentials(service, { ...listing, ...query }, context),
    async begin(request, context) {
      if (request.credential.providerData?.['algo'] === undefined) throw new SignError('NO_USABLE_CREDENTIAL', 'not a credential of this adapter');
      await requireUnchanged(service, request.credential, context);
      return cscSession(await workOf(request, context), { requestId: request.requestId, phase: 'authorising', next: 0, sending: 0 });
    },
    async resume(snapshot, request, context) {
      const progress = readProgress(snapshot, request.requestId, request.items.length);
      return cscSession(await workOf(request, context), progress);
    },
  };
}
