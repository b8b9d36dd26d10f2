import { createVerifier, nodeAlgorithms, nodeFetcher, readBoundedFile, readRoleFile, type Verifier } from '@hefu/node';
import { updateTrustList, type TrustList, type UpdateRefused } from '@hefu/trust-list';
import { DEFAULT_UPDATER_LIMITS, type Fetcher } from '@hefu/updater';
import type { Bilingual } from '@hefu/verify';
import type { CommandContext } from './command-context.js';
import { about, complaintOf, renderComplaint } from './complaint.js';
import { CliError, usageError, type Complaint } from './error.js';
import { say } from './language.js';

export interface VerifierOptions {
  /** File or URL. */
  readonly list: string;
  /** Role file; else `HEFU_LIST_SIGNERS`. */
  readonly signers?: string;
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
 * A verifier for one command. Says on the way when the list given was not taken and one kept earlier is used.
 * @throws CliError USAGE, or the code of the refused list, or of the file that could not be read
 */
export async function openVerifier(options: VerifierOptions, { terminal, lang }: CommandContext): Promise<Verifier> {
  const { list, policy, cache, crlFolder, at, offline } = options;
  // Whoever could swap the list could swap signers that come with it, so they are asked for by themselves.
  const role = options.signers ?? (terminal.env['HEFU_LIST_SIGNERS'] || undefined);
  if (role === undefined) {
    throw usageError(
      '谁有权签署信任名单？请给出 --signers <file>，或设置环境变量 HEFU_LIST_SIGNERS',
      'who may sign the trust list? give --signers <file>, or set HEFU_LIST_SIGNERS',
      { zh: '签名角色文件由名单运营方通过另一途径提供；试用环境的在 <文件夹>/list/role.json。', en: 'The list operator provides this role file by another way than the list; a sandbox world has it in <folder>/list/role.json.' },
    );
  }
  const isUrl = /^https?:\/\//i.test(list);
  const remembering = rememberingFetcher(list);
  const received = async (): Promise<Uint8Array | undefined> => (isUrl ? remembering.last() : readBoundedFile(list, DEFAULT_UPDATER_LIMITS.maxTrustListBytes));
  // Judging at an earlier time uses the list of today, for it keeps its history; a later time needs a list from then.
  const clock = { now: () => Math.max(Date.now(), at ?? 0) };
  const refused = (current: TrustList | undefined): ReturnType<typeof whyRefused> => whyRefused(current, received, role, clock.now(), list);

  let verifier: Verifier;
  try {
    verifier = await createVerifier({
      trustList: isUrl ? { url: list } : { path: list },
      role,
      clock,
      fetcher: remembering.fetcher,
      online: offline !== true,
      ...(policy === undefined ? {} : { policy }),
      ...(cache === undefined ? {} : { cacheDir: cache }),
      ...(crlFolder === undefined ? {} : { crlFiles: crlFolder }),
    });
  } catch (error) {
    const complaint = complaintOf(error, list);
    if (complaint === undefined) throw error;
    const precise = complaint.code === 'TRUST_LIST_UNAVAILABLE' ? await refused(undefined) : undefined;
    throw new CliError(precise === 'acceptable' ? { ...complaint, remedy: BLAME_THE_CACHE } : (precise ?? complaint), { cause: error });
  }

  const { outcome, error } = verifier.lastRefresh ?? {};
  if (error !== undefined || (outcome?.refusals.length ?? 0) > 0) {
    const precise = error === undefined ? await refused(verifier.trustList) : complaintOf(error, list);
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

function complaintOfRefusal({ code, message, remedy, problems = [], signatures = [] }: UpdateRefused, list: string): Complaint {
  return {
    code,
    message: { zh: `${list}：${message.zh}`, en: `${list}: ${message.en}` },
    remedy,
    details: [
      ...problems.map(({ path, message: problem }) => `${path === '' ? 'document' : path}: ${problem}`),
      ...signatures.map(({ index, alg, org, outcome }) => `signatures[${index}] ${[alg, org, outcome].filter((part) => part !== undefined).join(', ')}`),
    ],
  };
}
