import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** The Python with the modules named: `HEFU_PYTHON`, the one `install.sh` made, or the system's; undefined when none has them. */
export function pythonWith(...modules: readonly string[]): string | undefined {
  const own = fileURLToPath(new URL('../../.cache/python/bin/python', import.meta.url));
  for (const python of [process.env['HEFU_PYTHON'], own, 'python3']) {
    if (python === undefined || (python.includes('/') && !existsSync(python))) continue;
    if (spawnSync(python, ['-c', `import ${modules.join(', ')}`], { stdio: 'ignore' }).status === 0) return python;
  }
  return undefined;
}

export function versionOf(python: string, distribution: string): string {
  return execFileSync(python, ['-c', `import importlib.metadata as m; print(m.version('${distribution}'))`], { encoding: 'utf8' }).trim();
}
