/**
 * So many of something in a minute, by whom.
 * @returns 0 where it is granted, else after how many milliseconds it would be
 */
export function createRate(perMinute: number, now: () => number): (owner: string) => number {
  const windows = new Map<string, { readonly since: number; count: number }>();
  return (owner) => {
    const at = now();
    const isOver = ({ since }: { readonly since: number }): boolean => at - since >= 60_000 || at < since;
    let window = windows.get(owner);
    if (window === undefined || isOver(window)) {
      for (const [other, each] of windows) if (isOver(each)) windows.delete(other);
      windows.set(owner, (window = { since: at, count: 0 }));
    }
    return ++window.count <= perMinute ? 0 : window.since + 60_000 - at;
  };
}
