import type { Problem } from '../error.js';
import type { Bilingual } from '../refusal.js';

/** Why an edit was not made. The document given stays as it was. */
export type EditErrorCode =
  | 'EDIT_NOT_FOUND' // no service, profile, delegation, peer or key of that name
  | 'EDIT_EXISTS'
  | 'EDIT_ID_RETIRED' // the id stands on a tombstone: ids are never reused
  | 'EDIT_INVALID' // a reader of the list would refuse the result: `problems`
  | 'EDIT_TRANSITION' // this status does not follow that one
  | 'EDIT_BACKDATED' // reaches back more than seven days without reason and reference
  | 'EDIT_WIDENS' // asked to narrow, it would widen
  | 'EDIT_IN_USE'
  | 'EDIT_ROLE_UNSATISFIABLE' // the keys left cannot meet the role
  | 'EDIT_NOT_CERTIFICATE'
  | 'EDIT_NO_CA'; // none of the certificates can anchor the service

/** An edit that cannot be made. */
export class EditError extends Error {
  override readonly name = 'EditError';
  readonly code: EditErrorCode;
  readonly text: Bilingual;
  /** For `EDIT_INVALID`. */
  readonly problems: readonly Problem[];

  constructor(code: EditErrorCode, text: Bilingual, options: { readonly cause?: unknown; readonly problems?: readonly Problem[] } = {}) {
    super(text.en, 'cause' in options ? { cause: options.cause } : undefined);
    this.code = code;
    this.text = text;
    this.problems = options.problems ?? [];
  }
}

export function notFound(what: Bilingual, id: string): EditError {
  return new EditError('EDIT_NOT_FOUND', { zh: `没有${what.zh} ${id}。`, en: `There is no ${what.en} ${id}.` });
}

export function exists(what: Bilingual, id: string): EditError {
  return new EditError('EDIT_EXISTS', { zh: `${what.zh} ${id} 已存在。`, en: `The ${what.en} ${id} is there already.` });
}

/** Throws when a reader found problems. */
export function refuseProblems(problems: readonly Problem[]): void {
  const first = problems[0];
  if (first === undefined) return;
  const more = problems.length - 1;
  throw new EditError(
    'EDIT_INVALID',
    {
      zh: `修改后的名单读者会拒绝：${first.path} ${first.message}${more > 0 ? `（另有 ${more} 处）` : ''}`,
      en: `Readers would refuse the result: ${first.path} ${first.message}${more > 0 ? ` (and ${more} more)` : ''}`,
    },
    { problems },
  );
}
