import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { CRL_LABELS, decodeArmoured, parseCertificateList, PkiError, type CertificateList } from '@hefu/pki';
import type { Clock } from '@hefu/updater';
import type { CollectedCrl, EvidenceGap } from '@hefu/verify';
import { NodeError } from './error.js';
import type { NodeLimits } from './limits.js';
import { readBoundedFile } from './read-file.js';

/** CRLs that operations keep on disk: complete ones of CAs nobody can reach, authority CRLs of roots. */
export interface CrlFiles {
  /** What the files say now; looked at again when due, read again when changed. Never rejects. */
  current(): Promise<CrlFilesState>;
}

export interface CrlFilesState {
  /** `url` is `file:` and the path as the caller named it. Untrusted: the judge verifies each before it counts. */
  readonly crls: readonly CollectedCrl[];
  /** One for each path that gives nothing, or nothing new: the last good CRLs of a file stay while it is bad. */
  readonly gaps: readonly EvidenceGap[];
}

/** Names that a folder's CRLs go by; PEM holds several at will. Others are left alone, hidden ones too: half-copied files go by those. */
const CRL_FILE = /^[^.].*\.(?:crl|arl|pem|der)$/i;

interface Entry {
  /** Of the file as last read: what changes when it does. */
  readonly print: string;
  readonly crls: readonly CollectedCrl[];
  readonly gap?: EvidenceGap;
}

type Bounds = Pick<NodeLimits, 'maxCrlBytes' | 'maxCrlFiles' | 'maxCrlFilesBytes' | 'crlFilesRecheckMs'>;

/** @param paths files, or folders whose files named `.crl`, `.arl`, `.pem` or `.der` are meant */
export function watchCrlFiles(paths: readonly string[], clock: Clock, limits: Bounds): CrlFiles {
  const entries = new Map<string, Entry>();
  let state: CrlFilesState = { crls: [], gaps: [] };
  let lookedAt: number | undefined;
  let underWay: Promise<void> | undefined;

  async function look(): Promise<void> {
    lookedAt = clock.now();
    const gaps: EvidenceGap[] = [];
    const files: string[] = [];
    for (const path of paths) {
      try {
        files.push(...((await stat(path)).isDirectory() ? (await readdir(path)).filter((name) => CRL_FILE.test(name)).sort().map((name) => join(path, name)) : [path]));
      } catch (error) {
        // The path as a whole: what was read of it before stays out, since it may have been taken away on purpose.
        gaps.push(gapOf(path, asNodeError(path, error)));
      }
    }
    for (const path of files.slice(limits.maxCrlFiles)) gaps.push({ code: 'LIMIT', what: `crl ${sourceOf(path)}`, detail: `more than ${limits.maxCrlFiles} files` });
    const wanted = [...new Set(files.slice(0, limits.maxCrlFiles))];
    for (const path of entries.keys()) if (!wanted.includes(path)) entries.delete(path);
    for (const path of wanted) await readIfChanged(path);
    for (const { gap } of entries.values()) if (gap !== undefined) gaps.push(gap);
    state = { crls: [...entries.values()].flatMap(({ crls }) => crls), gaps };
  }

  async function readIfChanged(path: string): Promise<void> {
    const known = entries.get(path);
    let print = 'none';
    try {
      const { mtimeMs, ctimeMs, size, ino } = await stat(path);
      // Before it is read: a change while reading is a change still to be seen.
      print = `${mtimeMs} ${ctimeMs} ${size} ${ino}`;
      if (known?.print === print) return;
      const held = [...entries].reduce((sum, [other, entry]) => (other === path ? sum : sum + octetsOf(entry.crls)), 0);
      const bytes = await readBoundedFile(path, Math.min(limits.maxCrlBytes, Math.max(0, limits.maxCrlFilesBytes - held)));
      const fetchedAt = clock.now();
      entries.set(path, { print, crls: readCrls(bytes, limits).map((crl) => ({ crl, url: sourceOf(path), fetchedAt })) });
    } catch (error) {
      if ((error as { code?: unknown }).code === 'ENOENT' || (error instanceof NodeError && error.code === 'FILE_NOT_FOUND')) {
        entries.set(path, { print, crls: [], gap: gapOf(path, asNodeError(path, error)) });
        return;
      }
      const gap = gapOf(path, error instanceof PkiError ? error : asNodeError(path, error));
      entries.set(path, { print, crls: known?.crls ?? [], gap: known === undefined || known.crls.length === 0 ? gap : { ...gap, detail: `${gap.detail}; its last good content is used` } });
    }
  }

  return {
    async current() {
      if (paths.length === 0) return state;
      const now = clock.now();
      if (lookedAt === undefined || now < lookedAt || now - lookedAt >= limits.crlFilesRecheckMs) {
        underWay ??= look().finally(() => {
          underWay = undefined;
        });
      }
      await underWay;
      return state;
    },
  };
}

/** Read to the last entry, so that one that is none is told now and not in the middle of a verdict. */
function readCrls(bytes: Uint8Array, { maxCrlBytes }: Bounds): readonly CertificateList[] {
  const ders = decodeArmoured(bytes, { labels: CRL_LABELS, maxBytes: maxCrlBytes });
  if (ders.length === 0) throw new PkiError('EMPTY_INPUT', 'no CRL');
  return ders.map((der) => {
    const crl = parseCertificateList(der, { maxCrlBytes });
    void crl.criticalEntryExtensions;
    return crl;
  });
}

function octetsOf(crls: readonly CollectedCrl[]): number {
  return crls.reduce((sum, { crl }) => sum + crl.bytes.length, 0);
}

function sourceOf(path: string): string {
  return `file:${path}`;
}

function asNodeError(path: string, error: unknown): NodeError {
  if (error instanceof NodeError) return error;
  const missing = (error as { code?: unknown }).code === 'ENOENT';
  return new NodeError(missing ? 'FILE_NOT_FOUND' : 'FILE_UNREADABLE', missing ? `no file ${path}` : `cannot read ${path}`, { cause: error, path });
}

function gapOf(path: string, error: NodeError | PkiError): EvidenceGap {
  const code = error instanceof PkiError ? (error.code === 'INPUT_TOO_LARGE' ? 'TOO_LARGE' : 'NOT_PARSED') : error.code === 'FILE_TOO_LARGE' ? 'TOO_LARGE' : 'FILE_UNREADABLE';
  const looks = error instanceof PkiError && error.detected !== undefined ? `, looks like ${error.detected}` : '';
  return { code, what: `crl ${sourceOf(path)}`, detail: `${error.code}${looks}` };
}

/**
 * Gaps for those that are past their nextUpdate at a time, of issuers that matter to a message: grace may still let them
 * count, but somebody must bring newer ones.
 */
export async function staleCrlGaps(crls: readonly CollectedCrl[], at: number, matters: (crl: CertificateList) => Promise<boolean>): Promise<readonly EvidenceGap[]> {
  const gaps: EvidenceGap[] = [];
  for (const { crl, url } of crls) {
    if (crl.nextUpdate === undefined || crl.nextUpdate >= at || !(await matters(crl))) continue;
    gaps.push({ code: 'STALE', what: `crl ${url ?? ''}`, detail: `nextUpdate ${new Date(crl.nextUpdate).toISOString()} has passed: bring the CA's latest` });
  }
  return gaps;
}
