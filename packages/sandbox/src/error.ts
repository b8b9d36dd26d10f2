/** Why a sandbox act failed. Wrong arguments are TypeErrors. */
export type SandboxErrorCode =
  | 'FOLDER_NOT_EMPTY' // the folder holds something that is not an earlier world
  | 'FOLDER_NOT_WRITABLE'
  | 'LISTEN_FAILED';

export class SandboxError extends Error {
  readonly code: SandboxErrorCode;

  constructor(code: SandboxErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'SandboxError';
    this.code = code;
  }
}
