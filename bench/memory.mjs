// Memory at its peak, each candidate in a process of its own.
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { weight } from './comparison.mjs';

const CHILD = fileURLToPath(new URL('./memory-child.mjs', import.meta.url));

/** @returns one row a candidate: peak resident octets over those of a process that only starts, over the octets of the input */
export function measureMemory(table, { file, serials, octets }, candidates) {
  const idle = run(['idle', file]).peak;
  return candidates.map(({ name, task, goal }) => {
    const { peak, refused } = run([task, file, ...serials]);
    if (refused !== undefined) return { name: `${table}/${name}`, refused };
    return weight(table, name, peak - idle, 'octets of the CRL', octets, { goal });
  });
}

function run(args) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [CHILD, ...args], { encoding: 'utf8' });
  if (status !== 0) throw new Error(`memory of ${args[0]}: ${stderr}`);
  return JSON.parse(stdout);
}
