/** Faults of the way there and back, which hold for every façade. What a façade alone can do wrong has names of its own. */
export const TRANSPORT_FAULTS = ['hang', 'lost-request', 'lost-answer', 'drip', 'html', 'redirect', 'huge', 'empty', 'not-json', '429', '429-no-wait', '500', '503'] as const;
export type TransportFault = (typeof TRANSPORT_FAULTS)[number];

/** One fault asked for: `permute`, `lost-answer,on=signHash,after=1,times=1`. */
export interface PlannedFault {
  readonly name: string;
  /** Only for requests whose path ends so. */
  readonly on?: string;
  /** Spares so many matching requests first. Default 0. */
  readonly after: number;
  /** Hits so many and is spent. Default: all. */
  readonly times: number;
}

/** Faults in force, each counted by itself. */
export interface FaultPlan {
  /** Puts one in force, as text or as value. @throws TypeError */
  set(fault: string | PlannedFault): void;
  clear(): void;
  /** Whether this fault hits this request; counts it. */
  hits(name: string, path: string): boolean;
  names(): readonly string[];
}

export function createFaultPlan(known: readonly string[]): FaultPlan {
  const faults = new Map<string, { plan: PlannedFault; seen: number }>();
  return {
    set(fault) {
      const plan = typeof fault === 'string' ? readFault(fault) : fault;
      if (!known.includes(plan.name)) throw new TypeError(`no fault ${plan.name}`);
      faults.set(plan.name, { plan, seen: 0 });
    },
    clear: () => faults.clear(),
    hits(name, path) {
      const found = faults.get(name);
      if (found === undefined || (found.plan.on !== undefined && !path.endsWith(found.plan.on))) return false;
      const nth = found.seen++;
      return nth >= found.plan.after && nth < found.plan.after + found.plan.times;
    },
    names: () => [...faults.keys()],
  };
}

/** `name[,on=<end of path>][,after=<n>][,times=<n>]`. @throws TypeError */
export function readFault(text: string): PlannedFault {
  const [name = '', ...parts] = text.split(',').map((part) => part.trim());
  const given = new Map(parts.map((part) => { const at = part.indexOf('='); return [part.slice(0, at), part.slice(at + 1)] as const; }));
  const count = (key: string, otherwise: number): number => {
    const value = given.get(key);
    if (value === undefined) return otherwise;
    if (!/^\d{1,6}$/.test(value)) throw new TypeError(`${key} is a number`);
    return Number(value);
  };
  for (const key of given.keys()) if (!['on', 'after', 'times'].includes(key)) throw new TypeError(`a fault has on, after and times, not ${key}`);
  const on = given.get('on');
  return { name, after: count('after', 0), times: count('times', Infinity), ...(on === undefined ? {} : { on }) };
}
