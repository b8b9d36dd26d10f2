// The examples of every README are TypeScript against the types that are published. What an example leaves to its reader (`file`, `algorithms`)
// may be anything; what it imports, calls on it and hands to it may not.
import { spawnSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const root = fileURLToPath(new URL('../..', import.meta.url));
const packages = readdirSync(`${root}packages`);
const READMES = ['README.md', 'README.zh-CN.md', ...packages.map((name) => `packages/${name}/README.md`), 'packages/cloud/src/kms/README.md', 'packages/cloud/src/cosign/README.md'];

/** Functions an example calls that the reader has. Any other that cannot be found was renamed, or is not imported. */
const THE_READERS_OWN = new Set(['accessTokenOf', 'ask', 'askPin', 'deliver', 'find', 'indexedDbShareStore', 'itemsOf', 'report', 'secretOf', 'sendThere', 'show', 'userOf']);
/** Of the reader, and of a type that the example is about. */
const GIVEN = `declare global {
  const verifier: import('@hefu/node').Verifier;
  const timestamper: import('@hefu/sign').Timestamper;
  const signal: AbortSignal;
  const at: number, signingTime: number;
}
export {};
`;
/** Cannot find a name, also in a shorthand. */
const UNKNOWN_NAME = /error TS(?:2304|2552|2582|2593|18004): .*'(\w+)'/;

interface Example {
  readonly file: string;
  readonly lines: readonly string[];
}

function examplesOf(readme: string): readonly Example[] {
  const text = readFileSync(root + readme, 'utf8');
  return [...text.matchAll(/^```(?:ts|js)\n([\s\S]*?)^```/gm)].map(({ index, 1: code = '' }) => ({
    file: `${readme.replaceAll('/', '-').replace('.md', '')}-${text.slice(0, index).split('\n').length}.ts`,
    // `…` stands for what does not matter, except in a text and behind a comment.
    lines: code.split('\n').map((line) => line.replace(/'[^']*'|\/\/.*|…/g, (found) => (found === '…' ? '(0 as any)' : found))),
  }));
}

/** Every complaint, by `<file>:<line>`, except about what is the reader's. */
function complaintsOf(examples: readonly Example[]): readonly string[] {
  const folder = `${root}node_modules/.cache/readme-examples/`;
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  const paths = Object.fromEntries(packages.flatMap((name) => {
    const { exports } = JSON.parse(readFileSync(`${root}packages/${name}/package.json`, 'utf8')) as { exports: Record<string, { types?: string }> };
    return Object.entries(exports).flatMap(([entry, { types }]) => (types === undefined ? [] : [[`@hefu/${name}${entry.slice(1)}`, [`${root}packages/${name}/${types}`]]]));
  }));
  const compilerOptions = {
    strict: true, noImplicitAny: false, noEmit: true, skipLibCheck: true, module: 'nodenext', target: 'es2022', lib: ['es2022', 'dom', 'dom.iterable', 'dom.asynciterable'], types: ['node'], paths,
  };
  writeFileSync(`${folder}tsconfig.json`, JSON.stringify({ compilerOptions, include: ['*.ts'] }));
  writeFileSync(`${folder}given.d.ts`, GIVEN);
  for (const { file, lines } of examples) writeFileSync(folder + file, `${lines.join('\n')}\nexport {};\n`);

  const { stdout, stderr } = spawnSync(process.execPath, [`${root}node_modules/typescript/bin/tsc`, '-p', '.', '--pretty', 'false'], { cwd: folder, encoding: 'utf8' });
  const said = `${stdout}${stderr}`.split('\n').filter((line) => line.trim() !== '');
  return said.filter((line) => {
    const unknown = UNKNOWN_NAME.exec(line)?.[1];
    const [, file, row, column] = /^(\S+)\((\d+),(\d+)\)/.exec(line) ?? [];
    if (unknown === undefined || file === undefined) return true;
    const called = examples.find((example) => example.file === file)?.lines[Number(row) - 1]?.slice(Number(column) - 1 + unknown.length).startsWith('(');
    return called === true && !THE_READERS_OWN.has(unknown);
  });
}

describe('the examples of the READMEs', () => {
  it('compile, and the check can fail', () => {
    const examples = READMES.flatMap(examplesOf);
    expect(examples.length).toBeGreaterThan(25);
    const wrong: Example = {
      file: 'wrong.ts',
      lines: ["import { createVerifier, noSuchThing } from '@hefu/node';", 'await createVerifier({ lists: file });', 'renamed(file);', 'deliver(file);'],
    };
    const complaints = complaintsOf([...examples, wrong]).map((line) => line.replace(/,\d+\): error (TS\d+).*/, '): $1'));
    expect(complaints).toEqual(['wrong.ts(1): TS2305', 'wrong.ts(2): TS2353', 'wrong.ts(3): TS2304']);
  });
});
