import { createVerifier, nodeAlgorithms, nodeFetcher, readBoundedFile, readRoleFile, type CreateVerifierOptions, type Verifier } from '@hefu/node';
import { updateTrustList, type TrustList } from '@hefu/trust-list';
import { DEFAULT_UPDATER_LIMITS, type Fetcher } from '@hefu/updater';
import type { Bilingual } from '@hefu/verify';
import type { CommandContext } from './command-context.js';
import { about, complaintOf, renderComplaint } from './complaint.js';
import { complaintOfRefusal } from './complaint-of-refusal.js';
import { CliError, type Complaint } from './error.js';
import { say } from './language.js';
import { openScheme } from './open-scheme.js';
import { requiredTrust, type ChosenTrust, type TrustOptions } from './trust-options.js';

export interface VerifierOptions extends TrustOptions {
  readonly policy?: string;
  readonly cache?: string;
  /** Files or folders. */
  readonly crlFolder?: readonly string[];
  /** Validation time, epoch milliseconds. */
  readonly at?: number | undefined;
  readonly offline?: boolean;
}

const BLAME_THE_CACHE: Bilingual = {
  zh: '这份名单本身可以接受，问题在 --cache 文件夹：它无法读写，或记录着更新的名单，详见下文。',
  en: 'The list by itself is acceptable. It is the --cache folder: it cannot be read or written, or it remembers a newer list; see below.',
};

/**
 * A verifier for one command. Says on the way when what was given was not taken and something kept earlier is used.
 * @throws CliError USAGE, or the code of the refused list, or of the file that could not be read
 */
export async function openVerifier(options: VerifierOptions, context: CommandContext): Promise<Verifier> {
  const { policy, cache, crlFolder, at, offline } = options;
  const chosen = requiredTrust(options, context.terminal.env);
  const common: Common = {
    // Judging at an earlier time uses the list of today, for it keeps its history; a later time needs a list from then.
    clock: { now: () => Math.max(Date.now(), at ?? 0) },
    online: offline !== true,
    ...(policy === undefined ? {} : { policy }),
    ...(cache === undefined ? {} : { cacheDir: cache }),
    ...(crlFolder === undefined ? {} : { crlFiles: crlFolder }),
  };
  return chosen.kind === 'scheme' ? openScheme(chosen, common, context) : openList(chosen, common, context);
}

type Common = CreateVerifierOptions & Required<Pick<CreateVerifierOptions, 'clock'>>;

async function openList({ list, signers: role }: Extract<ChosenTrust, { kind: 'list' }>, common: Common, { terminal, lang }: CommandContext): Promise<Verifier> {
  const { clock } = common;
  const isUrl = /^https?:\/\//i.test(list);
  const remembering = rememberingFetcher(list);
  const received = async (): Promise<Uint8Array | undefined> => (isUrl ? remembering.last() : readBoundedFile(list, DEFAULT_UPDATER_LIMITS.maxTrustListBytes));
  const refused = (current: TrustList | undefined): ReturnType<typeof whyRefused> => whyRefused(current, received, role, clock.now(), list);

  let verifier: Verifier;
  try {
    verifier = await createVerifier({
      ...common,
      trustList: isUrl ? { url: list } : { path: list },
      role,
      fetcher: remembering.fetcher,
    });
  } catch (error) {
    const complaint = await complaintOf(error, list);
    if (complaint === undefined) throw error;
    const precise = complaint.code === 'TRUST_LIST_UNAVAILABLE' ? await refused(undefined) : undefined;
    throw new CliError(precise === 'acceptable' ? { ...complaint, remedy: BLAME_THE_CACHE } : (precise ?? complaint), { cause: error });
  }

  const { outcome, error } = verifier.lastRefresh ?? {};
  if (error !== undefined || (outcome?.refusals.length ?? 0) > 0) {
    const precise = error === undefined ? await refused(verifier.trustList) : await complaintOf(error, list);
    const why = precise !== undefined && precise !== 'acceptable' ? precise : {
      code: outcome?.refusals[0]?.code ?? 'TRUST_LIST_UNAVAILABLE',
      message: { zh: `${list}：未能取得新的信任名单`, en: `${list}: no newer trust list could be had` },
      details: outcome?.refusals.map(({ source, detail }) => `${source}: ${detail}`) ?? [],
    };
    terminal.note(renderComplaint(why, lang, terminal.width));
    const { sequence, listId } = verifier.trustList;
    terminal.note(say(lang, `  改用缓存中的名单 ${listId} #${sequence}`, `  using the list kept earlier, ${listId} #${sequence}`));
  }
  return verifier;
}

/** Fetches as `nodeFetcher` does and keeps what came from the list's address, so that a refusal can be explained. */
function rememberingFetcher(url: string): { readonly fetcher: Fetcher; last(): Uint8Array | undefined } {
  const fetcher = nodeFetcher();
  let last: Uint8Array | undefined;
  return {
    fetcher: {
      async fetch(request) {
        const result = await fetcher.fetch(request);
        if (result.status === 200 && sameUrl(request.url, url)) last = result.bytes;
        return result;
      },
    },
    last: () => last,
  };
}

function sameUrl(a: string, b: string): boolean {
  return URL.canParse(a) && URL.canParse(b) && new URL(a).href === new URL(b).href;
}

/** Asks the trust-list room once more, for the sentence, the remedy and every problem; undefined when nothing was received. */
async function whyRefused(
  current: TrustList | undefined,
  received: () => Promise<Uint8Array | undefined>,
  role: string,
  at: number,
  list: string,
): Promise<Complaint | 'acceptable' | undefined> {
  const envelope = await about(list, received);
  if (envelope === undefined) return undefined;
  const outcome = await updateTrustList(current, envelope, { role: await readRoleFile(role), algorithms: nodeAlgorithms(), at, maxBytes: DEFAULT_UPDATER_LIMITS.maxTrustListBytes });
  return outcome.outcome === 'refused' ? complaintOfRefusal(outcome, list) : 'acceptable';
}
