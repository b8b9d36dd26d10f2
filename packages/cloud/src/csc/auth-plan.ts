import { alternativesOf, type AuthPlan, type FactorKind, type JsonObject } from '@hefu/sign';
import { parseAuthExpression } from './auth-expression.js';
import { isObject, listOf, objectOf, textOf, unexpected } from './read.js';

export const PUSH_FACTOR: AuthPlan = { factor: 'push', id: 'implicit' };
export const OAUTH_FACTOR: AuthPlan = { factor: 'oauth-code', id: 'oauth2code' };

/** What authorises a credential, of its `credentials/info`. @throws SignError PROVIDER_PROTOCOL */
export function authPlanOf(version: 'v1' | 'v2', info: JsonObject): AuthPlan {
  const plan = version === 'v1' ? planOfMode(info) : planOfAuth(objectOf(info, 'auth') ?? {});
  try {
    alternativesOf(plan);
  } catch {
    throw unexpected('auth-expression');
  }
  return plan;
}

/** CSC API v1.0.4 §11.5: authMode, PIN, OTP. */
function planOfMode(info: JsonObject): AuthPlan {
  const mode = textOf(info, 'authMode') ?? 'explicit';
  if (mode === 'implicit') return PUSH_FACTOR;
  if (mode === 'oauth2code') return OAUTH_FACTOR;
  if (mode !== 'explicit') throw unexpected('auth-mode');
  const pin = objectOf(info, 'PIN');
  const otp = objectOf(info, 'OTP');
  const of: AuthPlan[] = [
    ...(isWanted(pin) ? [factor('pin', 'PIN', pin)] : []),
    ...(isWanted(otp) ? [factor(textOf(otp, 'type') === 'offline' ? 'otp-offline' : 'otp-online', 'OTP', otp)] : []),
  ];
  return of.length === 0 ? { factor: 'none', id: 'none' } : all(of);
}

/** `optional` factors are not asked for: what is not needed is not collected. */
function isWanted(object: JsonObject | undefined): object is JsonObject {
  return object !== undefined && String(object['presence']) === 'true';
}

/** CSC API v2 §11.5: mode, expression and objects. */
function planOfAuth(auth: JsonObject): AuthPlan {
  const mode = textOf(auth, 'mode') ?? 'explicit';
  if (mode === 'oauth2code') return OAUTH_FACTOR;
  if (mode === 'implicit') return PUSH_FACTOR;
  if (mode !== 'explicit') throw unexpected('auth-mode');
  const objects = new Map((listOf(auth, 'objects') ?? []).filter(isObject).flatMap((object): [string, AuthPlan][] => {
    const id = textOf(object, 'id');
    const kind = kindOf(object);
    return id === undefined || kind === undefined ? [] : [[id, factor(kind, id, object)]];
  }));
  const expression = textOf(auth, 'expression');
  return expression === undefined ? all([...objects.values()]) : parseAuthExpression(expression, (id) => objects.get(id));
}

function kindOf(object: JsonObject): FactorKind | undefined {
  switch (textOf(object, 'type')) {
    case 'Password': return textOf(object, 'generator') === undefined ? 'pin' : 'otp-offline';
    case 'ChallengeResponse': return 'otp-online';
    case 'PasswordOOB':
    case 'ChallengeResponseOOB': return 'push';
    default: return undefined;
  }
}

function factor(kind: FactorKind, id: string, object: JsonObject): AuthPlan {
  const label = textOf(object, 'label')?.slice(0, 200);
  const format = textOf(object, 'format');
  return { factor: kind, id, ...(label === undefined ? {} : { label }), ...(format === 'A' || format === 'N' ? { format } : {}) };
}

/** All of them; with none the service asks the user by itself, as v1 `implicit` came into v2. */
function all(of: readonly AuthPlan[]): AuthPlan {
  return of.length === 0 ? PUSH_FACTOR : of.length === 1 ? of[0]! : { op: 'and', of };
}
