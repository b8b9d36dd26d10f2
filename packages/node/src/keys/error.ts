/** Why a key file could not be used. Nothing in it is secret. */
export type KeyFileErrorCode =
  | 'KEY_FILE_INVALID' // neither PKCS #8, PKCS #1, RFC 5915 nor PKCS #12
  | 'KEY_FILE_DAMAGED' // one of these, and not whole
  | 'KEY_FILE_TOO_LARGE'
  | 'KEY_PASSWORD_NEEDED'
  | 'KEY_PASSWORD_WRONG'
  | 'KEY_ENCRYPTION_UNSUPPORTED' // a cipher, derivation or integrity mode that is not read
  | 'KEY_DERIVATION_TOO_COSTLY' // asks for more work than `maxKdfIterations`
  | 'KEY_UNSUPPORTED' // a kind of key that signs nothing here
  | 'KEY_INVALID' // the parts of the key contradict each other
  | 'KEY_MISSING'
  | 'KEY_CERTIFICATE_MISSING' // no certificate is of the key
  | 'KEY_ABORTED';

interface Words {
  readonly zh: string;
  readonly en: string;
}

export interface KeyFileErrorRow {
  /** One sentence for the user. */
  readonly message: Words;
  readonly remedy: Words;
}

const row = (message: readonly [zh: string, en: string], remedy: readonly [zh: string, en: string]): KeyFileErrorRow => ({
  message: { zh: message[0], en: message[1] }, remedy: { zh: remedy[0], en: remedy[1] },
});

/** The words for each code. */
export const KEY_FILE_ERRORS: Readonly<Record<KeyFileErrorCode, KeyFileErrorRow>> = {
  KEY_FILE_INVALID: row(['不是私钥文件。', 'This is no key file.'], ['请选择 PFX（.pfx、.p12）或 PKCS #8 私钥文件。', 'Choose a PFX (.pfx, .p12) or a PKCS #8 key file.']),
  KEY_FILE_DAMAGED: row(['密钥文件已损坏。', 'The key file is damaged.'], ['请使用原文件的完好副本，或请发证机构重新导出。', 'Use a whole copy of the file, or have the CA export it again.']),
  KEY_FILE_TOO_LARGE: row(['密钥文件过大。', 'The key file is too large.'], ['请确认选择的是密钥文件。', 'See that it is a key file.']),
  KEY_PASSWORD_NEEDED: row(['密钥文件有口令保护。', 'The key file is protected by a password.'], ['请输入口令。', 'Enter the password.']),
  KEY_PASSWORD_WRONG: row(['密钥文件的口令不正确。', 'The password of the key file is not right.'], ['请核对口令后重新输入，注意大小写。', 'Check the password, and its capitals, and enter it again.']),
  KEY_ENCRYPTION_UNSUPPORTED: row(['密钥文件的加密方式不受支持。', 'The way in which the key file is protected is not supported.'], ['请用 openssl pkcs8 -topk8 或 openssl pkcs12 -export 重新导出。', 'Export it again with openssl pkcs8 -topk8 or openssl pkcs12 -export.']),
  KEY_DERIVATION_TOO_COSTLY: row(['密钥文件要求的口令运算量过大，已拒绝。', 'The key file asks for too much work to derive its key; refused.'], ['请确认文件来源；可调高 maxKdfIterations 后重试。', 'See where the file comes from; raise maxKdfIterations to open it all the same.']),
  KEY_UNSUPPORTED: row(['密钥类型不受支持。', 'This kind of key is not supported.'], ['请使用 SM2、RSA、P-256、P-384、P-521 或 Ed25519 密钥。', 'Use an SM2, RSA, P-256, P-384, P-521 or Ed25519 key.']),
  KEY_INVALID: row(['私钥无效：其内容自相矛盾。', 'The private key is not valid: its parts contradict each other.'], ['请勿使用该密钥，并请发证机构重新签发。', 'Do not use it, and have the CA issue another.']),
  KEY_MISSING: row(['文件中没有私钥。', 'There is no private key in the file.'], ['导出时请选择“包含私钥”。', 'Export it together with the private key.']),
  KEY_CERTIFICATE_MISSING: row(['没有与该私钥对应的证书。', 'No certificate belongs to the private key.'], ['请同时提供该私钥的证书。', 'Give the certificate of the key as well.']),
  KEY_ABORTED: row(['读取密钥文件被中止。', 'Reading the key file was stopped.'], ['需要时请重试。', 'Try again when needed.']),
};

export class KeyFileError extends Error {
  override readonly name = 'KeyFileError';
  readonly code: KeyFileErrorCode;
  /** What was found instead, in a stable word: an OID, `traditional-pem`, `public-key-integrity`. */
  readonly detail: string | undefined;
  /** @param message for developers; users are shown `KEY_FILE_ERRORS[code]` */
  constructor(code: KeyFileErrorCode, message: string, options: { readonly cause?: unknown; readonly detail?: string } = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.code = code;
    this.detail = options.detail;
  }
}

/** Runs a step over octets that should have a structure; what the pki room says of them is damage. */
export function reading<T>(what: string, step: () => T): T {
  try {
    return step();
  } catch (cause) {
    throw cause instanceof KeyFileError ? cause : new KeyFileError('KEY_FILE_DAMAGED', `${what} cannot be read`, { cause });
  }
}
