import { SignError, type AuthPlan } from '@hefu/sign';

/** No service has more; what is longer is refused before it is read. */
export const EXPRESSION_LIMITS: { readonly characters: number; readonly depth: number; readonly terms: number } = { characters: 1024, depth: 16, terms: 32 };

type Operator = 'and' | 'or' | 'xor';
/** Loosest first: AND binds tighter than XOR, XOR tighter than OR. */
const LEVELS: readonly Operator[] = ['or', 'xor', 'and'];

/**
 * Reads `auth.expression` (CSC API v2 §11.5): ids of authentication objects, AND, OR, XOR and parentheses.
 * @param factorOf the factor of an id; undefined for an id that has no object
 * @throws SignError PROVIDER_PROTOCOL `auth-expression`
 */
export function parseAuthExpression(text: string, factorOf: (id: string) => AuthPlan | undefined): AuthPlan {
  const refuse = (): SignError => new SignError('PROVIDER_PROTOCOL', 'auth.expression cannot be read', { outcome: 'not-signed', detail: 'auth-expression' });
  if (text.length > EXPRESSION_LIMITS.characters) throw refuse();
  const tokens = text.match(/[()]|[^\s()]+/g) ?? [];
  let at = 0;
  let terms = 0;

  const level = (index: number, depth: number): AuthPlan => {
    const operator = LEVELS[index];
    if (operator === undefined) return primary(depth);
    const of = [level(index + 1, depth)];
    while (tokens[at]?.toLowerCase() === operator) {
      at++;
      of.push(level(index + 1, depth));
    }
    // (a AND b) AND c is a AND b AND c; XOR of more than two means one of them, as a user chooses.
    return of.length === 1 ? of[0]! : { op: operator, of: of.flatMap((each) => ('op' in each && each.op === operator && operator !== 'xor' ? each.of : [each])) };
  };
  const primary = (depth: number): AuthPlan => {
    const token = tokens[at++];
    if (token === undefined || token === ')' || depth > EXPRESSION_LIMITS.depth || ++terms > EXPRESSION_LIMITS.terms) throw refuse();
    if (token !== '(') {
      const factor = LEVELS.includes(token.toLowerCase() as Operator) ? undefined : factorOf(token);
      if (factor === undefined) throw refuse();
      return factor;
    }
    const inner = level(0, depth + 1);
    if (tokens[at++] !== ')') throw refuse();
    return inner;
  };

  const plan = level(0, 0);
  if (at !== tokens.length) throw refuse();
  return plan;
}
