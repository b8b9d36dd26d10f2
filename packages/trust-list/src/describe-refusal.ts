import type { Refusal } from './refuse.js';

/** A refusal as lines for a person: what happened, what to do, and the details there are. */
export function describeRefusal(outcome: Refusal, lang: 'zh' | 'en'): string {
  const lines = [`${outcome.code}: ${outcome.message[lang]}`, outcome.remedy[lang]];
  for (const { path, message } of outcome.problems ?? []) lines.push(`  - ${path === '' ? 'document' : path}: ${message}`);
  for (const { index, member, alg, org, outcome: found } of outcome.signatures ?? []) {
    lines.push(`  - ${member ?? 'signatures'}[${index}]${alg === undefined ? '' : ` ${printable(alg)}`}${org === undefined ? '' : ` ${org}`}: ${found}`);
  }
  return lines.join('\n');
}

/** Text from an unverified header must not rearrange a line of a log. */
function printable(text: string): string {
  return text.replace(/[^!-~]/g, '?');
}
