import { cpus, totalmem } from 'node:os';

/** What a figure was measured on: the class of machine, not which one. */
export function machine() {
  const [{ model }] = cpus();
  return { cores: cpus().length, cpu: model.replace(/\s+/g, ' ').trim(), memoryGiB: Math.round(totalmem() / 2 ** 30), arch: process.arch, node: process.version, openssl: process.versions.openssl };
}
