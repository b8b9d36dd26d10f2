import type { JsonObject, RawSignature } from '../adapter/index.js';
import { SignError, type SignErrorJson } from '../error.js';
import type { Outcome } from '../errors/row.js';
import { release, type AwaitedItem } from './release.js';
import type { ValueDiagnoser } from './diagnose-value.js';
import type { SessionPorts } from './ports.js';
import type { SessionOutput } from './session-output.js';
import { writeSnapshot, type AuthorisationState, type SigningState } from './snapshot.js';

/** How far a signing is: what was verified, what failed, where each authorisation stands. */
export interface Progress {
  readonly state: SigningState;
  readonly isSettled: (itemId: string) => boolean;
  /** Items of an authorisation, by its index, still without value or failure. */
  missing(index: number): readonly string[];
  /** Of the signing as a whole: `not-signed` only if there is no value anywhere, `signed` only if every value made is here. */
  outcome(): Outcome;
  mark(index: number, change: AuthorisationState): void;
  /** Verifies and keeps, also of a signing that is being cancelled: what was made is not to be lost. @throws SignError for an answer refused as a whole */
  take(returned: readonly RawSignature[], index: number): Promise<void>;
  fail(error: SignErrorJson): void;
  snapshot(): JsonObject;
  /** @throws SignError ADAPTER_MISCONFIGURED for a secret in it; SNAPSHOT_INVALID when it could not be kept */
  keep(): Promise<void>;
}

export interface ProgressOptions {
  readonly initial: SigningState;
  /** By item id. */
  readonly awaited: ReadonlyMap<string, AwaitedItem>;
  readonly diagnose: ValueDiagnoser;
  readonly output: SessionOutput;
  readonly keep: SessionPorts['keep'];
}

export function createProgress({ initial, awaited, diagnose, output, keep: keepElsewhere }: ProgressOptions): Progress {
  const { note, tell, errorJson, redactor, journal } = output;
  let state = initial;
  const isSettled = (itemId: string): boolean => state.released.some((each) => each.itemId === itemId) || state.failed.some((each) => each.itemId === itemId);
  const missing = (index: number): readonly string[] => state.plan.authorisations[index]!.filter((id) => !isSettled(id));
  const snapshot = (): JsonObject => writeSnapshot({ ...state, journal: journal.head() });
  const outcome = (): Outcome => {
    if (state.authorisations.some(({ adapter: open }, index) => open !== undefined && missing(index).length > 0) || state.failed.some((each) => each.outcome === 'unknown')) return 'unknown';
    return state.released.length > 0 || state.failed.some((each) => each.outcome === 'signed') ? 'signed' : 'not-signed';
  };
  const keep = async (): Promise<void> => {
    const written = snapshot();
    if (redactor.isIn(written)) throw new SignError('ADAPTER_MISCONFIGURED', 'an adapter puts a secret into its snapshot', { detail: 'secret-in-snapshot', outcome: outcome() });
    await keepElsewhere?.(written).catch((cause: unknown) => {
      throw new SignError('SNAPSHOT_INVALID', 'the snapshot could not be kept', { cause, detail: 'not-kept', outcome: outcome() });
    });
  };
  const fail = (error: SignErrorJson): void => {
    state = { ...state, failed: [...state.failed, error] };
    note('item-failed', { itemId: error.itemId ?? '', code: error.code });
    tell({ type: 'item', itemId: error.itemId ?? '', state: 'failed', error });
  };
  return {
    get state() {
      return state;
    },
    isSettled, missing, outcome, fail, snapshot, keep,
    mark(index, change) {
      state = { ...state, authorisations: state.authorisations.map((each, i) => (i === index ? change : each)) };
    },
    async take(returned, index) {
      const ids = state.plan.authorisations[index]!;
      const had = [...state.released, ...state.failed.filter((each) => each.outcome === 'signed')];
      const fresh = returned.filter(({ itemId }) => !had.some((each) => each.itemId === itemId));
      const others = state.items.filter(({ itemId }) => !ids.includes(itemId)).map(({ itemId }) => awaited.get(itemId)!);
      const answer = await release({ awaited: ids.map((id) => awaited.get(id)!), others, returned: fresh, diagnose });
      const isReleased = ({ itemId }: { readonly itemId?: string }): boolean => answer.released.some((each) => each.itemId === itemId);
      state = { ...state, released: [...state.released, ...answer.released], failed: state.failed.filter((each) => !isReleased(each)) };
      for (const { itemId } of answer.released) {
        note('verified', { itemId });
        tell({ type: 'item', itemId, state: 'verified' });
      }
      for (const error of answer.refused) {
        if (answer.whole) {
          note('refused', { code: error.code, ...(error.detail === undefined ? {} : { detail: error.detail }) });
          await keep();
          throw error;
        }
        fail(errorJson(error));
      }
      await keep();
    },
  };
}
