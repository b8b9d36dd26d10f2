import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync, statSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export interface BouncyCastle {
  /** The `java` command, able to run a single source file (11 or later). */
  readonly java: string;
  /** bcprov, bcutil and bcpkix, whichever exist, joined for `-cp`. */
  readonly classpath: string;
  readonly jars: readonly string[];
}

/** Folders searched, in this order: HEFU_BC_JARS, Debian's libbcprov-java and libbcpkix-java, a local cache. */
const FOLDERS: readonly (string | undefined)[] = [
  process.env['HEFU_BC_JARS'],
  '/usr/share/java',
  fileURLToPath(new URL('../.cache', import.meta.url)),
];

/** For what lives a second or two: compiling it well, or collecting with several threads, takes longer than it saves. */
const BRIEF: readonly string[] = ['-XX:TieredStopAtLevel=1', '-XX:+UseSerialGC'];

/**
 * Finds Java and the Bouncy Castle jars. All jars come from one folder, since versions must match.
 *
 * @param needed jars without which the answer is `undefined`: `['bcprov']` by default
 */
export function locateBouncyCastle(needed: readonly string[] = ['bcprov']): BouncyCastle | undefined {
  const java = findJava();
  if (java === undefined) return undefined;
  for (const folder of FOLDERS) {
    if (folder === undefined || !existsSync(folder) || !statSync(folder).isDirectory()) continue;
    const names = readdirSync(folder).sort();
    const found = new Map<string, string>();
    for (const artifact of ['bcprov', 'bcutil', 'bcpkix']) {
      // bcprov.jar, bcprov-1.72.jar, bcprov-jdk18on-1.78.jar
      const name = names.find((candidate) => new RegExp(`^${artifact}(-[\\w.]+)*\\.jar$`).test(candidate));
      if (name !== undefined) found.set(artifact, join(folder, name));
    }
    if (needed.every((artifact) => found.has(artifact))) {
      const jars = [...found.values()];
      return { java, classpath: jars.join(delimiter), jars };
    }
  }
  return undefined;
}

function findJava(): string | undefined {
  const home = process.env['JAVA_HOME'];
  for (const java of [...(home === undefined ? [] : [join(home, 'bin', 'java')]), 'java']) {
    const run = spawnSync(java, ['-version'], { encoding: 'utf8' });
    // `openjdk version "17.0.15"`; before 9 it was "1.8.0".
    const major = /version "(\d+)/.exec(run.stderr ?? '')?.[1];
    if (run.status === 0 && Number(major) >= 11) return java;
  }
  return undefined;
}

/**
 * Runs a single-file Java program from this folder on lines of input and answers its lines of output.
 *
 * @param file such as `Sm2Raw.java`
 * @throws Error with the program's diagnostics when it fails
 */
export function runJava(bouncyCastle: BouncyCastle, file: string, lines: readonly string[]): string[] {
  const source = fileURLToPath(new URL(file, import.meta.url));
  const classes = compiled(bouncyCastle, source);
  const program = classes === undefined ? ['-cp', bouncyCastle.classpath, source] : ['-cp', [classes, bouncyCastle.classpath].join(delimiter), file.replace(/\.java$/, '')];
  const run = spawnSync(bouncyCastle.java, [...BRIEF, ...program], {
    input: lines.map((line) => `${line}\n`).join(''),
    encoding: 'utf8',
    maxBuffer: 64 * 1024 * 1024,
    timeout: 100_000,
  });
  if (run.status !== 0) throw new Error(`${file}: ${run.error?.message ?? ''}${run.stderr}`);
  return run.stdout.split('\n').slice(0, -1);
}

/** Folder of the classes of a program, compiled once for one text and one set of jars; undefined where there is no `javac` of a kind with `java`. */
function compiled({ java, classpath }: BouncyCastle, source: string): string | undefined {
  const key = createHash('sha256').update(classpath).update('\0').update(readFileSync(source)).digest('hex').slice(0, 32);
  const folder = fileURLToPath(new URL(`../.cache/classes/${key}`, import.meta.url));
  if (existsSync(folder)) return folder;
  mkdirSync(dirname(folder), { recursive: true });
  const made = mkdtempSync(`${folder}-`);
  const run = spawnSync(java.replace(/java$/, 'javac'), [...BRIEF.map((option) => `-J${option}`), '-nowarn', '-encoding', 'UTF-8', '-cp', classpath, '-d', made, source], { stdio: 'ignore' });
  try {
    if (run.status !== 0) return undefined;
    renameSync(made, folder);
  } catch {
    // Another process was first.
  } finally {
    rmSync(made, { recursive: true, force: true });
  }
  return existsSync(folder) ? folder : undefined;
}
