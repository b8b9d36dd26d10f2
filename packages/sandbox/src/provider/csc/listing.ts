import type { FaultPlan } from '../fault-plan.js';
import { algorithmsOf, type CscCredential } from './credentials.js';
import { credentialOf, CscRefusal, type CscInput, type CscVersion } from './request.js';
import type { CscState } from './state.js';

const METHODS: Readonly<Record<CscVersion, readonly string[]>> = {
  v1: ['auth/login', 'auth/revoke', 'credentials/list', 'credentials/info', 'credentials/authorize', 'credentials/extendTransaction', 'credentials/sendOTP', 'signatures/signHash', 'signatures/timestamp', 'oauth2/authorize', 'oauth2/token', 'oauth2/revoke'],
  v2: ['auth/login', 'auth/revoke', 'credentials/list', 'credentials/info', 'credentials/authorize', 'credentials/authorizeCheck', 'credentials/extendTransaction', 'credentials/getChallenge', 'signatures/signHash', 'signatures/signPolling', 'signatures/timestamp', 'oauth2/authorize', 'oauth2/pushed_authorize', 'oauth2/token', 'oauth2/revoke'],
};

/** `info`. */
export function info(state: CscState, version: CscVersion): unknown {
  const { ground: { baseUrl }, manners, options } = state;
  const authorizationServer = options.oauth ?? 'issuer';
  return {
    specs: version === 'v1' ? '1.0.4.0' : authorizationServer === 'servers' ? '2.2.0.0' : '2.0.0.2',
    name: 'Hefu sandbox', logo: `${baseUrl}/logo.png`, region: 'CN', lang: 'zh-CN', description: 'A remote signing service to try things on; its keys are toys',
    authType: ['basic', 'oauth2code'], methods: METHODS[version].map((method) => (method === 'credentials/authorize' ? manners.authorizePath : method)),
    ...(version === 'v1' || authorizationServer === 'base' ? { oauth2: `${baseUrl}/` }
      : authorizationServer === 'issuer' ? { oauth2Issuer: baseUrl } : { oauth2Servers: [{ label: 'sandbox', issuerIdentifier: baseUrl, authType: ['oauth2code'], supportsRar: true }] }),
    ...(version === 'v1' ? {} : {
      asynchronousOperationMode: manners.asynchronous, validationInfo: false,
      signAlgorithms: { algos: [...new Set([...state.credentials.values()].flatMap(({ key }) => algorithmsOf(key, manners.bareKeyOids)))] },
      signature_formats: { formats: [], envelope_properties: [] }, conformance_levels: [],
      ...(authorizationServer === 'servers' ? { supportsRar: true, supportedHashTypes: ['DTBSR'] } : {}),
    }),
  };
}

/** `credentials/list`, in pages. */
export function list(state: CscState, version: CscVersion, input: CscInput, faults: FaultPlan, path: string): unknown {
  const all = [...state.credentials.values()].filter(({ key }) => input['userID'] === undefined || key.company.id === input['userID']);
  const start = input['pageToken'] === undefined ? 0 : all.findIndex(({ id }) => id === input['pageToken']);
  if (start < 0) throw new CscRefusal('invalid_request', 'Invalid parameter pageToken');
  const wanted = input['maxResults'] === undefined ? Infinity : Number(input['maxResults']);
  if (!(wanted >= 1)) throw new CscRefusal('invalid_request', 'Invalid parameter maxResults');
  const size = Math.min(wanted, state.options.pageSize ?? 50);
  const page = all.slice(start, start + size);
  const next = faults.hits('endless-pages', path) ? all[0] : all[start + size];
  return {
    credentialIDs: page.map(({ id }) => id),
    ...(version === 'v2' && input['credentialInfo'] === true ? { credentialInfos: page.map((credential) => ({ credentialID: credential.id, ...described(state, version, credential, input, faults, path) })) } : {}),
    ...(next === undefined ? {} : { nextPageToken: next.id }),
  };
}

/** `credentials/info`. */
export function credentialInfo(state: CscState, version: CscVersion, input: CscInput, faults: FaultPlan, path: string): unknown {
  return { description: 'sandbox', ...described(state, version, credentialOf(state, input), input, faults, path) };
}

function described(state: CscState, version: CscVersion, credential: CscCredential, input: CscInput, faults: FaultPlan, path: string): Record<string, unknown> {
  const { key, manner } = credential;
  if (input['certInfo'] === true && state.manners.noCertInfo) throw new CscRefusal('server_error', 'certInfo is not implemented', 501);
  const chain = faults.hits('swapped-in-info', path) ? otherChain(state, credential) : key.chain;
  const ordered = faults.hits('leaf-last', path) ? [...chain].reverse() : chain;
  const certificates = ordered.map((der) => Buffer.from(der).toString('base64'));
  const locked = (state.pinMistakes.get(credential.id) ?? 0) >= 3;
  return {
    key: {
      status: locked || faults.hits('key-disabled', path) ? 'disabled' : 'enabled', algo: algorithmsOf(key, state.manners.bareKeyOids), len: key.kind === 'RSA-2048' ? 2048 : 256,
      ...(key.kind === 'SM2' ? { curve: '1.2.156.10197.1.301' } : key.kind === 'P-256' ? { curve: '1.2.840.10045.3.1.7' } : {}),
    },
    cert: {
      status: 'valid',
      ...(input['certificates'] === 'none' ? {} : { certificates: input['certificates'] === 'chain' ? certificates : certificates.slice(0, 1) }),
    },
    ...(input['authInfo'] === true ? authentication(version, credential) : version === 'v1' ? { authMode: manner.mode } : {}),
    SCAL: manner.scal, multisign: manner.multisign, lang: 'zh-CN',
  };
}

function authentication(version: CscVersion, { manner: { mode, pin, otp, expression } }: CscCredential): Record<string, unknown> {
  if (version === 'v1') {
    return {
      authMode: mode,
      ...(mode !== 'explicit' ? {} : {
        PIN: pin === undefined ? { presence: 'false' } : { presence: 'true', format: 'N', label: '签名口令' },
        OTP: otp === undefined ? { presence: 'false' } : { presence: 'true', type: otp === 'sms' ? 'online' : 'offline', format: 'N', label: '短信验证码', ID: 'OTP', provider: 'sandbox' },
      }),
    };
  }
  if (mode !== 'explicit') return { auth: { mode: mode === 'implicit' ? 'explicit' : mode } };
  const objects = [
    ...(pin === undefined ? [] : [{ type: 'Password', id: 'PIN', format: 'N', label: '签名口令' }]),
    ...(otp === undefined ? [] : [otp === 'sms' ? { type: 'ChallengeResponse', id: 'OTP', format: 'N', label: '短信验证码' } : { type: 'Password', id: 'OTP', format: 'N', label: '动态口令', generator: 'totp' }]),
  ];
  return { auth: { mode, expression: expression ?? objects.map(({ id }) => id).join(' AND '), objects } };
}

/** The chain of another credential with the same kind of key. */
export function otherChain(state: CscState, { id, key }: CscCredential): readonly Uint8Array[] {
  return ([...state.credentials.values()].find((each) => each.id !== id && each.key.id !== key.id && each.key.kind === key.kind) ?? [...state.credentials.values()].find((each) => each.key.id !== key.id)!).key.chain;
}
