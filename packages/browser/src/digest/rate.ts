/** How far a long reading is, and how fast it goes. */
export interface DigestReport {
  /** Octets hashed, what an earlier visit did included. */
  readonly done: number;
  readonly total: number;
  /** Octets a second, over the last seconds; undefined until it can be said. */
  readonly rate?: number;
  readonly remainingMs?: number;
}

/** Over how long the rate is taken. A laptop that slows down shows within seconds, one slow read does not. */
const WINDOW_MS = 8000;
/** Before that, a rate is a guess. */
const LEAST_MS = 500;

/** @param now milliseconds of a clock that only goes forward */
export function createRate(total: number, now: () => number): (done: number) => DigestReport {
  const seen: { readonly at: number; readonly done: number }[] = [];
  return (done) => {
    const at = now();
    seen.push({ at, done });
    while (seen.length > 2 && at - seen[0]!.at > WINDOW_MS) seen.shift();
    const first = seen[0]!;
    const passed = at - first.at;
    if (passed < LEAST_MS || done <= first.done) return { done, total };
    const rate = ((done - first.done) / passed) * 1000;
    return { done, total, rate, remainingMs: Math.round(((total - done) / rate) * 1000) };
  };
}
