import { createHash } from 'node:crypto';
import type { FaultPlan } from '../fault-plan.js';
import { CscRefusal } from '../csc/request.js';
import { issueSad, issueServiceToken, SERVICE_SECONDS, type CscState } from '../csc/state.js';

const RAR_TYPES = ['credential', 'https://cloudsignatureconsortium.org/2025/credential'];

interface Detail {
  readonly type: string;
  readonly credentialID?: string;
  readonly numSignatures?: number;
  readonly documentDigests: readonly { readonly hash: string; readonly label?: string }[];
  readonly hashAlgorithmOID?: string;
}

/** The token endpoint. */
export function tokenFor(state: CscState, form: URLSearchParams, faults: FaultPlan, path: string): unknown {
  const { clock } = state.ground;
  if (form.get('grant_type') === 'client_credentials') return { access_token: issueServiceToken(state), token_type: 'Bearer', expires_in: SERVICE_SECONDS };
  if (form.get('grant_type') !== 'authorization_code') throw new CscRefusal('unsupported_grant_type', 'authorization_code or client_credentials');
  const code = form.get('code') ?? '';
  const asked = state.codes.get(code);
  state.codes.delete(code); // once, whatever comes of it (RFC 6749 §4.1.2)
  if (asked === undefined || clock.now() >= asked.expiresAt || faults.hits('grant-refused', path)) throw new CscRefusal('invalid_grant', 'The code is not valid');
  const { parameters } = asked;
  const challenge = createHash('sha256').update(form.get('code_verifier') ?? '').digest('base64url');
  if (challenge !== parameters['code_challenge'] || form.get('redirect_uri') !== parameters['redirect_uri']) throw new CscRefusal('invalid_grant', 'The code was given to somebody else');
  if (parameters['authorization_details'] !== undefined) return byDetails(state, parameters['authorization_details'], faults, path);
  if (parameters['scope'] !== 'credential') return { access_token: issueServiceToken(state), token_type: 'Bearer', expires_in: SERVICE_SECONDS };
  const credentialID = parameters['credentialID'] ?? '';
  const hashes = (parameters['hashes'] ?? parameters['hash'])?.split(',').map((hash) => Buffer.from(hash, 'base64url').toString('base64'));
  const { SAD, expiresIn } = authorised(state, credentialID, hashes, Number(parameters['numSignatures']));
  return { access_token: SAD, token_type: state.manners.credentialToken, expires_in: expiresIn, credentialID };
}

/** Rich authorization request (RFC 9396): what was granted is said back. */
function byDetails(state: CscState, text: string, faults: FaultPlan, path: string): unknown {
  const [detail] = JSON.parse(text) as Detail[];
  if (detail === undefined || !RAR_TYPES.includes(detail.type)) throw new CscRefusal('invalid_authorization_details', 'Unknown type');
  const hashes = detail.documentDigests.map(({ hash }) => hash);
  const { SAD, expiresIn } = authorised(state, detail.credentialID ?? '', hashes, detail.numSignatures ?? hashes.length);
  const echoed = {
    ...detail,
    ...(faults.hits('rar-other-type', path) ? { type: RAR_TYPES.find((type) => type !== detail.type) } : {}),
    ...(faults.hits('rar-other-credential', path) ? { credentialID: 'key-of-somebody-else' } : {}),
    ...(faults.hits('rar-other-digests', path) ? { documentDigests: detail.documentDigests.map(({ label }, index) => ({ label, hash: createHash('sha256').update(`other ${index}`).digest('base64') })) } : {}),
  };
  return {
    access_token: SAD, token_type: faults.hits('token-type', path) ? 'mac' : state.manners.credentialToken, expires_in: expiresIn,
    ...(faults.hits('rar-not-echoed', path) ? {} : { authorization_details: faults.hits('rar-more', path) ? [echoed, { ...detail, credentialID: detail.credentialID }] : [echoed] }),
  };
}

function authorised(state: CscState, credentialID: string, hashes: readonly string[] | undefined, count: number): ReturnType<typeof issueSad> {
  const credential = state.credentials.get(credentialID);
  if (credential?.manner.mode !== 'oauth2code') throw new CscRefusal('invalid_request', 'Invalid parameter credentialID');
  if (!(count >= 1 && count <= credential.manner.multisign)) throw new CscRefusal('invalid_request', 'Numbers of signatures is too high');
  if (credential.manner.scal === '2' && hashes?.length !== count) throw new CscRefusal('invalid_request', 'Missing parameter hash for a credential with SCAL 2');
  return issueSad(state, credentialID, credential.manner.scal === '2' ? hashes : undefined, count);
}
