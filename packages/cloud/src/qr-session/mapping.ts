import type { AlgorithmChoice, Json } from '@hefu/sign';

/**
 * How one provider of QR signing speaks, as data: JSON that `readQrMapping` accepts. Nothing in it is executed; templates name
 * values of a closed list, paths name own members of answers.
 */
export interface QrMapping {
  /** Of the adapter made with it, `[a-z0-9.-]{1,64}`. */
  readonly id: string;
  readonly version: string;
  readonly title: { readonly zh: string; readonly en: string };
  /** Forms of input, best first. */
  readonly accepts: readonly ('sm2-e' | 'digest')[];
  /** With the provider's own word for each. */
  readonly algorithms: readonly (AlgorithmChoice & { readonly word: string })[];
  /** Values that one confirmation covers. */
  readonly batch: number;
  /** The code that both screens show. Default the signing's own, sent to the provider as `${display.code}`; or what its app makes of the value: the last two octets of SHA-256 as a number, modulo 10,000. */
  readonly verificationCode?: 'session' | 'sha256-of-value';
  /** Labels and title may be shown on the phone, where the caller consents. Without it a neutral text with the verification code is. */
  readonly showsLabels?: boolean;
  readonly labelMaxChars?: number;
  /** Names of settings the integrator gives (`${platform.<name>}`): his number at the provider; no secrets. */
  readonly settings: readonly string[];
  /** How the platform proves who it is, with each call. */
  readonly authentication?: AuthenticationShape;
  readonly answer: AnswerShape;
  /** How certificates become known. `choice`: the user shows one by a job of its own, beforehand. Absent: the caller knows them. */
  readonly credentials?: { readonly query: CredentialQueryShape } | { readonly choice: JobShape & { readonly certificate: CertificateShape } };
  readonly sign: JobShape & { readonly values: ValuesShape };
  readonly callback?: CallbackShape;
}

/** A text with `${name}` or `${name|filter|filter}` in it, or JSON of such texts; `{ "$items": template }` repeats for every item. */
export type Template = Json;

/** Dotted names of own members, indices as numbers: `data.list.0.value`. */
export type AnswerPath = string;

export interface CallShape {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  /** Below the adapter's base address; what is filled in is percent-encoded. */
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** Of POST and PUT. A member whose only value is missing is left out. */
  readonly body?: Template;
  readonly encoding?: 'json' | 'form';
}

/** The codes a provider's words may be mapped to. */
export const MAPPED_ERRORS = [
  'USER_REFUSED', 'USER_TIMEOUT', 'USER_CANCELLED', 'WRONG_VERIFICATION_CODE', 'PIN_LOCKED', 'DEVICE_ABSENT', 'CREDENTIAL_LOCKED', 'CREDENTIAL_DISABLED',
  'NO_USABLE_CREDENTIAL', 'CERT_EXPIRED', 'CERT_REVOKED', 'CERT_SWAPPED', 'ORGANISATION_MISMATCH', 'AUTH_EXPIRED', 'HASH_NOT_AUTHORISED', 'BATCH_TOO_LARGE',
  'ALGORITHM_UNSUPPORTED', 'RATE_LIMITED', 'PROVIDER_UNAVAILABLE', 'PROVIDER_REFUSED', 'ADAPTER_MISCONFIGURED',
] as const;
export type MappedError = (typeof MAPPED_ERRORS)[number];

/** How any answer says that it was not to be: by a code in its body, or by its HTTP status (`http 404`). */
export interface AnswerShape {
  readonly code?: AnswerPath;
  /** Codes that mean yes. Required with `code`. */
  readonly success?: readonly (string | number | boolean)[];
  /** Others are PROVIDER_REFUSED. */
  readonly errors: Readonly<Record<string, MappedError>>;
}

/**
 * What a word of the provider means. `waiting`: nobody has acted; `scanned`: somebody has; `signed`: the values are in this answer;
 * `next`: the next path, or the next call, tells. A word that is in no table is PROVIDER_PROTOCOL.
 */
export type JobWord = 'waiting' | 'scanned' | 'signed' | 'next' | MappedError;

/** One kind of job: create, show, ask, cancel. */
export interface JobShape {
  /** Named JSON made once of the other names: `${derived.<name>}` is its text, the same wherever it stands. */
  readonly derived?: Readonly<Record<string, Template>>;
  readonly create: CallShape;
  readonly job: {
    readonly id: AnswerPath;
    /** Of ids; what does not match is refused. `alphanumeric` also takes `.`, `_` and `-`. */
    readonly idLength: { readonly min: number; readonly max: number };
    /** Named and kept in the snapshot: `${job.<name>}`. */
    readonly fields?: Readonly<Record<string, AnswerPath>>;
    /** Named and kept in the vault, nowhere else: `${secret.<name>}`. */
    readonly secrets?: Readonly<Record<string, AnswerPath>>;
    /** How long it can be confirmed, as the answer says it; `ttlMs` where it does not. Epochs are the provider's clock. */
    readonly expires?: { readonly path: AnswerPath; readonly unit: 'ms' | 's' | 'epoch-ms' | 'epoch-s' };
    readonly ttlMs: number;
  };
  readonly qr: QrShape;
  /** Asked in turn at each poll, until one does not say `next`; the answer of the last has the result. */
  readonly status: readonly { readonly call: CallShape; readonly words: readonly { readonly path: AnswerPath; readonly is: Readonly<Record<string, JobWord>> }[] }[];
  /** Members of a finished answer that must be what this job is about; of a signature at least one names job or credential. */
  readonly binds: readonly { readonly path: AnswerPath; readonly equals: string; readonly code?: 'STATE_MISMATCH' | 'CERT_SWAPPED' }[];
  readonly pace: {
    readonly firstMs: number;
    readonly maxMs: number;
    /** Where the answer says when to ask again. */
    readonly hint?: { readonly path: AnswerPath; readonly unit: 'ms' | 's' };
  };
  readonly cancel?: CallShape;
  /** New QR codes when one expires before anybody scanned it. */
  readonly reissues: number;
}

export interface QrShape {
  /** What is in the code. `${secret.*}` may stand behind `#` only. */
  readonly payload: string;
  /** Opens the app on the same device. */
  readonly deepLink?: string;
  readonly shortCode?: string;
  /** A new payload every so often, none older than `maxAgeMs` shown. `${qr.elapsed}` is the job's age in whole seconds. */
  readonly rotation?: { readonly everyMs: number; readonly maxAgeMs: number };
  /** `${proof.<name>}`: a MAC under a secret of the job over a template. */
  readonly proofs?: Readonly<Record<string, ProofShape>>;
}

export interface ProofShape {
  readonly scheme: 'hmac-sha256' | 'hmac-sm3';
  /** Of `job.secrets`. */
  readonly secret: string;
  readonly secretEncoding: 'base64' | 'base64url' | 'hex' | 'utf-8';
  readonly over: string;
  readonly encoding: 'base64url' | 'hex';
}

export interface ValuesShape {
  /** An array; absent: one value in the answer itself. */
  readonly list?: AnswerPath;
  /** Which item an entry is for: by the item id or by what was signed, as the provider repeats it; or the only one. */
  readonly item: { readonly by: 'id'; readonly path: AnswerPath } | { readonly by: 'value'; readonly path: AnswerPath; readonly encoding: 'hex' | 'base64' | 'base64url' } | { readonly by: 'only' };
  readonly value: AnswerPath;
  /** `pkcs7`: the value stands in the only SignerInfo of a message (RFC 5652 §5.3), base64. */
  readonly form?: 'value' | 'pkcs7';
  /** The algorithm by the provider's word or by its OID. */
  readonly algorithm?: AnswerPath;
  /** DER of the signer's certificate, in base64 or PEM: in the entry, or in the answer. */
  readonly certificate?: AnswerPath;
  readonly reference?: AnswerPath;
}

export interface CertificateShape {
  /** DER, base64 or PEM. */
  readonly leaf: AnswerPath;
  /** An array of the certificates above, nearest first. */
  readonly chain?: AnswerPath;
  readonly label?: AnswerPath;
  /** Named and given back when it signs: `${credential.<name>}`. */
  readonly fields?: Readonly<Record<string, AnswerPath>>;
  readonly status?: { readonly path: AnswerPath; readonly is: Readonly<Record<string, 'enabled' | 'disabled' | 'locked'>> };
}

export interface CredentialQueryShape extends CertificateShape {
  readonly call: CallShape;
  readonly list: AnswerPath;
}

export type Scheme = 'hmac-sha256' | 'hmac-sm3' | 'rsa-sha256' | 'sm2-sm3';

export interface AuthenticationShape {
  readonly scheme: Scheme;
  /** Of `QrAdapterOptions.keys`. */
  readonly key: string;
  /** What is signed: with `${call.method}`, `${call.path}`, `${call.body}`, `${call.sorted}` (the body's members as `a=1&b=2`), `${now}`, `${nonce}`. */
  readonly over: string;
  readonly encoding: 'base64' | 'base64url' | 'hex';
  /** The signature is `${signature}`. */
  readonly headers: Readonly<Record<string, string>>;
}

/** What the provider calls the platform with. Only ever a reason to ask. */
export interface CallbackShape {
  readonly job: AnswerPath;
  /** The payload is enciphered; the integrator's `openCallback` returns what is in it. */
  readonly sealed?: boolean;
  /** Absent where the provider signs nothing. */
  readonly signature?: {
    readonly scheme: Scheme;
    readonly key: string;
    /** With `${callback.body}`, `${callback.header-<name>}` in lower case. */
    readonly over: string;
    readonly header: string;
    readonly encoding: 'base64' | 'base64url' | 'hex';
    /** A header with its time, epoch; older or newer than this is stale. It is worth something only if `over` covers it. */
    readonly time?: { readonly header: string; readonly unit: 'ms' | 's'; readonly toleranceMs: number };
  };
  /** What the provider expects to hear, with status 200. */
  readonly reply: Json;
}
