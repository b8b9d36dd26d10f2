/** Why a working tree of lists could not be read or changed. Nothing was changed then. */
export type WorkspaceErrorCode =
  | 'WORKSPACE_NOT_FOUND' // the folder holds no working tree
  | 'WORKSPACE_EXISTS' // it does, and a new one was asked for
  | 'WORKSPACE_BUSY' // somebody else is at it
  | 'WORKSPACE_CHANGED' // it is no longer what was looked at
  | 'WORKSPACE_DAMAGED' // files are not what the record of changes says
  | 'WORKSPACE_IO'; // permission, disk

export class WorkspaceError extends Error {
  override readonly name = 'WorkspaceError';
  readonly code: WorkspaceErrorCode;
  /** The file or folder meant. */
  readonly path: string;
  constructor(code: WorkspaceErrorCode, message: string, options: { readonly path: string; readonly cause?: unknown }) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.code = code;
    this.path = options.path;
  }
}

export function systemCode(error: unknown): string | undefined {
  const code = (error as { readonly code?: unknown } | null)?.code;
  return typeof code === 'string' ? code : undefined;
}
