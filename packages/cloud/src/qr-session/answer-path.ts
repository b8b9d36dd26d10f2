import type { Json } from '@hefu/sign';

/** Members below each other; answers have a depth of 32 at most. */
export const MAX_PATH = 8;
const SEGMENT = /^[A-Za-z0-9_$-]{1,64}$/;

export function isAnswerPath(path: unknown): path is string {
  if (typeof path !== 'string') return false;
  const segments = path.split('.');
  return segments.length <= MAX_PATH && segments.every((segment) => SEGMENT.test(segment));
}

/** The own member at a path; undefined where there is none. */
export function readPath(value: Json | undefined, path: string): Json | undefined {
  let here: Json | undefined = value;
  for (const segment of path.split('.')) {
    if (typeof here !== 'object' || here === null || !Object.hasOwn(here, segment)) return undefined;
    here = (here as Readonly<Record<string, Json>>)[segment];
  }
  return here;
}

/** A text or number at a path, as text; undefined for anything else, for none, and for what is longer. */
export function textAt(value: Json | undefined, path: string, maxLength: number = 4096): string | undefined {
  const found = readPath(value, path);
  const text = typeof found === 'number' || typeof found === 'boolean' ? String(found) : found;
  return typeof text === 'string' && text.length > 0 && text.length <= maxLength ? text : undefined;
}
