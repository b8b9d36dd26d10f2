import { UpdaterError, type UpdaterErrorCode } from '@hefu/updater';
import { VerifyError, type VerifyErrorCode } from '@hefu/verify';
import { NodeError, type NodeErrorCode } from '../error.js';

/** What was thrown over an item, between threads: classes do not travel. */
export interface SentError {
  readonly name: string;
  readonly message: string;
  readonly code?: string;
  /** The file meant. */
  readonly path?: string;
}

export function sendError(error: unknown): SentError {
  if (!(error instanceof Error)) return { name: 'Error', message: String(error) };
  const { code, path } = error as { code?: unknown; path?: unknown };
  return { name: error.name, message: error.message, ...(typeof code === 'string' ? { code } : {}), ...(typeof path === 'string' ? { path } : {}) };
}

/** The error as `verify` would have thrown it; NodeError WORKER_FAILED for one that should not be. */
export function receiveError({ name, message, code, path }: SentError): Error {
  const at = path === undefined ? {} : { path };
  if (code !== undefined && name === 'NodeError') return new NodeError(code as NodeErrorCode, message, at);
  if (code !== undefined && name === 'UpdaterError') return new UpdaterError(code as UpdaterErrorCode, message);
  if (code !== undefined && name === 'VerifyError') return new VerifyError(code as VerifyErrorCode, message);
  return new NodeError('WORKER_FAILED', `${name}: ${message}`);
}
