import type { Policy } from '../policy.js';

/** The octets that are hashed into reports: JSON in UTF-8, without white space, members sorted by name. */
export function policyBytes(policy: Policy): Uint8Array {
  return new TextEncoder().encode(canonical(policy));
}

function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`;
  if (typeof value === 'object' && value !== null) {
    const members = Object.entries(value).filter(([, member]) => member !== undefined);
    return `{${members.sort(([a], [b]) => (a < b ? -1 : 1)).map(([name, member]) => `${JSON.stringify(name)}:${canonical(member)}`).join(',')}}`;
  }
  return JSON.stringify(value);
}
