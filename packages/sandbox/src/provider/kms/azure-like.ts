import { createHash } from 'node:crypto';
import { normaliseSignature } from '@hefu/crypto';
import { assertionClaims, publicKeyOf } from './json-web-token.js';
import { jsonBody, KmsRefusal, octetsOf, type KmsLike } from './kms-like.js';

const SCHEMES: Readonly<Record<string, 'ecdsa' | 'rsa'>> = { ES256: 'ecdsa', RS256: 'rsa' };
const TROUBLES = {
  'no-key': [404, 'KeyNotFound'], 'no-version': [404, 'KeyNotFound'], disabled: [403, 'Forbidden'], throttled: [429, 'Throttled'], 'bad-algorithm': [400, 'BadParameter'], 'bad-auth': [401, 'Unauthorized'],
  'expired-token': [401, 'Unauthorized'], skew: [401, 'Unauthorized'], forbidden: [403, 'Forbidden'], 'bad-request': [400, 'BadParameter'],
} as const;

/** `keys/<key>/<number>/sign` behind tokens of `/kms/azure-like/<tenant>/oauth2/v2.0/token`; base64url, and r||s for ECDSA. */
export function azureLike(): KmsLike {
  const used = new Set<unknown>();
  return {
    name: 'azure',
    answer(call) {
      const { url, account: { azure }, now } = call;
      if (url.pathname.endsWith(`/${azure.tenantId}/oauth2/v2.0/token`)) {
        const form = new URLSearchParams(call.body);
        if (form.get('grant_type') !== 'client_credentials' || form.get('client_id') !== azure.clientId) throw new KmsRefusal('bad-auth');
        const { header, claims } = assertionClaims(form.get('client_assertion') ?? '', 'PS256', publicKeyOf(azure.privateKey), url.href, now);
        const thumbprint = createHash('sha256').update(azure.certificate).digest('base64url');
        if (header['x5t#S256'] !== thumbprint || claims['iss'] !== azure.clientId || claims['sub'] !== azure.clientId || used.has(claims['jti'])) throw new KmsRefusal('bad-auth');
        used.add(claims['jti']);
        const { token, expiresIn } = call.issueToken();
        return { access_token: token, token_type: 'Bearer', expires_in: expiresIn };
      }
      call.requireToken();
      const [, key = '', version = ''] = /\/keys\/([^/]+)\/(\d+)\/sign$/.exec(url.pathname) ?? [];
      if (url.searchParams.get('api-version') !== '7.4') throw new KmsRefusal('bad-request');
      const { alg, value } = jsonBody(call);
      const scheme = SCHEMES[String(alg)];
      if (scheme === undefined) throw new KmsRefusal('bad-algorithm');
      const signed = call.sign(key, Number(version), scheme, octetsOf(value, 'base64url'));
      return { kid: `${url.origin}/keys/${key}/${signed.version}`, value: Buffer.from(scheme === 'ecdsa' ? (normaliseSignature(signed.value)?.raw ?? signed.value) : signed.value).toString('base64url') };
    },
    refuse(trouble) {
      const [status, code] = TROUBLES[trouble];
      return { status, body: { error: { code, message: `sandbox: ${trouble}`, ...(trouble === 'disabled' ? { innererror: { code: 'KeyDisabled' } } : {}) } } };
    },
  };
}
