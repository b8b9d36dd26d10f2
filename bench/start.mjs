// Cold starts: from nothing to the first verdict, each in a process of its own, against a process of Node.js that does nothing.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { nodeAlgorithms } from '../packages/node/dist/index.js';
import { comparison } from './comparison.mjs';
import { AT, createContent, createCrls, createMessage, createTrustList, listRole, REGION } from './material.mjs';

const NOTHING = 'node -e 0';
/** Times a process that does nothing. */
const FIRST_VERDICT = 3;

const cli = (path) => fileURLToPath(new URL(`../packages/cli/dist/${path}`, import.meta.url));

export function startTables(chains) {
  return chains.filter(({ kind }) => kind !== 'RSA-2048').map((chain) => ({
    name: `start/${chain.kind}`,
    baseline: NOTHING,
    unit: `CPU of the process over that of "${NOTHING}" in the same round`,
    measure: ({ rounds }) => measureStarts(chain, rounds),
  }));
}

async function measureStarts(chain, rounds) {
  const folder = mkdtempSync(join(tmpdir(), 'hefu-bench-'));
  try {
    const put = (name, value) => (writeFileSync(join(folder, name), value), join(folder, name));
    const content = createContent(10_000);
    const { envelope } = await createTrustList(chain, nodeAlgorithms());
    const args = [
      'verify', '--offline', '--json', '--list', put('list.json', envelope), '--signers', put('role.json', JSON.stringify(listRole())), '--region', REGION, '--at', new Date(AT).toISOString(),
      ...createCrls(chain).flatMap(({ crl }, i) => ['--crl', put(`${i}.crl`, crl.bytes)]), put('bid.pdf', content), put('bid.p7s', createMessage(chain, content)),
    ];
    const rows = [
      { name: NOTHING, command: ['-e', '0'], times: [] },
      { name: 'hefu verify, one bid, as it is published', command: [cli('bundled/bin.cjs'), ...args], times: [], goal: FIRST_VERDICT },
      { name: 'hefu verify, one bid, module by module', command: [cli('bin.js'), ...args], times: [] },
    ].filter(({ name, command }) => existsSync(command[0]) || name === NOTHING || console.error(`SKIPPED: ${name}: no bundle (npm run bundle)`));
    for (const { name, command } of rows.slice(1)) {
      put('bid.pdf', content.with(5, content[5] ^ 1));
      if (run(command).status !== 1) throw new Error(`${name} takes an altered bid`);
      put('bid.pdf', content);
    }
    for (let round = -1; round < rounds; round++) {
      for (const { name, command, times } of rows) {
        const { status, us } = run(command);
        if (status !== 0) throw new Error(`${name} ended with ${status}`);
        if (round >= 0) times.push(us);
      }
    }
    return rows.map(({ name, times, goal }) => comparison(`start/${chain.kind}`, name, times, NOTHING, rows[0].times, { goal }));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** Has a process say what CPU time it took when it ends. */
const SAYS = fileURLToPath(new URL('./says-cpu.cjs', import.meta.url));

function run(command) {
  const { status, output } = spawnSync(process.execPath, ['--require', SAYS, ...command], { stdio: ['ignore', 'pipe', 'pipe', 'pipe'], encoding: 'utf8' });
  return { status, us: Number(output[3]) };
}
