export const FLOOR_TARGET: string;
export const BUNDLING: Readonly<Record<string, unknown>>;
export function buildBundles(): Promise<Map<string, string>>;
