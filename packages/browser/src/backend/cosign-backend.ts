import type { CosignServer } from '@hefu/cloud';
import { createAdapterContext, createJournal, createRedactor, createServerClock, packOctets, SignError, unpackOctets, type AdapterContext, type Clock, type Random } from '@hefu/sign';
import { sha256 } from '@hefu/crypto';
import type { Store } from '@hefu/updater';
import { KID, type CreateKeyMessage, type KeyMessage, type RoundMessage } from '../remote/cosign-protocol.js';
import { answer, readJsonBody, Refusal } from './guard.js';
import { mount, userOf, type Mounted, type MountOptions, type OwnPages } from './mount.js';
import { createOwnerNames } from './owner-names.js';

export interface CosignBackendOptions extends MountOptions, OwnPages {
  /** `createHttpCosignServer` of `@hefu/cloud`, or a vendor's: its secret stays here. */
  readonly server: CosignServer;
  /** Whose halves are whose. Shared by all processes. */
  readonly store: Store;
  /**
   * Whether this user may have this e signed now: by what the platform knows of his files, if it does. The other half is in his browser, so
   * nothing is signed without him either way. Default: yes.
   */
  readonly permit?: (user: { readonly id: string }, round: { readonly kid: string; readonly digest: Uint8Array }) => Promise<boolean>;
  /** Keys one user may have made. Default 20. */
  readonly maxKeysPerOwner?: number;
  readonly ports: { readonly clock: Clock; readonly random: Random };
  /** Receives the lines of a journal, the server's secret struck out. */
  readonly journal?: (line: string) => void;
}

/** Two points and a name. */
const MAX_BODY = 4096;
const POINT = 65;

/**
 * The backend's half of keys in two halves: it carries one round at a time between a page (`remoteCosignServer`) and the co-signing server, for
 * the user whose key it is. Nothing it sees is a share, and no answer is of use without the one in the browser.
 */
export function createCosignBackend(options: CosignBackendOptions): Mounted {
  const { server, store, permit = async () => true, maxKeysPerOwner = 20, ports, journal = () => undefined } = options;
  const keys = createOwnerNames(store, 'cosign');
  const contextOf = (signal: AbortSignal): AdapterContext => {
    const redactor = createRedactor();
    return createAdapterContext({ ports, signal, redactor, locale: 'zh-CN', serverClock: createServerClock(ports.clock), journal: createJournal({ digest: sha256, redactor, write: journal }) });
  };

  return mount(options, async (request, path) => {
    const user = await userOf(request, options);
    const [what, kid, act] = path;
    if (request.method !== 'POST' || what !== 'keys') throw new Refusal('NOT_FOUND');
    if (path.length === 1) {
      const { point } = (await bodyOf(request)) as Partial<CreateKeyMessage>;
      if (!isOctets(point, POINT)) throw new Refusal('MALFORMED');
      let made: KeyMessage | undefined;
      await keys.change(user.id, async (had) => {
        if (had.length >= maxKeysPerOwner) throw new Refusal('TOO_MANY');
        made = await server.createKey(contextOf(request.signal), point);
        return [...had, made.kid];
      });
      return answer(201, packOctets(made));
    }
    if (path.length !== 3 || act !== 'rounds' || !KID.test(kid!)) throw new Refusal('NOT_FOUND');
    // Another's key is not told from none.
    if (!(await keys.read(user.id)).includes(kid!)) throw new SignError('NO_USABLE_CREDENTIAL', 'no such key of this user', { outcome: 'not-signed' });
    const { digest, q1 } = (await bodyOf(request)) as Partial<RoundMessage>;
    if (!isOctets(digest, 32) || !isOctets(q1, POINT)) throw new Refusal('MALFORMED');
    if (!(await permit(user, { kid: kid!, digest }))) throw new SignError('PROVIDER_REFUSED', 'the platform does not let this be signed', { detail: 'not-permitted', outcome: 'not-signed' });
    return answer(200, packOctets(await server.answer(contextOf(request.signal), kid!, { digest, q1 })));
  });
}

async function bodyOf(request: Request): Promise<unknown> {
  return unpackOctets(await readJsonBody(request, MAX_BODY));
}

function isOctets(value: unknown, length: number): value is Uint8Array {
  return value instanceof Uint8Array && value.length === length;
}
