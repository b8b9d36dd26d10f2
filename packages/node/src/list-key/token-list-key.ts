import { normaliseSignature, sm2Digest, COMPONENT_OCTETS, type PublicKey } from '@hefu/crypto';
import { DerReader, PkiError, Tag, bitString, equalBytes, integer, nullValue, oid, parseCertificate, readSubjectPublicKeyInfo, sequence } from '@hefu/pki';
import { SignError, type AlgorithmChoice, type ToSign } from '@hefu/sign';
import type { ListSignatureAlgorithm } from '@hefu/trust-list';
import { webKey } from '../algorithm-provider.js';
import { nodeAlgorithms } from '../algorithms.js';
import { NodeError } from '../error.js';
import { keyAlgorithms } from '../keys/key-algorithms.js';
import { CKA, CKO, type Cryptoki, type CryptokiHandle } from '../keys/pkcs11/cryptoki.js';
import { loadCryptoki } from '../keys/pkcs11/load-cryptoki.js';
import { signingCall } from '../keys/pkcs11/mechanism.js';
import { certificatesOn, explained, hasPinPad, needsPin, tokensOf, withSession, type Token } from '../keys/pkcs11/token.js';
import { inTurn, type KeyName } from '../keys/pkcs11/turn.js';
import { ListKeyError } from './error.js';
import type { ListKey } from './list-key.js';
import { readPkcs11Uri, type Pkcs11Uri } from './pkcs11-uri.js';

export interface TokenListKeyOptions {
  /** Instead of the module that the URI names. */
  readonly module?: Cryptoki;
  readonly signal?: AbortSignal;
}

/**
 * The key of a list's signer on a token, by its PKCS #11 URI (RFC 7512): `pkcs11:token=…;object=…?module-path=/…/module.so`.
 * Each signature logs in and out, and is verified before it is handed over.
 * @param pin asked for before the first signature; not where the device has a PIN pad
 * @throws ListKeyError KEY_URI_INVALID | KEY_FILE_INVALID for a key that signs no lists; NodeError PKCS11_UNAVAILABLE;
 *   SignError DEVICE_ABSENT, KEY_MISMATCH, PIN_INCORRECT, …
 */
export function tokenListKey(uri: string, pin: () => Promise<string>, { module, signal = new AbortController().signal }: TokenListKeyOptions = {}): ListKey {
  const wanted = readPkcs11Uri(uri);
  if (module === undefined && wanted.module === undefined) throw new NodeError('PKCS11_UNAVAILABLE', 'the URI names no module: add ?module-path=/path/of/module.so');
  const cryptoki = module ?? loadCryptoki(wanted.module!);
  const { token, publicKey, id } = found(cryptoki, wanted);
  const privateKey: KeyName = id.length > 0 ? { id } : { label: wanted.object! };
  const { alg, choice } = listAlgorithm(publicKey);
  let given: string | undefined;
  return {
    unprotected: false,
    signer: {
      alg, jwk: webKey(publicKey) as Readonly<Record<string, unknown>>,
      async sign(input) {
        if (needsPin(token) && !hasPinPad(token)) given ??= await pin();
        try {
          const call = signingCall(choice, toSignOf(publicKey, input, wanted, choice), new Set(cryptoki.mechanisms(token.slot)), wanted.sm2);
          return await verified(publicKey, choice, input, await inTurn(cryptoki, token, privateKey, { pin: given, signal }, (turn) => turn.sign(call)));
        } catch (error) {
          given = undefined;
          throw explained(cryptoki, token, error);
        }
      },
    },
  };
}

interface Found extends PublicPart {
  readonly token: Token;
}

/** What is visible of a key without a PIN. */
interface PublicPart {
  readonly publicKey: PublicKey;
  /** CKA_ID, which the private key bears too; may have no octets. */
  readonly id: Uint8Array;
}

/** @throws SignError DEVICE_ABSENT | KEY_MISMATCH | ADAPTER_MISCONFIGURED when the URI leaves open which is meant */
function found(cryptoki: Cryptoki, wanted: Pkcs11Uri): Found {
  const tokens = tokensOf(cryptoki, wanted);
  if (tokens.length === 0) throw new SignError('DEVICE_ABSENT', 'no token that fits is there');
  const all = tokens.flatMap((token) => publicPartsOn(cryptoki, token, wanted).map((part) => ({ token, ...part })));
  const distinct = all.filter(({ publicKey }, index) => all.findIndex((other) => JSON.stringify(webKey(other.publicKey)) === JSON.stringify(webKey(publicKey))) === index);
  if (distinct.length === 0) throw new SignError('KEY_MISMATCH', 'no certificate or public key on the token is what the URI names');
  if (distinct.length > 1) throw new SignError('ADAPTER_MISCONFIGURED', 'the URI names several keys: add token, object or id');
  return distinct[0]!;
}

/** Certificates and public keys on the token that bear the name; labels of a key pair's parts may differ, identifiers may not. */
function publicPartsOn(cryptoki: Cryptoki, token: Token, { id, object }: Pkcs11Uri): readonly PublicPart[] {
  const certified = certificatesOn(cryptoki, token)
    .filter((each) => (id === undefined || equalBytes(id, each.id)) && (object === undefined || object === each.label))
    .flatMap(({ der, id: own }) => readable(() => ({ publicKey: parseCertificate(der).spki.key, id: own })));
  const bare = withSession(cryptoki, token, (session) => cryptoki.find(session, { class: CKO.publicKey, ...(id === undefined ? {} : { id }), ...(object === undefined ? {} : { label: object }) }).flatMap((key) => readable(() => {
    const publicKey = publicKeyOf(cryptoki, session, key);
    return publicKey === undefined ? undefined : { publicKey, id: cryptoki.attribute(session, key, CKA.id) ?? new Uint8Array(0) };
  })));
  return [...certified, ...bare];
}

function readable(read: () => PublicPart | undefined): readonly PublicPart[] {
  try {
    return [read()].flatMap((part) => part ?? []);
  } catch (error) {
    if (error instanceof PkiError) return [];
    throw error;
  }
}

/** CKA_MODULUS and CKA_PUBLIC_EXPONENT; or CKA_EC_PARAMS and CKA_EC_POINT, an OCTET STRING around the point, which some modules leave out. */
function publicKeyOf(cryptoki: Cryptoki, session: CryptokiHandle, key: CryptokiHandle): PublicKey | undefined {
  const [modulus, exponent, curve, point] = [CKA.modulus, CKA.publicExponent, CKA.ecParams, CKA.ecPoint].map((type) => cryptoki.attribute(session, key, type));
  const spki = modulus !== undefined && modulus.length > 0 && exponent !== undefined
    ? sequence(sequence(oid('1.2.840.113549.1.1.1'), nullValue()), bitString(sequence(integer(modulus), integer(exponent))))
    : curve?.[0] === Tag.OID && point !== undefined ? sequence(sequence(oid('1.2.840.10045.2.1'), curve), bitString(point[0] === Tag.OCTET_STRING && point[1] === point.length - 2 ? new DerReader(point).next().content() : point)) : undefined;
  return spki === undefined ? undefined : readSubjectPublicKeyInfo(spki).key;
}

const LIST_ALGORITHMS: Readonly<Record<string, ListSignatureAlgorithm>> = { 'ECDSA-SHA-256': 'ES256', 'ECDSA-SHA-384': 'ES384', Ed25519: 'EdDSA', 'RSASSA-PSS': 'PS256', 'SM2-SM3': 'SM2-SM3' };

function listAlgorithm(publicKey: PublicKey): { readonly alg: ListSignatureAlgorithm; readonly choice: AlgorithmChoice } {
  const choice = keyAlgorithms(publicKey).find(({ name }) => Object.hasOwn(LIST_ALGORITHMS, name));
  if (choice === undefined) throw new ListKeyError('KEY_FILE_INVALID', 'keys of this kind sign no lists');
  return { choice, alg: LIST_ALGORITHMS[choice.name]! };
}

function toSignOf(publicKey: PublicKey, input: Uint8Array, { sm2 }: Pkcs11Uri, { digest }: AlgorithmChoice): ToSign {
  if (publicKey.kty === 'EC' && publicKey.crv === 'SM2' && sm2?.takes !== 'message') return { kind: 'sm2-e', value: sm2Digest(publicKey.point, input), id: new Uint8Array(0) };
  return { kind: 'tbs', digest, value: input };
}

/** The value in the form of a JWS, once it verifies. @throws SignError SIGNATURE_ENCODING | SIGNATURE_INVALID */
async function verified(publicKey: PublicKey, { name, pss }: AlgorithmChoice, input: Uint8Array, value: Uint8Array): Promise<Uint8Array> {
  const order = publicKey.kty === 'EC' ? COMPONENT_OCTETS[publicKey.crv] : undefined;
  const read = order === undefined ? { der: value, raw: value } : normaliseSignature(value, order);
  if (read === undefined) throw new SignError('SIGNATURE_ENCODING', 'the token returned neither DER nor r||s');
  const algorithm = nodeAlgorithms().signatures.find((each) => each.name === name)!;
  if (!(await algorithm.verify(publicKey, input, read.der, pss === undefined ? {} : { pss }))) throw new SignError('SIGNATURE_INVALID', 'the token’s signature does not verify with its public key');
  return read.raw;
}
