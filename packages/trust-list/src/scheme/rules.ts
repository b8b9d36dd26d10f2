import type { TextRule } from '../member-reader.js';

/** A list id names a folder too, so it is no `.` and no `..`. */
export const LIST_ID: TextRule = { max: 128, pattern: /^(?!\.+$)[!-~]+$/, what: 'printable ASCII without spaces, not dots only' };
export const SCHEME_ID: TextRule = { max: 200, pattern: /^urn:[!-~]+$/, what: 'a urn' };
export const HEX_SHA256: TextRule = { pattern: /^[0-9a-f]{64}$/, what: '64 lower-case hex digits' };
export const PREV: TextRule = { pattern: /^sha256:[0-9a-f]{64}$/, what: '`sha256:` and 64 lower-case hex digits' };
