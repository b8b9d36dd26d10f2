import type { JsonValue } from '../json.js';
import { DEFAULT_LIMITS } from '../limits.js';
import type { IdentityProfileDocument, ListDocument } from '../list-document.js';
import { MemberReader, ProblemLog } from '../member-reader.js';
import { readProfile } from '../read-profile.js';
import type { EditContext } from './draft.js';
import { EditError, notFound, refuseProblems } from './error.js';

/**
 * Adds a profile, or replaces the one of its id; the version of a replacement is one more than before unless it says
 * a higher one.
 * @throws EditError EDIT_INVALID
 */
export function setProfile(draft: ListDocument, profile: IdentityProfileDocument, { sha256 }: EditContext): ListDocument {
  const before = draft.identityProfiles?.find(({ id }) => id === profile.id);
  const next = before === undefined || profile.version > before.version ? profile : { ...profile, version: before.version + 1 };
  const log = new ProblemLog(DEFAULT_LIMITS.maxProblems);
  readProfile(new MemberReader(next as unknown as JsonValue, `profile ${profile.id}`, log), sha256);
  refuseProblems(log.problems);
  const all = draft.identityProfiles ?? [];
  return { ...draft, identityProfiles: before === undefined ? [...all, next] : all.map((each) => (each === before ? next : each)) };
}

/** @throws EditError EDIT_NOT_FOUND | EDIT_IN_USE */
export function removeProfile(draft: ListDocument, profileId: string): ListDocument {
  if (!draft.identityProfiles?.some(({ id }) => id === profileId)) throw notFound({ zh: '身份映射', en: 'identity profile' }, profileId);
  const users = draft.services.filter(({ identity }) => identity === profileId).map(({ id }) => id);
  if (users.length > 0) throw new EditError('EDIT_IN_USE', { zh: `${profileId} 仍被 ${users.join('、')} 使用。`, en: `${profileId} is still used by ${users.join(', ')}.` });
  return { ...draft, identityProfiles: draft.identityProfiles.filter(({ id }) => id !== profileId) };
}
