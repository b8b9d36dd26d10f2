import type { SchemeKeyDocument } from '@hefu/trust-list';
import { instant } from '../arguments.js';

export interface KeyDocumentOptions {
  readonly org: string;
  readonly owner?: string;
  readonly notAfter?: string;
}

/** How the text of a `.pub.json` is made of the key. @throws CliError USAGE for `--not-after`, before there is a key */
export function keyDocument({ org, owner, notAfter }: KeyDocumentOptions): (jwk: Readonly<Record<string, unknown>>) => string {
  const until = notAfter === undefined ? undefined : new Date(instant('--not-after', notAfter)).toISOString();
  return (jwk) => {
    const key: SchemeKeyDocument = { jwk, org, ...(owner !== undefined && { owner }), ...(until !== undefined && { notAfter: until }) };
    return `${JSON.stringify(key, undefined, 2)}\n`;
  };
}
