// Name constraints: a leaf of many DNS names below a CA that permits as many domains, of which only the last is the leaf's.
import { nodeAlgorithms } from '../packages/node/dist/index.js';
import { parseCertificate } from '../packages/pki/dist/index.js';
import { buildPath, DEFAULT_BUDGET, INTEROP } from '../packages/verify/dist/index.js';
import { AT, createConstrainedChain, tamperedChain } from './material.mjs';
import { anchorOf } from './path.mjs';
import { chainChecks } from './peers/node-crypto.mjs';
import { chainWithPkijs } from './peers/pkijs.mjs';

const CHECKS = 'bare signature checks';
const FEW = 'hefu, 100 names under 100 constraints';
/** A hundred times the comparisons, and ten times the parsing: never more than in proportion. */
const HUNDREDFOLD = 100;

export function namesTables() {
  const few = createConstrainedChain('P-256', 100);
  const many = createConstrainedChain('P-256', 1000);
  const candidate = (name, chain, setUp, rest = {}) => ({ name, ...rest, setUp: (valid) => setUp(valid ? chain : tamperedChain(chain), AT) });
  return [{
    name: 'names/P-256',
    baseline: CHECKS,
    candidates: [
      candidate(FEW, few, (chain) => constrained(chain, DEFAULT_BUDGET)),
      candidate('hefu, 1,000 names under 1,000 constraints', many, (chain) => constrained(chain, { ...DEFAULT_BUDGET, maxNameComparisons: 1_000_100 }), { also: [{ against: FEW, goal: HUNDREDFOLD }] }),
      { name: 'hefu, the same ended by the budget', setUp: (valid) => (valid ? ended(many) : constrained(tamperedChain(many), DEFAULT_BUDGET)) },
      candidate(CHECKS, many, chainChecks, { native: true }),
      candidate('pkijs, 100 names under 100 constraints', few, chainWithPkijs, { mayRefuse: true }),
      candidate('pkijs, 1,000 names under 1,000 constraints', many, chainWithPkijs, { mayRefuse: true, rounds: 1 }),
    ],
  }];
}

function validation({ root, cas, leaf }, budget) {
  const kept = { at: AT, profile: INTEROP, budget, algorithms: nodeAlgorithms(), anchors: [anchorOf(root)] };
  return () => buildPath({ ...kept, leaf: parseCertificate(leaf.der), candidates: cas.map(({ der }) => parseCertificate(der)) });
}

function constrained(chain, budget) {
  const validate = validation(chain, budget);
  return async () => (await validate()).accepted !== undefined;
}

/** A million comparisons are four times what is allowed: the answer is a hard error. */
function ended(chain) {
  const validate = validation(chain, DEFAULT_BUDGET);
  return async () => {
    const { accepted, failure } = await validate();
    return accepted === undefined && failure.code === 'PATH_BUDGET_EXCEEDED';
  };
}
