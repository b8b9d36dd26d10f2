// Writes the vectors, or with --check only compares: `node test-vectors/generate.mjs [--check]`.
// Nothing but the seed in make/ground.mjs decides an octet, so two runs give the same files.
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, relative, sep } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { makeVectors } from './make/vectors.mjs';

const FOLDER = fileURLToPath(new URL('.', import.meta.url));
/** Everything under these is generated. */
const GENERATED = ['cases', 'shared'];

/** Paths that differ from what would be generated, each with how. */
export function differences(files = makeVectors()) {
  const found = [];
  const present = new Set(GENERATED.flatMap((folder) => filesIn(join(FOLDER, folder))).map((path) => relative(FOLDER, path).split(sep).join('/')));
  for (const [path, bytes] of files) {
    if (!present.delete(path)) found.push(`missing ${path}`);
    else if (Buffer.compare(readFileSync(join(FOLDER, path)), bytes) !== 0) found.push(`differs ${path}`);
  }
  return [...found, ...[...present].map((path) => `not generated ${path}`)];
}

function write(files) {
  for (const folder of GENERATED) rmSync(join(FOLDER, folder), { recursive: true, force: true });
  for (const [path, bytes] of files) {
    mkdirSync(dirname(join(FOLDER, path)), { recursive: true });
    writeFileSync(join(FOLDER, path), bytes);
  }
}

function filesIn(folder) {
  try {
    return readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath ?? entry.path, entry.name));
  } catch (error) {
    if (error.code === 'ENOENT') return [];
    throw error;
  }
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const files = makeVectors();
  const cases = [...files.keys()].filter((path) => path.endsWith('/case.json')).length;
  const octets = [...files.values()].reduce((sum, bytes) => sum + bytes.length, 0);
  const about = `${cases} cases, ${files.size} files, ${Math.round(octets / 1024)} kB`;
  if (process.argv.includes('--check')) {
    const found = differences(files);
    for (const line of found.slice(0, 20)) console.log(line);
    console.log(found.length === 0 ? `${about}: as generated` : `${about}: ${found.length} differences`);
    process.exitCode = found.length === 0 ? 0 : 1;
  } else {
    write(files);
    console.log(`${about} written`);
  }
}
