/** Says what is wrong with a value at a place; pushes nothing for what is right. */
export type Check = (value: unknown, at: string, problems: string[]) => void;

const wrong = (at: string, what: string, problems: string[]): void => void problems.push(`${at}: ${what}`);

export const textLike = (pattern: RegExp, what: string): Check => (value, at, problems) => {
  if (typeof value !== 'string' || !pattern.test(value)) wrong(at, `is not ${what}`, problems);
};
export const textOf = (maxLength: number): Check => (value, at, problems) => {
  if (typeof value !== 'string' || value.length === 0 || value.length > maxLength) wrong(at, `is no text of 1 to ${maxLength} characters`, problems);
};
export const fitting = (fits: (value: unknown) => boolean, what: string): Check => (value, at, problems) => {
  if (!fits(value)) wrong(at, `is not ${what}`, problems);
};
export const wholeNumber = (min: number, max: number): Check => (value, at, problems) => {
  if (!Number.isSafeInteger(value) || (value as number) < min || (value as number) > max) wrong(at, `is no whole number from ${min} to ${max}`, problems);
};
export const flag: Check = (value, at, problems) => {
  if (typeof value !== 'boolean') wrong(at, 'is neither true nor false', problems);
};
export const oneOf = (...words: readonly unknown[]): Check => (value, at, problems) => {
  if (!words.includes(value)) wrong(at, `is none of ${words.join(', ')}`, problems);
};
export const listOf = (check: Check, min: number, max: number): Check => (value, at, problems) => {
  if (!Array.isArray(value) || value.length < min || value.length > max) return wrong(at, `is no list of ${min} to ${max}`, problems);
  for (const [index, each] of value.entries()) check(each, `${at}[${index}]`, problems);
};
/** An object whose names are free. */
export const tableOf = (names: RegExp, check: Check, max: number): Check => (value, at, problems) => {
  if (!isObject(value)) return wrong(at, 'is no object', problems);
  const entries = Object.entries(value);
  if (entries.length > max) wrong(at, `has more than ${max} members`, problems);
  for (const [name, each] of entries) {
    if (!names.test(name)) wrong(at, `has no member named ${JSON.stringify(name).slice(0, 80)}`, problems);
    else check(each, `${at}.${name}`, problems);
  }
};
/** An object of these members; those of `optional` may be missing. */
export const objectOf = (required: Readonly<Record<string, Check>>, optional: Readonly<Record<string, Check>> = {}): Check => (value, at, problems) => {
  if (!isObject(value)) return wrong(at, 'is no object', problems);
  for (const name of Object.keys(required)) if (!Object.hasOwn(value, name)) wrong(at, `lacks ${name}`, problems);
  for (const [name, each] of Object.entries(value)) {
    const check = Object.hasOwn(required, name) ? required[name] : Object.hasOwn(optional, name) ? optional[name] : undefined;
    if (check === undefined) wrong(at, `has no member named ${JSON.stringify(name).slice(0, 80)}`, problems);
    else check(each, `${at}.${name}`, problems);
  }
};
/** The first alternative whose distinguishing member is there. */
export const either = (alternatives: Readonly<Record<string, Check>>): Check => (value, at, problems) => {
  const name = isObject(value) ? Object.keys(alternatives).find((each) => Object.hasOwn(value, each)) : undefined;
  if (name === undefined) wrong(at, `has neither of ${Object.keys(alternatives).join(', ')}`, problems);
  else alternatives[name]!(value, at, problems);
};

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
