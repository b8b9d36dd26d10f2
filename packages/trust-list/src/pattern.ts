/** Characters of a pattern's source. */
export const MAX_PATTERN_LENGTH = 200;
/** Characters of a text that patterns are tried on: attribute values stay under 200 (RFC 5280 upper bounds). */
export const MAX_PATTERN_TEXT = 256;
/** Positions in such a text, and counts an unbounded quantifier may take. */
const POSITIONS = MAX_PATTERN_TEXT + 1;
/** Ways a backtracking matcher may walk it: three unbounded quantifiers, measured at 0.1 s on the worst text. */
const MAX_PATHS = POSITIONS ** 3;

/**
 * Whether a regular expression of an identity profile may run on attacker-chosen text: its source is at most
 * 200 characters, compiles without flags, and is syntactically unable to backtrack catastrophically. The rule
 * is conservative:
 *
 * - no look-around, no back-references, no inline modifiers;
 * - a group repeated more than once holds no quantifier and no alternation;
 * - the product over all quantifiers of the counts they may take (an unbounded one 257) and over all
 *   alternations of their branches, times 257 for a pattern that does not begin with `^`, is at most 257^3.
 *
 * @returns undefined when it may, else the reason
 */
export function refusePattern(source: string): string | undefined {
  if (source.length === 0) return 'is empty';
  if (source.length > MAX_PATTERN_LENGTH) return `is longer than ${MAX_PATTERN_LENGTH} characters`;
  try {
    void new RegExp(source);
  } catch {
    return 'does not compile';
  }
  return new PatternScan(source).refusal();
}

/**
 * Compiles a pattern that {@link refusePattern} passes; match it only against texts of at most
 * {@link MAX_PATTERN_TEXT} characters.
 * @param flags `g` to remove every match
 * @throws TypeError when the pattern is refused
 */
export function compilePattern(source: string, flags: '' | 'g' = ''): RegExp {
  const refusal = refusePattern(source);
  if (refusal !== undefined) throw new TypeError(`pattern ${refusal}`);
  return new RegExp(source, flags);
}

interface OpenGroup {
  quantified: boolean;
  branches: number;
}

/** One pass over a source that is known to compile. */
class PatternScan {
  readonly #source: string;
  #at = 0;
  #paths = 1;

  constructor(source: string) {
    this.#source = source;
  }

  refusal(): string | undefined {
    const open: OpenGroup[] = [{ quantified: false, branches: 1 }];
    while (this.#at < this.#source.length) {
      const group = open.at(-1)!;
      const character = this.#source[this.#at]!;
      if (character === '(') {
        const prefix = /^\((?:\?(?::|<[A-Za-z_$][\w$]*>))?(?!\?)/.exec(this.#source.slice(this.#at));
        if (prefix === null) return 'uses look-around, a modifier or an unusual group name';
        this.#at += prefix[0].length;
        open.push({ quantified: false, branches: 1 });
        continue;
      }
      if (character === '|') {
        group.branches++;
        this.#at++;
        continue;
      }
      let closed: OpenGroup | undefined;
      if (character === ')') {
        closed = open.pop()!;
        this.#paths *= closed.branches;
        this.#at++;
      } else {
        const refusal = this.#skipAtom(character);
        if (refusal !== undefined) return refusal;
      }
      const outer = open.at(-1)!;
      const count = this.#quantifier();
      if (count !== undefined) {
        if (count.max > MAX_PATTERN_TEXT) return `counts beyond ${MAX_PATTERN_TEXT}`;
        if (closed !== undefined && count.max > 1 && (closed.quantified || closed.branches > 1)) return 'repeats a group that holds a quantifier or an alternation';
        this.#paths *= count.max - count.min + 1;
        outer.quantified = true;
      }
      if (closed?.quantified === true || (closed !== undefined && closed.branches > 1)) outer.quantified = true;
      if (this.#paths > MAX_PATHS) return 'may backtrack too far';
    }
    // An alternation at the top level leaves `^` binding its first branch only.
    const anchored = this.#source.startsWith('^') && open[0]!.branches === 1;
    return this.#paths * open[0]!.branches * (anchored ? 1 : POSITIONS) > MAX_PATHS ? 'may backtrack too far' : undefined;
  }

  #skipAtom(character: string): string | undefined {
    if (character === '\\') {
      if (/[1-9k]/.test(this.#source[this.#at + 1] ?? '')) return 'uses a back-reference';
      this.#at += 2;
    } else if (character === '[') {
      this.#at++;
      while (this.#source[this.#at] !== ']') this.#at += this.#source[this.#at] === '\\' ? 2 : 1;
      this.#at++;
    } else this.#at++;
    return undefined;
  }

  #quantifier(): { readonly min: number; readonly max: number } | undefined {
    const match = /^(?:([*+?])|\{(\d+)(,)?(\d*)\})\??/.exec(this.#source.slice(this.#at));
    if (match === null) return undefined;
    this.#at += match[0].length;
    const [, sign, min, comma, max] = match;
    if (sign !== undefined) return { min: sign === '+' ? 1 : 0, max: sign === '?' ? 1 : MAX_PATTERN_TEXT };
    const least = Number(min);
    return { min: least, max: comma === undefined ? least : max === '' ? Math.max(least, MAX_PATTERN_TEXT) : Number(max) };
  }
}
