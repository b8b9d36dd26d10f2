import { assertionClaims, publicKeyOf } from './json-web-token.js';
import { jsonBody, KmsRefusal, octetsOf, type KmsLike } from './kms-like.js';

const TROUBLES = {
  'no-key': [404, 'NOT_FOUND'], 'no-version': [404, 'NOT_FOUND'], disabled: [400, 'FAILED_PRECONDITION'], throttled: [429, 'RESOURCE_EXHAUSTED'], 'bad-algorithm': [400, 'INVALID_ARGUMENT'],
  'bad-auth': [401, 'UNAUTHENTICATED'], 'expired-token': [401, 'UNAUTHENTICATED'], skew: [401, 'UNAUTHENTICATED'], forbidden: [403, 'PERMISSION_DENIED'], 'bad-request': [400, 'INVALID_ARGUMENT'],
} as const;

/** `…/cryptoKeyVersions/<number>:asymmetricSign` behind tokens of `/kms/google-like/token`. Keys are `projects/sandbox/locations/global/keyRings/hefu/cryptoKeys/<key>`. */
export function googleLike(): KmsLike {
  return {
    name: 'google',
    answer(call) {
      const { url, account: { google }, now, hits } = call;
      if (url.pathname.endsWith('/token')) {
        const form = new URLSearchParams(call.body);
        if (form.get('grant_type') !== 'urn:ietf:params:oauth:grant-type:jwt-bearer') throw new KmsRefusal('bad-auth');
        const { header, claims } = assertionClaims(form.get('assertion') ?? '', 'RS256', publicKeyOf(google.privateKey), url.href, now);
        if (header['kid'] !== google.privateKeyId || claims['iss'] !== google.clientEmail || typeof claims['scope'] !== 'string') throw new KmsRefusal('bad-auth');
        const { token, expiresIn } = call.issueToken();
        return { access_token: token, token_type: 'Bearer', expires_in: expiresIn };
      }
      call.requireToken();
      const found = /\/v1\/(projects\/sandbox\/locations\/global\/keyRings\/hefu\/cryptoKeys\/([^/]+)\/cryptoKeyVersions\/)(\d+):asymmetricSign$/.exec(decodeURIComponent(url.pathname));
      if (found === null) throw new KmsRefusal('no-key');
      const [, prefix = '', key = '', version] = found;
      const { digest, digestCrc32c } = jsonBody(call);
      const octets = octetsOf((digest as Record<string, unknown> | undefined)?.['sha256']);
      if (octets.length !== 32) throw new KmsRefusal('bad-request');
      const signed = call.sign(key, Number(version), 'any', octets);
      return {
        name: `${prefix}${signed.version}`, signature: Buffer.from(signed.value).toString('base64'), protectionLevel: 'SOFTWARE',
        verifiedDigestCrc32c: digestCrc32c === String(crc32c(octets)), signatureCrc32c: String((crc32c(signed.value) ^ (hits('kms-crc') ? 1 : 0)) >>> 0),
      };
    },
    refuse: (trouble) => ({ status: TROUBLES[trouble][0], body: { error: { code: TROUBLES[trouble][0], status: TROUBLES[trouble][1], message: `sandbox: ${trouble}` } } }),
  };
}

/** Castagnoli's polynomial, reflected, by table. */
const TABLE = Uint32Array.from({ length: 256 }, (_, index) => Array.from({ length: 8 }).reduce<number>((value) => (value >>> 1) ^ (0x82f63b78 & -(value & 1)), index));
const crc32c = (octets: Uint8Array): number => ~octets.reduce((crc, octet) => TABLE[(crc ^ octet) & 0xff]! ^ (crc >>> 8), -1) >>> 0;
