import { NEW_HEALTH, type HealthState } from './health.js';

/** A state as stored, or undefined when it is none: then everything that holds is told once more. */
export function readHealthState(value: unknown): HealthState | undefined {
  if (!isRecord(value) || value['version'] !== 1) return undefined;
  const { expiring, endpoints, equivocations, renewals } = value;
  if (!every(expiring, (each) => isRecord(each) && isNumber(each['until']) && isOptionalNumber(each['since']) && isOptionalNumber(each['threshold']))) return undefined;
  if (!every(endpoints, (each) => isRecord(each) && isNumber(each['failures']) && (each['raised'] === undefined || each['raised'] === true))) return undefined;
  if (!every(equivocations, (each) => each === true) || !every(renewals, (each) => each === true)) return undefined;
  return { ...NEW_HEALTH, ...(value as unknown as HealthState) };
}

function every(value: unknown, accepts: (each: unknown) => boolean): value is Readonly<Record<string, never>> {
  return isRecord(value) && Object.values(value).every(accepts);
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isNumber(value: unknown): boolean {
  return typeof value === 'number' && Number.isFinite(value);
}

function isOptionalNumber(value: unknown): boolean {
  return value === undefined || isNumber(value);
}
