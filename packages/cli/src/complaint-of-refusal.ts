import type { Refusal } from '@hefu/trust-list';
import type { Complaint } from './error.js';

/** A document that was refused, in the trust-list room's words, with everything found wrong. */
export function complaintOfRefusal({ code, message, remedy, problems = [], signatures = [] }: Refusal, where: string): Complaint {
  return {
    code,
    message: { zh: `${where}：${message.zh}`, en: `${where}: ${message.en}` },
    remedy,
    details: [
      ...problems.map(({ path, message: problem }) => `${path === '' ? 'document' : path}: ${problem}`),
      ...signatures.map(({ index, alg, org, outcome }) => `signatures[${index}] ${[alg, org, outcome].filter((part) => part !== undefined).join(', ')}`),
    ],
  };
}
